"""The folders of the program depend on each other in one direction.

A file includes only files of its own room or of rooms that stand before it in ROOMS, and no chain of
includes leads back to where it began, neither between files nor between folders."""

import os
import re
import unittest

from sources import TOP, read_sources

ROOMS = """
    problems/base problems/formula problems/geometry problems/landscape problems/loss problems/force
    problems/diffusion problems/data problems/problem problems/input
    meshes
    solver/potential solver/operator solver/analyses solver/paths solver/phase_space solver/monte_carlo
    postprocess/formulas postprocess/fields postprocess/results postprocess/plots postprocess/report
    postprocess/commands
    main""".split()


def find_room(file):
    """The number of the room that a file is in, None if it is in none."""
    path = os.path.splitext(file)[0] + "/"
    return next((number for number, room in enumerate(ROOMS) if path.startswith(room + "/")), None)


def read_includes(text):
    """The files of the program that a source includes."""
    return re.findall(r'^\s*#\s*include\s*"([^"]+)"', text, flags=re.MULTILINE)


def find_circle(edges):
    """[a, b, ..., a] such that each is in edges[the one before]; None if there is no such circle."""
    done = set()

    def search(node, path):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return None
        for following in sorted(edges.get(node, ())):
            circle = search(following, path + [node])
            if circle:
                return circle
        done.add(node)
        return None

    return next(filter(None, (search(node, []) for node in sorted(edges))), None)


def find_faults(sources):
    """One line per include that points upwards, per file without a room, and per circle."""
    faults = []
    files, folders = {}, {}
    for file, text in sources.items():
        if find_room(file) is None:
            faults.append(f"{file} is in no room")
            continue
        for included in read_includes(text):
            if included not in sources:
                faults.append(f"{file} includes {included}, which does not exist")
            elif find_room(included) is not None and find_room(included) > find_room(file):
                faults.append(f"{file} includes {included}, which stands above it")
            files.setdefault(file, set()).add(included)
            if os.path.dirname(included) != os.path.dirname(file):
                folders.setdefault(os.path.dirname(file), set()).add(os.path.dirname(included))
    for circle in (find_circle(files), find_circle(folders)):
        if circle:
            faults.append("in a circle: " + " -> ".join(circle))
    return faults


class Includes(unittest.TestCase):
    def test_of_the_sources(self):
        sources = read_sources()
        self.assertGreater(sum(len(read_includes(text)) for text in sources.values()), 500)
        self.assertEqual([], find_faults(sources))

    def test_one_wrong_include_is_found(self):
        wrong = "problems/loss/loss.h"
        sources = read_sources()
        sources[wrong] += '#include "solver/potential/gauge.h"\n'
        self.assertIn(f"{wrong} includes solver/potential/gauge.h, which stands above it", find_faults(sources))

    def test_upwards(self):
        def faults(file, included):
            return find_faults({file: f'#include "{included}"\n', included: ""})

        for file, included in (("problems/base/a.h", "problems/formula/b.h"),
                               ("problems/loss/a.h", "problems/problem.h"),
                               ("meshes/a.cc", "solver/operator/b.h"),
                               ("solver/operator/a.cc", "solver/analyses/sub/b.h"),
                               ("postprocess/commands/a.cc", "main.cc")):
            self.assertEqual([f"{file} includes {included}, which stands above it"], faults(file, included))
            self.assertEqual([], faults(included, file))

    def test_a_file_needs_a_room(self):
        self.assertEqual(["solver/a.h is in no room"], find_faults({"solver/a.h": ""}))
        self.assertEqual(["problems/lossy/a.h is in no room"], find_faults({"problems/lossy/a.h": ""}))

    def test_circles(self):
        def include(*files):
            return "".join(f'  #  include "{file}"\n#include <vector>\n' for file in files)

        self.assertEqual(["in a circle: meshes/a.h -> meshes/b.h -> meshes/c.h -> meshes/a.h"], find_faults({
            "meshes/a.h": include("meshes/b.h"), "meshes/b.h": include("meshes/c.h"),
            "meshes/c.h": include("meshes/a.h")}))
        self.assertEqual(["in a circle: meshes/x -> meshes/y -> meshes/x"], find_faults({
            "meshes/x/a.h": include("meshes/y/b.h"), "meshes/y/b.h": "", "meshes/x/c.h": "",
            "meshes/y/d.h": include("meshes/x/c.h")}))

    def test_a_file_that_does_not_exist(self):
        self.assertEqual(["meshes/a.h includes meshes/b.h, which does not exist"],
                         find_faults({"meshes/a.h": '#include "meshes/b.h"\n'}))


if __name__ == "__main__":
    unittest.main()
