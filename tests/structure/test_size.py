"""No file is longer than 400 lines, no function longer than 60 without a reason.

The reason stands in a comment right before the function, in a line that begins with `// long:`."""

import re
import unittest

from sources import blank, read_sources

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 60
FOLDERS = ("problems", "meshes", "solver")


def find_functions(text):
    """[(name, first line, last line)] of the functions that a source defines, lines from 0.

    A function is what stands in braces after parentheses, in a namespace or class. Its first line is
    that of its signature (with `template`); what it defines inside, as lambdas, belongs to it."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda found: re.sub(r"[^\n]", " ", found.group()),
                  blank(text), flags=re.MULTILINE)
    functions = []
    scopes = []  # per open brace: whether functions may be defined in it, and the function it opens
    begin = 0  # of the declaration being read
    for brace in re.finditer(r"[{};]|\b(?:public|protected|private)\s*:(?!:)", code):
        head = code[begin:brace.start()]
        outside = all(is_scope for is_scope, _, _ in scopes)
        if brace.group() == "{":
            is_scope = outside and re.search(r"\b(?:namespace|class|struct|union)\b[^()=]*$|\bextern\s*$", head)
            function = None
            if outside and not is_scope and "(" in head and not re.search(r"=\s*$", head):
                before = head[:head.index("(")].split()
                first = begin + len(head) - len(head.lstrip())
                function = (before[-1] if before else "", code.count("\n", 0, first))
            scopes.append((bool(is_scope), function, begin))
        elif brace.group() == "}":
            _, function, begin_of_head = scopes.pop()
            if function is not None and re.match(r"\s*[,{]", code[brace.end():]):
                begin = begin_of_head  # the braces of a member in the initialiser list of a constructor
                continue
            if function is not None:
                functions.append((*function, code.count("\n", 0, brace.start())))
        elif not outside:
            continue
        begin = brace.end()
    if scopes:
        raise ValueError("braces that are not closed")
    return functions


def find_excesses(sources):
    """One line per file or function that is too long without a reason."""
    excesses = []
    for file, text in sources.items():
        lines = text.splitlines()
        if len(lines) > LINES_OF_A_FILE:
            excesses.append(f"{file}: {len(lines)} lines")
        for name, first, last in find_functions(text):
            length = last - first + 1
            if length <= LINES_OF_A_FUNCTION:
                continue
            comment = first
            while comment > 0 and lines[comment - 1].lstrip().startswith("//"):
                comment -= 1
            if not any(re.match(r"\s*// long: \w", line) for line in lines[comment:first]):
                excesses.append(f"{file}:{first + 1}: {name}: {length} lines")
    return excesses


class Sizes(unittest.TestCase):
    def test_of_the_sources(self):
        sources = {file: text for file, text in read_sources().items() if file.startswith(FOLDERS)}
        self.assertGreater(sum(len(find_functions(text)) for text in sources.values()), 500)
        self.assertEqual([], find_excesses(sources))

    @staticmethod
    def function(n_lines, comment=""):
        body = "".join(f"  if (i == {i}) { {i} }[0];\n" for i in range(n_lines - 3))
        return f"namespace a {{\n{comment}template <int dim>\nint f(const int i) const {{\n{body}}}\n}}\n"

    def test_a_long_function_is_found(self):
        source = {"solver/a.cc": self.function(61)}
        self.assertEqual(["solver/a.cc:2: f: 61 lines"], find_excesses(source))
        self.assertEqual([], find_excesses({"solver/a.cc": self.function(60)}))

    def test_a_reason_excuses_it(self):
        with_reason = self.function(61, "/// Solves.\n// long: one step after the other\n")
        self.assertEqual([], find_excesses({"solver/a.cc": with_reason}))
        without_reason = self.function(61, "/// Solves.\n// long:\n")
        self.assertEqual(1, len(find_excesses({"solver/a.cc": without_reason})))

    def test_a_long_file_is_found(self):
        self.assertEqual(["problems/a.h: 401 lines"], find_excesses({"problems/a.h": "int a;\n" * 401}))
        self.assertEqual([], find_excesses({"problems/a.h": "int a;\n" * 400}))

    def test_braces_of_all_kinds(self):
        text = '''
namespace a {
struct Options { // }
  int n = { 1 };
  const char* brace = "}";
  char c = '{';
  double big = 1'000'000;
  explicit Options(int n)
    : n{ n }, m(n), k{} {
    call([] { return 1; });
  }
private:
  void f() const;
  void g() const override { f(); }
};
enum class Kind { one, two };
const std::vector<int> numbers = { 1, 2 };
double operator*(const A& a) { return a.x; }
extern "C" {
void h(int) {}
}
}
'''
        self.assertEqual([("Options", 7, 10), ("g", 13, 13), ("operator*", 17, 17), ("h", 19, 19)],
                         find_functions(text))


if __name__ == "__main__":
    unittest.main()
