"""The sources of the program as the tests of its structure read them."""

import re
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
FOLDERS = ("problems", "meshes", "solver", "postprocess")


def read_sources(top=TOP):
    """The text of every .h and .cc of the program, by its path from `top`."""
    files = [file for folder in FOLDERS for file in (top / folder).rglob("*")]
    files += top.glob("*.cc")
    return {str(file.relative_to(top)): file.read_text(encoding="utf-8")
            for file in sorted(files) if file.suffix in (".h", ".cc")}


def blank(text):
    """The text with comments and literals replaced by as many spaces (lines stay lines)."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
                       r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'", re.DOTALL)
    return token.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
