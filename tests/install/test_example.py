"""A program that uses the installed library: it is built against a copy of the installation and its rate is right."""

import math
import os
import pathlib
import subprocess
import tempfile
import unittest

BUILD_DIR = os.environ["BUILD_DIR"]
EXAMPLE = pathlib.Path(__file__).resolve().parent / "example"


def hypergeometric(alpha, beta, gamma, z):
    """2F1 for 0 <= z < 1, by its series."""
    term = total = 1.
    for n in range(100000):
        term *= (alpha + n) * (beta + n) / ((gamma + n) * (n + 1)) * z
        total += term
        if abs(term) < 1e-17 * abs(total):
            return total
    raise ArithmeticError("the series does not converge")


def exact_log_rate(temperature, radius):
    """The rate of dx = -x dt + sqrt(T (1 + x^2)) dW (Ito) out of |x| < R.

    It is the smallest root of 2F1(alpha, beta; 1/2; -R^2) with alpha + beta = -1/2 - 1/T and alpha beta =
    rate/(2 T) * 2: the even solution of T (1 + x^2)/2 u'' - x u' + rate u = 0."""
    def solution(rate):
        total, product = -0.5 - 1 / temperature, rate / (2 * temperature)
        root = math.sqrt(total**2 / 4 - product)
        beta = total / 2 - root
        alpha = product / beta
        x = radius**2
        return (1 + x)**-beta * hypergeometric(0.5 - alpha, beta, 0.5, x / (1 + x))  # Pfaff's transformation
    low, high = 0., 1e-6
    while solution(high) > 0:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if solution(middle) > 0 else (low, middle)
    return math.log(low)


class Example(unittest.TestCase):
    def run_quietly(self, *command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
        self.assertEqual(0, done.returncode, done.stdout[-3000:])
        return done.stdout

    def test_rate(self):
        with tempfile.TemporaryDirectory() as folder:
            prefix, build = folder + "/first", folder + "/build"
            self.run_quietly("cmake", "--install", BUILD_DIR, "--prefix", prefix)
            moved = folder + "/moved"  # an installation may be moved
            os.rename(prefix, moved)
            self.run_quietly("cmake", "-S", EXAMPLE, "-B", build, f"-DCMAKE_PREFIX_PATH={moved}")
            self.run_quietly("cmake", "--build", build)
            computed = float(self.run_quietly(build + "/escape-rate"))
        expected = exact_log_rate(0.2, 3)
        print(f"log rate: computed {computed:.12g}, expected {expected:.12g}, "
              f"relative error of the rate {math.expm1(computed - expected):.1e}")
        self.assertLess(abs(math.expm1(computed - expected)), 1e-7)


if __name__ == "__main__":
    unittest.main()
