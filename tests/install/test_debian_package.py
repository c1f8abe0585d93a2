"""The Debian packages: unpacked anywhere, the program finds its files and solves."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BUILD_DIR = os.environ["BUILD_DIR"]


@unittest.skipUnless(shutil.which("dpkg-shlibdeps") and shutil.which("file"), "needs the packages dpkg-dev and file")
class DebianPackage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = pathlib.Path(folder.name)
        made = subprocess.run(["cpack", "--config", BUILD_DIR + "/CPackConfig.cmake", "-B", folder.name],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
        if made.returncode != 0:
            raise AssertionError(made.stdout[-3000:])
        cls.packages = {file.name.split("_")[0]: file for file in cls.path.glob("*.deb")}

    def field(self, package, name):
        return subprocess.run(["dpkg-deb", "--field", self.packages[package], name], stdout=subprocess.PIPE,
                              encoding="utf-8", check=True).stdout

    def unpack(self, package):
        root = self.path / ("unpacked-" + package)
        subprocess.run(["dpkg-deb", "--extract", self.packages[package], root], check=True)
        return root / "usr"

    def test_names(self):
        self.assertEqual({"fokker-planck", "fokker-planck-dev"}, set(self.packages))

    def test_dependencies(self):
        depends = self.field("fokker-planck", "Depends")
        for library in ("libdeal.ii", "libpetsc", "libginac", "libopenmpi"):
            self.assertIn(library, depends)
        self.assertIn("python3-matplotlib", self.field("fokker-planck", "Recommends"))
        self.assertIn("libdeal.ii-dev", self.field("fokker-planck-dev", "Depends"))

    def test_unpacked_program_solves(self):
        root = self.unpack("fokker-planck")
        program = root / "bin/fokker-planck"
        ready = root / "share/fokker-planck/problems"
        listed = subprocess.run([program, "list"], stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
        self.assertIn(str(ready / "double_well_1d.prm"), listed)
        output = self.path / "output"
        subprocess.run([program, "run", ready / "double_well_1d.prm", "--set", "Noise/Diffusion=0.1", "--output", output],
                       stdout=subprocess.DEVNULL, check=True)
        result = json.loads((output / "result.json").read_text(encoding="utf-8"))
        # by the exact integral, see tests/data/escape_rates_1d.csv
        self.assertAlmostEqual(1, result["escape_rate"]["value"] / 3.35452873080006109e-2, delta=1e-6)
        if not any(subprocess.run([interpreter, "-c", "import matplotlib"], stderr=subprocess.DEVNULL, check=False).returncode == 0
                   for interpreter in ("/usr/bin/python3", "python3") if shutil.which(interpreter)):
            self.skipTest("no pictures without matplotlib")
        self.assertTrue((output / "density.png").exists())

    def test_library(self):
        root = self.unpack("fokker-planck-dev")
        self.assertTrue((root / "include/fokker-planck/problems/problem.h").exists())
        self.assertEqual(1, len(list(root.glob("lib/**/FokkerPlanckConfig.cmake"))))
        self.assertEqual(1, len(list(root.glob("lib/**/libfokker-planck.a"))))


if __name__ == "__main__":
    unittest.main()
