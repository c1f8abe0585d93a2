"""No test is forgotten: CTest runs every suite of test-convergence and every file of Python tests.

The environment holds BUILD_DIR, CTEST and TEST_CONVERGENCE, the program."""

import json
import os
import re
import subprocess
import unittest

from sources import TOP


def read_commands():
    """The command lines that CTest runs, as lists of words."""
    listing = subprocess.run([os.environ["CTEST"], "--show-only=json-v1"], cwd=os.environ["BUILD_DIR"],
                             stdout=subprocess.PIPE, check=True)
    return [test["command"] for test in json.loads(listing.stdout)["tests"] if "command" in test]


def read_suites():
    """The names of the suites of test-convergence."""
    content = subprocess.run([os.environ["TEST_CONVERGENCE"], "--list_content"], stderr=subprocess.STDOUT,
                             stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
    return set(re.findall(r"^(\w+)\*?$", content, flags=re.MULTILINE))


class Registration(unittest.TestCase):
    def test_suites(self):
        words = [command for command in read_commands() if command[0] == os.environ["TEST_CONVERGENCE"]]
        run = {command[command.index("-t") + 1] for command in words}
        self.assertGreater(len(run), 10)
        self.assertEqual(run, read_suites())

    def test_python_files(self):
        run = {word.split(".")[0] for command in read_commands() for word in command}
        files = {file.stem for file in (TOP / "tests").glob("*/test_*.py")}
        self.assertGreater(len(files), 10)
        self.assertEqual(set(), files - run)


if __name__ == "__main__":
    unittest.main()
