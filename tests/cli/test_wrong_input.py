"""Wrong input ends with status 1, meshes that are too coarse with status 2: one line, no results."""

import pathlib
import re
import tempfile
import unittest

from command_line import PROBLEMS, run, settings

POINT = r"\((-?[0-9.e+-]+)(, -?[0-9.e+-]+)*\)"  # a coordinate tuple
POSITIVE_DEFINITE = ("symmetric positive definite", "D > 0")
NON_FINITE = ("finite", re.compile(f" at {POINT}"))

# A value for one parameter of a ready problem, and words that the message must hold beside the file, the
# parameter and the value.
WRONG_VALUES = {
    "double_well_1d": [
        ("Loss/Expression=", "formula"),
        ("Loss/Expression=x^", "syntax error", "at its end"),
        ("Loss/Expression=(x", "syntax error", "at its end"),
        ("Loss/Expression=x)", "syntax error", "column 2"),
        ("Loss/Expression=*x", "syntax error", "column 1"),
        ("Loss/Expression=2 x", "syntax error", "column 3"),
        ("Loss/Expression=1.2.3*x", "column 1"),
        ("Loss/Expression=x ** 2", "column 3", "^"),
        ("Loss/Expression=x; x", "column 2", "allowed"),
        ("Loss/Expression=sin()", "column"),
        ("Loss/Expression=sin(x, x)", "column"),
        ("Loss/Expression=pow(x)", "column"),
        ("Loss/Expression=sin", "column 1", "function"),
        ("Loss/Expression=x + q", "'q'", "column 5", "known: x"),
        ("Loss/Expression=x + y", "'y'", "column 5", "known: x"),
        ("Loss/Expression=x + foo(x)", "'foo'", "column 5", "function", "exp"),
        ("Loss/Expression=1/0", "division by zero"),
        ("Loss/Expression=sqrt(-1)*x", "real"),
        ("Loss/Expression=log(x)", *NON_FINITE),
        ("Loss/Expression=sqrt(x)", *NON_FINITE),
        ("Loss/Expression=1/x", *NON_FINITE),
        ("Loss/Expression=1/(x + 1.5)", *NON_FINITE),
        ("Loss/Expression=exp(x^8)", *NON_FINITE),
        ("Loss/Constants=a", "name=value"),
        ("Loss/Constants==1", "not a name"),
        ("Loss/Constants=1a=2", "not a name"),
        ("Loss/Constants=a=", "needed"),
        ("Loss/Constants=a=1,", "name=value"),
        ("Loss/Constants=a=x", "known"),
        ("Loss/Constants=a=(2", "syntax error", "at its end"),
        ("Loss/Constants=a=sqrt(-1)", "real"),
        ("Loss/Constants=a=1, a=2", "taken"),
        ("Loss/Constants=x=1", "taken"),
        ("Loss/Constants=Pi=3", "taken"),
        ("Loss/Constants=sin=1", "taken"),
        ("Loss/Scale k=0", "> 0"),
        ("Loss/Scale k=-1", "> 0"),
        ("Loss/Scale k=much", "number"),
        ("Loss/Scale k=nan", "number"),
        ("Loss/Type=table", "expression"),
        ("Noise/Type=table", "constant"),
        ("Noise/Diffusion=", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=0", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=-1", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=1, 0; 0, 1", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=little", "number"),
        ("Noise/Diffusion=nan", "finite number"),
        ("Domain/Type=ball", "box"),
        ("Domain/Lower=", "1", "number"),
        ("Domain/Lower=-3, -3", "1", "number"),
        ("Domain/Lower=left", "finite number"),
        ("Domain/Lower=-3m", "finite number"),
        ("Domain/Lower=nan", "finite number"),
        ("Domain/Lower=-inf", "finite number"),
        ("Domain/Upper=1e400", "finite number"),
        ("Domain/Upper=-3", "exceed", "Domain/Lower = -3"),
        ("Domain/Upper=-4", "exceed", "Domain/Lower = -3"),
        ("Domain/Absorbing=none", "at least one", "x- x+"),
        ("Domain/Absorbing=", "at least one", "x- x+"),
        ("Domain/Absorbing=left", "'left'", "x- x+"),
        ("Domain/Absorbing=x+ y+", "'y+'", "x- x+"),
        ("Domain/Start=1", "inside"),
        ("Domain/Start=0", "absorbing side x+"),
        ("Domain/Start=-1, -1", "1", "number"),
        ("Domain/Start=here", "finite number"),
        ("Dimension=0", "1...3"),
        ("Dimension=4", "1...3"),
        ("Dimension=2.5", "1...3"),
        ("Dimension=two", "1...3"),
        ("Discretization/Degree=0", "1...12"),
        ("Discretization/Degree=13", "1...12"),
        ("Discretization/Degree=high", "1...12"),
        ("Discretization/Cells=", "integer"),
        ("Discretization/Cells=0", "integer"),
        ("Discretization/Cells=-4", "integer"),
        ("Discretization/Cells=1.5", "integer"),
        ("Discretization/Cells=many", "integer"),
        ("Discretization/Cells=4, 4", "integer"),
        ("Output/Fields=perhaps", "true or false"),
        ("Output/Pictures=2", "true or false"),
        ("Depth=1", "no such parameter", "Dimension"),
        ("Loss/Depth=1", "no such parameter", "Expression"),
        ("Landscape/Depth=1", "no section", "Domain"),
    ],
    "styblinski_tang_2d": [
        ("Loss/Expression=x + z", "'z'", "column 5", "known: x, y"),
        ("Loss/Expression=log(x*y - 1)", *NON_FINITE),
        ("Noise/Diffusion=1, 0.5; 0.2, 1", "not symmetric", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=1, 2; 2, 1", "eigenvalue -1", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=1, 0", "2 x 2", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=1, 0; 0", "2 x 2", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=1, 0, 0; 0, 1, 0; 0, 0, 1", "2 x 2", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=1, c; c, 1", "finite number"),
        ("Domain/Lower=-5", "2", "numbers"),
        ("Domain/Lower=-5, low", "finite number"),
        ("Domain/Lower=-5,", "2", "number"),
        ("Domain/Upper=0, -5", "exceed", "Domain/Lower = -5, -5"),
        ("Domain/Absorbing=x+, z+", "'z+'", "x- x+ y- y+"),
        ("Domain/Start=-2.9", "2", "numbers"),
        ("Domain/Start=-2.9, 3", "inside"),
        ("Domain/Start=-2.9, 0.156731", "absorbing side y+"),
        ("Discretization/Cells=4, 4, 4", "2"),
        ("Discretization/Cells=4, 0", "integer"),
    ],
}

# Parameter files: name, text, words of the message.
WRONG_FILES = [
    ("unknown_key.prm", "subsection Loss\n  set Depth = 7\nend\n", "line 2", "Loss/Depth", "'7'", "Expression"),
    ("unknown_top_key.prm", "set Depth = 7\n", "line 1", "Depth", "'7'", "Dimension"),
    ("unknown_section.prm", "subsection Landscape\nend\n", "line 1", "Landscape", "Domain"),
    ("wrong_value.prm", "\nset Dimension = 7\n", "line 2", "Dimension", "'7'", "1...3"),
    ("no_equals_sign.prm", "set Dimension 1\n", "line 1", "'set Dimension 1'", "set Key = value"),
    ("no_end.prm", "subsection Loss\n  set Expression = x\n", "Loss", "'end'"),
    ("nested.prm", "subsection Loss\nsubsection Noise\nend\nend\n", "line 2", "'subsection Noise'", "'end'"),
    ("surplus_end.prm", "end\n", "line 1", "'end'", "subsection"),
    ("other_words.prm", "Dimension = 1\n", "line 1", "'Dimension = 1'", "set Key = value"),
    ("empty.prm", "", "Loss/Expression", "''", "formula"),
    ("wrong_extension.txt", "set Dimension = 1\n", ".prm", ".json"),
    ("no_extension", "set Dimension = 1\n", ".prm", ".json"),
    ("invalid.json", '{"Dimension": 1,\n', "JSON", "line 2"),
    ("empty.json", "", "JSON"),
    ("list.json", "[1]\n", "JSON object"),
    ("unknown_key.json", '{"Loss": {"Depth": 7}}', "Loss/Depth", "'7'", "Expression"),
    ("unknown_section.json", '{"Landscape": {"Depth": 7}}', "Landscape/Depth", "'7'", "Domain"),
    ("wrong_value.json", '{"Dimension": 2.5}', "Dimension", "'2.5'", "1...3"),
    ("wrong_type.json", '{"Noise": {"Diffusion": null}}', "Noise/Diffusion", "'null'", "number"),
    ("too_deep.json", '{"Noise": {"Diffusion": {"xx": 7}}}', "Noise/Diffusion", '{"xx":7}', "number"),
]

# Ready problems on meshes that cannot carry the result.
COARSE_MESHES = [
    ("double_well_1d", "Discretization/Cells=2", "Discretization/Degree=1", "Noise/Diffusion=0.002"),
    ("double_well_1d", "Discretization/Cells=1", "Discretization/Degree=1", "Domain/Absorbing=all"),
    ("styblinski_tang_1d", "Discretization/Cells=3", "Discretization/Degree=2", "Noise/Diffusion=0.5"),
    ("styblinski_tang_2d", "Discretization/Cells=3", "Discretization/Degree=2", "Noise/Diffusion=0.5"),
    ("anisotropic_double_well", "Discretization/Cells=2", "Discretization/Degree=1"),
    ("muller_brown", "Discretization/Cells=3", "Discretization/Degree=2"),
    ("styblinski_tang_3d", "Discretization/Cells=2", "Discretization/Degree=1"),
]


class WrongInput(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def refuse(self, status, arguments, words):
        """Checks status, message and that nothing is written; returns the message."""
        before = sorted(self.folder.rglob("*"))
        found, stdout, stderr = run(*arguments, folder=self.folder)
        self.assertEqual(found, status, stderr)
        self.assertEqual(stderr.count("\n"), 1, stderr)
        self.assertRegex(stderr, r"^fokker-planck: .*\S\n$")
        for word in words:
            if isinstance(word, re.Pattern):
                self.assertRegex(stderr, word)
            else:
                self.assertIn(word, stderr)
        self.assertNotIn("escape rate", stdout)
        self.assertEqual(sorted(self.folder.rglob("*")), before, "something was written")
        return stderr

    def test_values(self):
        for problem, rows in WRONG_VALUES.items():
            file = PROBLEMS / f"{problem}.prm"
            for setting, *words in rows:
                with self.subTest(problem=problem, setting=setting):
                    key, value = setting.split("=", 1)
                    options = ["--set", setting, "--output", "out"]
                    message = self.refuse(1, ["run", file, *options], [str(file), f"{key}: ", *words])
                    # Of a list it is enough to quote the entry that is wrong.
                    quoted = re.search("got '(.*?)', but", message)
                    self.assertIsNotNone(quoted, f"the value is not quoted: {message}")
                    self.assertIn(quoted[1], value)
                    self.assertEqual(quoted[1] == "", value == "", message)

    def test_settings(self):
        file = PROBLEMS / "double_well_1d.prm"
        for setting in ("Dimension", "Loss/Expression", ""):
            with self.subTest(setting=setting):
                self.refuse(1, ["run", file, "--set", setting, "--output", "out"],
                            [str(file), "--set", f"'{setting}'", "Section/Key=value"])

    def test_files(self):
        for name, text, *words in WRONG_FILES:
            with self.subTest(file=name):
                (self.folder / name).write_text(text, encoding="utf-8")
                self.refuse(1, ["run", name, "--output", "out"], [f"{name}: ", *words])

    def test_files_that_cannot_be_read(self):
        (self.folder / "folder.prm").mkdir()
        for name, word in (("missing.prm", "does not exist"), ("folder.prm", "directory")):
            with self.subTest(file=name):
                self.refuse(1, ["run", name, "--output", "out"], [f"{name}: ", word])

    def test_output_directories(self):
        file = PROBLEMS / "double_well_1d.prm"
        (self.folder / "file").write_text("a file, not a directory\n", encoding="utf-8")
        for directory in ("file", "file/out", "file/out/deeper", "/proc/out", "/proc/out/deeper", "/dev/null/out"):
            words = [str(file), "Output/Directory", f"'{directory}'", "director"]
            with self.subTest(output=directory):
                self.refuse(1, ["run", file, "--output", directory], words)
            with self.subTest(setting=directory):
                self.refuse(1, ["run", file, "--set", f"Output/Directory={directory}"], words)
        with self.subTest("empty"):
            self.refuse(1, ["run", file, "--set", "Output/Directory="],
                        [str(file), "Output/Directory", "''", "directory"])

    def test_commands(self):
        file = PROBLEMS / "double_well_1d.prm"
        for word, *arguments in (("command",), ("'walk'", "walk"), ("FILE", "run"), ("FILE", "run", "--output", "out"),
                                 ("not expected", "run", file, file), ("--set", "run", file, "--set"),
                                 ("--output", "run", file, "--output"), ("--fast", "run", file, "--fast"),
                                 ("all", "list", "all"), ("--fast", "--fast")):
            with self.subTest(arguments=arguments):
                self.refuse(1, arguments, [word, "--help"])

    def test_coarse_meshes(self):
        for problem, *assignments in COARSE_MESHES:
            file = PROBLEMS / f"{problem}.prm"
            with self.subTest(problem=problem, assignments=assignments):
                self.refuse(2, ["run", file, *settings(assignments), "--output", "out"],
                            [str(file), "no result", "coarse", "Discretization/Cells"])
