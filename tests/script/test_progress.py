"""What the script says while it builds, with stand-ins for ninja and for the program."""

import os
import pathlib
import pty
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "fokker-planck"


class Progress(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        self.write("dpkg-query", "printf installed")
        (self.path / "build.ninja").touch()
        self.write("fokker-planck", 'echo "program $*"')

    def write(self, name, commands):
        file = self.path / name
        file.write_text("#!/bin/bash\n" + commands + "\n", encoding="utf-8")
        file.chmod(0o755)

    def environment(self):
        return {**os.environ, "PATH": f"{self.path}:{os.environ['PATH']}", "BUILD_DIR": str(self.path), "CMAKE_ARGS": ""}

    def run_script(self, ninja, **options):
        self.write("ninja", 'echo "ninja: Entering directory"\nstatus() { echo "${NINJA_STATUS//%f/$1}" | '
                            'sed "s/%t/$2/; s/\\$/$3/"; }\nstatus 0 1 "Re-checking globbed directories..."\n' + ninja)
        return subprocess.run([SCRIPT, "list"], env=self.environment(), stdout=subprocess.PIPE, encoding="utf-8",
                              timeout=60, check=False, **options)

    def test_nothing_to_do(self):
        done = self.run_script("echo 'ninja: no work to do.'", stderr=subprocess.PIPE)
        self.assertEqual((0, "program list\n", ""), (done.returncode, done.stdout, done.stderr))

    def test_how_far_it_is(self):
        done = self.run_script("sleep 1; for i in 1 2 3 4; do status $i 4 'Building CXX object'; done",
                               stderr=subprocess.PIPE)
        self.assertEqual((0, "program list\n"), (done.returncode, done.stdout))
        self.assertEqual("fokker-planck: building: 1 of 4, about 1 minute left\n", done.stderr)

    def test_slow_first_step(self):
        done = self.run_script("sleep 4; status 1 100 'Building CXX object'", stderr=subprocess.PIPE)
        self.assertEqual("fokker-planck: building\n", done.stderr.splitlines(keepends=True)[0])

    def test_one_line_on_a_terminal(self):
        reader, terminal = pty.openpty()
        done = self.run_script("sleep 1; for i in 1 2; do status $i 2 Building; done", stderr=terminal)
        os.close(terminal)
        shown = ""
        with os.fdopen(reader, "rb", buffering=0) as stream:
            try:
                while True:
                    shown += stream.read(1000).decode()
            except OSError:  # the end, of a terminal
                pass
        self.assertEqual(0, done.returncode)
        self.assertEqual(["", "building: 1 of 2, about 1 minute left", "building: 2 of 2, about 0 minutes left", ""],
                         shown.replace("fokker-planck: ", "").split("\r\033[K"))

    def test_failure(self):
        done = self.run_script("status 1 2 'Building CXX object a.o'; echo 'FAILED: a.o'; echo 'a.cc:1: error: no'; exit 1",
                               stderr=subprocess.PIPE)
        self.assertEqual((3, ""), (done.returncode, done.stdout))
        self.assertIn("FAILED: a.o\na.cc:1: error: no\n", done.stderr)
        self.assertIn("fokker-planck: the build failed\n", done.stderr)

    def test_warnings_are_passed_on(self):
        done = self.run_script("status 1 2 Building; echo 'a.cc:1: warning: odd'; echo '-- Configuring done'",
                               stderr=subprocess.PIPE)
        self.assertEqual(0, done.returncode)
        self.assertIn("a.cc:1: warning: odd\n", done.stderr)
        self.assertNotIn("Configuring", done.stderr)


if __name__ == "__main__":
    unittest.main()
