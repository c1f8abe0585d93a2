"""Draws pictures into a directory of results: python3 plot.py DIR [result|comparison|sweep].

The package figures beside this file says which, and returns them as matplotlib figures.
"""

import sys

import figures

KINDS = {"result": figures.pictures_of_result, "comparison": figures.pictures_of_comparison,
         "sweep": figures.pictures_of_sweep}


def main(directory, kind="result"):
    for name, figure in KINDS[kind](directory):
        figures.save(figure, directory, name)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or not KINDS.keys() >= set(sys.argv[2:]):
        sys.exit("usage: plot.py DIR [result|comparison|sweep]")
    main(*sys.argv[1:])
