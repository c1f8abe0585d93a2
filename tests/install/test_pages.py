"""Doxygen writes the pages of the interfaces without a warning."""

import os
import pathlib
import shutil
import subprocess
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]


@unittest.skipUnless(shutil.which("doxygen"), "needs doxygen")
class Pages(unittest.TestCase):
    def test_no_warnings(self):
        # what the target `doc` does
        done = subprocess.run(["doxygen", os.environ["BUILD_DIR"] + "/Doxyfile.doc"], cwd=TOP,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
        self.assertEqual(0, done.returncode, done.stdout[-3000:])
        self.assertNotIn("warning", done.stdout)


if __name__ == "__main__":
    unittest.main()
