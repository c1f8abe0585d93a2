"""Wrong input ends with status 1, meshes that are too coarse with status 2: one line, no results."""

import concurrent.futures
import os
import pathlib
import re
import tempfile
import unittest

from command_line import PROBLEMS, run, settings

POINT = r"\((-?[0-9.e+-]+)(, -?[0-9.e+-]+)*\)"  # a coordinate tuple
POSITIVE_DEFINITE = ("symmetric positive definite", "D > 0")
AT_POINT = re.compile(f" (at|near) {POINT}")
NON_FINITE = ("finite", AT_POINT)
NOT_SMOOTH = (re.compile("smooth|differentiable"), AT_POINT)
DEGENERATE = ("eigenvalue", AT_POINT, "positive definite", "Noise/Floor", "Noise/Injected diffusion")
FLAT_VALLEY = ("Hessian", "minimum", "positive definite")
HESSIANS = ("frozen", "absolute", "two temperature")
INTERPRETATIONS = ("ito", "stratonovich", "anti-ito")

HESSIAN_ALIGNED = ("Noise/Type=hessian aligned", "Noise/Learning rate=0.04")
EXPRESSION = "Noise/Type=expression"

# A ready problem with changes, a value for one parameter, and words that the message must hold beside the file,
# the parameter and the value.
WRONG_VALUES = {
    ("double_well_1d",): [
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
        ("Loss/Type=table", "expression", "dataset"),
        ("Noise/Type=table", "constant", "hessian aligned", "loss proportional", "expression", "empirical"),
        ("Noise/Diffusion=", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=0", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=-1", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=1, 0; 0, 1", *POSITIVE_DEFINITE),
        ("Noise/Diffusion=little", "number"),
        ("Noise/Diffusion=nan", "finite number"),
        ("Noise/Injected diffusion=", "number"),
        ("Noise/Injected diffusion=-0.1", ">= 0"),
        ("Noise/Injected diffusion=nan", "finite number"),
        ("Noise/Interpretation=", *INTERPRETATIONS),
        ("Noise/Interpretation=Ito", *INTERPRETATIONS),
        ("Noise/Interpretation=0.5", *INTERPRETATIONS),
        ("Force/Expression=x; x", "1 component"),
        ("Force/Expression=x^", "syntax error", "at its end"),
        ("Force/Expression=x + y", "'y'", "column 5", "known: x"),
        ("Force/Expression=foo(x)", "'foo'", "column 1", "function"),
        ("Force/Expression=1/x", *NON_FINITE),
        ("Force/Expression=1/(x + 1.12345)", *NON_FINITE),
        ("Force/Expression=log(x)", *NON_FINITE),
        ("Force/Expression=1e400", *NON_FINITE),
        ("Domain/Type=disc", "box", "radial", "ball", "level set", "gmsh"),
        ("Domain/Type=gmsh", "Dimension = 2 or 3"),
        ("Domain/Lower=", "1", "number"),
        ("Domain/Lower=-3, -3", "1", "number"),
        ("Domain/Lower=left", "finite number"),
        ("Domain/Lower=-3m", "finite number"),
        ("Domain/Lower=nan", "finite number"),
        ("Domain/Lower=-inf", "finite number"),
        ("Domain/Upper=1e400", "finite number"),
        ("Domain/Upper=-3", "exceed", "Domain/Lower = -3"),
        ("Domain/Upper=-4", "exceed", "Domain/Lower = -3"),
        ("Domain/Absorbing=none", "at least one absorbing side: all or any of x- x+ ("),
        ("Domain/Absorbing=all x+", "all excludes everything else"),
        ("Domain/Absorbing=periodic", "'periodic' is not a side"),
        ("Domain/Absorbing=", "at least one", "x- x+"),
        ("Domain/Absorbing=left", "'left'", "x- x+"),
        ("Domain/Absorbing=x+ y+", "'y+'", "x- x+"),
        ("Domain/Start=1", "inside the domain, the interval from (-3) to (0)"),
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
        ("Discretization/Refinement=", "adaptive", "uniform"),
        ("Discretization/Refinement=foo", "adaptive", "uniform"),
        ("Discretization/Refinement=Uniform", "adaptive", "uniform"),
        ("Solver/Method=fast", "automatic|direct|iterative"),
        ("Solver/Relative tolerance=", "number"),
        ("Solver/Relative tolerance=0", "> 0"),
        ("Solver/Relative tolerance=0.001", "<= 1e-6"),
        ("Compute=rates", "quasi-stationary, valley rates or both"),
        ("Compute=valley rates,", "quasi-stationary, valley rates or both"),
        ("Discretization/Tolerance=", "number"),
        ("Discretization/Tolerance=0", "> 0"),
        ("Discretization/Tolerance=-1", "> 0"),
        ("Discretization/Tolerance=1", "< 1"),
        ("Discretization/Tolerance=2", "< 1"),
        ("Discretization/Tolerance=abc", "number"),
        ("Discretization/Tolerance=nan", "number"),
        ("Discretization/Maximum unknowns=", "number"),
        ("Discretization/Maximum unknowns=0", "from 1 to 2e9"),
        ("Discretization/Maximum unknowns=-1", "from 1 to 2e9"),
        ("Discretization/Maximum unknowns=many", "number"),
        ("Discretization/Initial cells=0", "integer"),
        ("Discretization/Initial cells=-4", "integer"),
        ("Discretization/Initial cells=1.5", "integer"),
        ("Discretization/Initial cells=few", "integer"),
        ("Discretization/Initial cells=4, 4", "integer"),
        ("Discretization/Gauge scale=", "number"),
        ("Discretization/Gauge scale=0", "> 0"),
        ("Discretization/Gauge scale=-1", "> 0"),
        ("Discretization/Gauge scale=large", "number"),
        ("Output/Fields=perhaps", "true or false"),
        ("Output/Pictures=2", "true or false"),
        ("Depth=1", "no such parameter", "Dimension"),
        ("Loss/Depth=1", "no such parameter", "Expression"),
        ("Landscape/Depth=1", "no section", "Domain"),
    ],
    ("double_well_1d", "Discretization/Refinement=uniform"): [
        ("Discretization/Cells=", "integer"),
        ("Discretization/Cells=0", "integer"),
        ("Discretization/Cells=-4", "integer"),
        ("Discretization/Cells=1.5", "integer"),
        ("Discretization/Cells=many", "integer"),
        ("Discretization/Cells=4, 4", "integer"),
    ],
    ("styblinski_tang_2d", "Discretization/Refinement=uniform"): [
        ("Discretization/Cells=4, 4, 4", "2"),
        ("Discretization/Cells=4, 0", "integer"),
    ],
    ("double_well_1d", "Noise/Type=hessian aligned"): [
        ("Noise/Learning rate=", "> 0"),
        ("Noise/Learning rate=0", "> 0"),
        ("Noise/Learning rate=-0.1", "> 0"),
        ("Noise/Learning rate=fast", "finite number"),
        ("Noise/Learning rate=nan", "finite number"),
    ],
    ("double_well_1d", *HESSIAN_ALIGNED): [
        ("Noise/Batch size=", "> 0"),
        ("Noise/Batch size=0", "> 0"),
        ("Noise/Batch size=-8", "> 0"),
        ("Noise/Batch size=small", "finite number"),
        ("Noise/Data set size=0", "> 0"),
        ("Noise/Data set size=many", "finite number"),
        ("Noise/Hessian=", *HESSIANS),
        ("Noise/Hessian=Frozen", *HESSIANS),
        ("Noise/Hessian=raw", *HESSIANS, "indefinite", "inflection"),
        ("Noise/Hessian=absolute", *DEGENERATE, "Noise/Floor = 0"),  # there is an inflection at -1/sqrt(3)
    ],
    ("double_well_1d", *HESSIAN_ALIGNED, "Noise/Data set size=100"): [
        ("Noise/Batch size=100", "smaller", "Noise/Data set size = 100", "no noise"),
        ("Noise/Batch size=200", "smaller", "Noise/Data set size = 100"),
    ],
    ("double_well_1d", *HESSIAN_ALIGNED, "Noise/Hessian=absolute"): [
        ("Noise/Floor=", "number"),
        ("Noise/Floor=-0.1", ">= 0"),
        ("Noise/Floor=low", "finite number"),
    ],
    ("double_well_1d", *HESSIAN_ALIGNED, "Loss/Expression=x^4", "Domain/Upper=1"): [
        ("Noise/Hessian=frozen", *FLAT_VALLEY),
        ("Noise/Hessian=two temperature", *FLAT_VALLEY),
        ("Noise/Type=loss proportional", *FLAT_VALLEY),
    ],
    # The loss is lowest on the absorbing side: there is no valley.
    ("double_well_1d", *HESSIAN_ALIGNED, "Loss/Expression=x^4"): [("Noise/Hessian=frozen", "minimum")],
    ("double_well_1d", *HESSIAN_ALIGNED, "Domain/Upper=-0.4"): [
        ("Noise/Hessian=two temperature", "no saddle", re.compile(f"valley at {POINT}"), "domain"),
    ],
    ("double_well_1d", *HESSIAN_ALIGNED, "Loss/Expression=(x + 1.1234)^2"): [
        ("Noise/Type=loss proportional", *DEGENERATE),
    ],
    ("double_well_1d", "Noise/Learning rate=0.04"): [
        ("Noise/Type=loss proportional", *DEGENERATE, "eigenvalue -"),
        ("Noise/Type=empirical", "Loss/Type = dataset"),
    ],
    ("double_well_1d", EXPRESSION): [
        ("Noise/Expressions=", "formula"),
        ("Noise/Expressions=1; 2", "one formula"),
        ("Noise/Expressions=x^", "syntax error", "at its end"),
        ("Noise/Expressions=1 + y", "'y'", "column 5", "known: x"),
        ("Noise/Expressions=x^2", *DEGENERATE),
        ("Noise/Expressions=(x + 1.123)^2", *DEGENERATE),
        ("Noise/Expressions=(x + 1.123)^2 - 1e-6", *DEGENERATE, "eigenvalue -"),
        ("Noise/Expressions=0", *DEGENERATE),
        ("Noise/Expressions=x", *DEGENERATE, "eigenvalue -"),
        ("Noise/Expressions=log(x)", *NON_FINITE),
        ("Noise/Expressions=sqrt(-x - 1)", *NON_FINITE),
        ("Noise/Expressions=1/(x + 1.5)^2", *NON_FINITE),
        ("Noise/Expressions=1/(x + 1.123)^2", *NON_FINITE),
        ("Noise/Expressions=0.02 + 0.01*abs(x + 1.5)", *NOT_SMOOTH),
        ("Noise/Expressions=0.02 + 0.01*sqrt(abs(x + 1.5))", *NOT_SMOOTH),
    ],
    ("double_well_1d", EXPRESSION, "Domain/Upper=1"): [("Noise/Expressions=(x - 0.123)^2", *DEGENERATE)],
    ("hessian_aligned_double_well",): [
        ("Noise/Path parameter s=", "number"),
        ("Noise/Path parameter s=0", "between 0 and 1"),
        ("Noise/Path parameter s=1", "between 0 and 1"),
        ("Noise/Path parameter s=-0.5", "between 0 and 1"),
        ("Noise/Path parameter s=1.5", "between 0 and 1"),
        ("Noise/Path parameter s=half", "finite number"),
        ("Noise/Transition width=0", "> 0"),
        ("Noise/Transition width=-1", "> 0"),
        ("Noise/Transition width=wide", "finite number"),
    ],
    ("hessian_aligned_2d", "Noise/Floor=0"): [("Noise/Hessian=absolute", *DEGENERATE)],
    ("power_law_2d",): [
        ("Noise/Learning rate=", "> 0"),
        ("Noise/Floor=-1", ">= 0"),
    ],
    ("power_law_2d", "Loss/Constants=La=0"): [("Noise/Type=loss proportional", *DEGENERATE)],
    ("power_law_2d", "Loss/Constants=La=-0.1"): [("Noise/Type=loss proportional", *DEGENERATE, "eigenvalue -")],
    ("power_law_2d", "Loss/Expression=La + x^2/2 + y^4"): [("Noise/Type=loss proportional", *FLAT_VALLEY)],
    ("power_law_radial", "Loss/Constants=La=0"): [("Noise/Type=loss proportional", *DEGENERATE)],
    ("ou_radial",): [
        ("Domain/Radius=", "> 0"),
        ("Domain/Radius=0", "> 0"),
        ("Domain/Radius=-1", "> 0"),
        ("Domain/Radius=far", "finite number"),
        ("Domain/Radius=1e400", "finite number"),
        ("Domain/Effective dimension=", ">= 1"),
        ("Domain/Effective dimension=0", ">= 1"),
        ("Domain/Effective dimension=0.99", ">= 1"),
        ("Domain/Effective dimension=high", "finite number"),
        ("Domain/Effective dimension=inf", "finite number"),
        ("Domain/Start=1", "absorbing side r+"),
        ("Domain/Start=-0.1", "inside"),
        ("Loss/Expression=x^2/2", "'x'", "column 1", "known: r"),
        ("Loss/Expression=1/r", *NON_FINITE),
        ("Loss/Constants=r=1", "'r'", re.compile("taken|coordinate")),
        ("Force/Expression=x", "'x'", "column 1", "known: r"),
        ("Force/Expression=0; 0", "1 component"),
        ("Force/Expression=1/r", *NON_FINITE),
    ],
    ("ou_radial", "Dimension=2"): [("Domain/Type=radial", "Dimension = 1", "Effective dimension")],
    ("ou_radial", "Dimension=3"): [("Domain/Type=radial", "Dimension = 1", "Effective dimension")],
    ("ou_radial", EXPRESSION): [
        ("Noise/Expressions=x^2 + 1", "'x'", "column 1", "known: r"),
        ("Noise/Expressions=1; 0; 1", "one formula"),
        ("Noise/Expressions=r^2", *DEGENERATE),
        ("Noise/Expressions=0.01 + 0.02*sqrt(r)", *NOT_SMOOTH),
    ],
    ("ou_radial", *HESSIAN_ALIGNED): [
        ("Noise/Hessian=absolute", "radial", "multiple of the identity"),
        ("Noise/Hessian=two temperature", "radial", "multiple of the identity"),
    ],
    ("ou_radial", *HESSIAN_ALIGNED, "Loss/Expression=r^4"): [("Noise/Hessian=frozen", *FLAT_VALLEY)],
    ("ou_radial", *HESSIAN_ALIGNED, "Loss/Expression=r^4/4 - r^2/4"): [
        ("Noise/Hessian=frozen", "sphere r = 0.707", "multiple of the identity")],
    ("styblinski_tang_2d", EXPRESSION): [
        ("Noise/Expressions=1; 0", "one formula", "3", "xx; xy; yy", "4"),
        ("Noise/Expressions=1; 0; 0; 1; 0", "one formula", "3", "xx; xy; yy", "4"),
        ("Noise/Expressions=2; 0; z", "'z'", "column 1", "known: x, y"),
        ("Noise/Expressions=2; 0;", "formula"),
        ("Noise/Expressions=1; 0; 0.5; 1", "not symmetric", "0.5", AT_POINT),
        ("Noise/Expressions=9; x; y; 9", "not symmetric", AT_POINT),
        ("Noise/Expressions=2; sin(x); sin(x) + 1e-9; 2", "not symmetric", AT_POINT),
        ("Noise/Expressions=1; 2; 1", *DEGENERATE, "eigenvalue -1"),
        ("Noise/Expressions=1; 1; 1; 1", *DEGENERATE),
        ("Noise/Expressions=2; 0.1*x*y; 2", *DEGENERATE, "eigenvalue -"),
        ("Noise/Expressions=2 + x; 0; 2", *DEGENERATE, "eigenvalue -"),
        ("Noise/Expressions=x*y", *DEGENERATE, "eigenvalue -"),
        ("Noise/Expressions=(x + 2.123)^2 + (y + 1.789)^2", *DEGENERATE),
        ("Noise/Expressions=9; log(x*y - 1); 9", *NON_FINITE),
    ],
    ("styblinski_tang_3d",): [("Force/Expression=x; y", "3 components")],
    ("styblinski_tang_3d", EXPRESSION): [
        ("Noise/Expressions=5; 0; 0; 5", "one formula", "6", "xx; xy; xz; yy; yz; zz", "9"),
        ("Noise/Expressions=5; 0; z; 0; 5; 0; x; 0; 5", "not symmetric", AT_POINT),
        ("Noise/Expressions=5; 0; 0; 5; 0; z", *DEGENERATE, "eigenvalue -5"),
    ],
    ("styblinski_tang_2d", "Domain/Type=ball"): [
        ("Domain/Radius=", "> 0"),
        ("Domain/Radius=0", "> 0"),
        ("Domain/Radius=-1", "> 0"),
        ("Domain/Radius=wide", "finite number"),
    ],
    ("styblinski_tang_2d", "Domain/Type=ball", "Domain/Radius=2"): [
        ("Domain/Absorbing=x+", "the whole boundary of a ball absorbs"),
    ],
    ("styblinski_tang_2d", "Domain/Type=ball", "Domain/Radius=2", "Domain/Absorbing=all"): [
        ("Domain/Center=-2", "2", "numbers"),
        ("Domain/Center=-2, -2, 0", "2", "numbers"),
        ("Domain/Center=-2, low", "finite number"),
        ("Domain/Start=3, 0", "inside", "the ball of radius 2 around (0, 0)"),
        ("Domain/Start=0, 2", "absorbing side boundary"),
        ("Domain/Start=0", "2", "numbers"),
    ],
    ("styblinski_tang_2d", "Domain/Type=gmsh"): [
        ("Domain/Mesh=", "name of a .msh file"),
        ("Domain/Mesh=missing.msh", "does not exist"),
        ("Domain/Mesh=/", "directory"),
        (f"Domain/Mesh={PROBLEMS / 'keyhole.geo'}", "not a mesh written by Gmsh"),
    ],
    ("styblinski_tang_2d", "Domain/Type=gmsh", "Domain/Mesh=keyhole.msh"): [  # beside the parameter file
        ("Domain/Absorbing=x+", "'x+' is not a side", "any of 1 2"),
        ("Domain/Absorbing=2 3", "'3' is not a side", "any of 1 2"),
        ("Domain/Absorbing=none", "at least one absorbing side"),
    ],
    ("styblinski_tang_2d", "Domain/Type=gmsh", "Domain/Mesh=keyhole.msh", "Domain/Absorbing=2"): [
        ("Domain/Start=1.2, 0.2", "inside", "keyhole.msh"),
        ("Domain/Start=0", "2", "numbers"),
    ],
    ("styblinski_tang_3d", "Domain/Type=gmsh", "Domain/Absorbing=all"): [
        (f"Domain/Mesh={PROBLEMS / 'keyhole.msh'}", "2 dimensions", "Dimension = 3"),
    ],
    ("styblinski_tang_2d", "Domain/Type=level set"): [
        ("Domain/Absorbing=x+", "the whole boundary of a level set absorbs"),
    ],
    ("styblinski_tang_2d", "Domain/Type=level set", "Domain/Absorbing=all", "Domain/Upper=4, 4"): [
        ("Domain/Level=", "number", "0.9 saddle", "3 minimum"),
        ("Domain/Level=high", "number", "0.9 saddle", "3 minimum"),
        ("Domain/Level=1.5 saddle", "between 0 and 1"),
        ("Domain/Level=3 minimum", "positive loss", "L = -78.33"),
        ("Domain/Level=-80", "above the minimum L = -78.33", AT_POINT),
        ("Domain/Level=1000", "beyond Domain/Lower, Upper", AT_POINT, "lowest saddle is at L = -38.97"),
        ("Domain/Level=-30", "not star-shaped", AT_POINT),
        ("Domain/Lower=-5", "2", "numbers"),
    ],
    ("styblinski_tang_2d", "Domain/Type=level set", "Domain/Absorbing=all", "Domain/Upper=4, 4",
     "Domain/Level=0.9 saddle"): [
        ("Domain/Start=1.5, 1.5", "inside", "level set L < "),
        ("Domain/Start=7, 0", "inside"),
    ],
    ("banknote_logistic_2d",): [
        ("Loss/Data=", "name of a CSV file"),
        ("Loss/Data=missing.csv", "does not exist"),
        ("Loss/Data=/", "directory"),
        ("Loss/Features=", "names of columns", "WaveletVariance", "principal components"),
        ("Loss/Features=Entropy, Weight", "no column 'Weight'", "columns: WaveletVariance, "),
        ("Loss/Features=Entropy", "2 features", "one per dimension", "not 1"),
        ("Loss/Features=Entropy, Entropy", "twice"),
        ("Loss/Features=Entropy, Class", "label"),
        ("Loss/Features=principal components 4..5", "between 1 and 4"),
        ("Loss/Features=principal components 1..3", "2 features", "not 3"),
        ("Loss/Label=", "no column ''"),
        ("Loss/Label=Forged", "no column 'Forged'", "columns: WaveletVariance, "),
        ("Loss/Standardize=perhaps", "true or false"),
        ("Loss/Model=table", "linear regression", "logistic regression", "tanh network"),
        ("Loss/L2 regularization=-1", ">= 0"),
        ("Loss/L2 regularization=nan", "number"),
        ("Noise/Batch size=1372", "smaller", "Noise/Data set size = 1372", "no noise"),
        ("Noise/Batch size=2000", "smaller", "Noise/Data set size = 1372"),
    ],
    ("banknote_logistic_2d", "Dimension=1"): [("Domain/Type=radial", "data set")],
    ("banknote_logistic_2d", "Loss/Features=WaveletSkewness, WaveletCurtosis"): [
        ("Loss/Label=Entropy", "different numbers", "two classes"),
    ],
    ("banknote_tanh",): [
        ("Loss/Features=WaveletVariance, Entropy", "1 feature", "not 2"),
    ],
    # At the saddle every sample is at a stationary point.
    ("banknote_tanh", "Noise/Injected diffusion=0"): [("Noise/Type=empirical", *DEGENERATE)],
    ("banknote_tanh", "Dimension=1", "Domain/Lower=-1", "Domain/Upper=1", "Domain/Absorbing=all"): [
        ("Loss/Model=tanh network", "two weights", "Dimension = 2"),
    ],
    ("styblinski_tang_2d",): [
        ("Force/Expression=x", "2 components"),
        ("Force/Expression=x; y; x", "2 components"),
        ("Force/Expression=-y, x", "2 components"),
        ("Force/Expression=y;", re.compile("2 components|formula")),
        ("Force/Expression=0; z", "'z'", "column 1", "known: x, y"),
        ("Force/Expression=log(x*y - 1); 0", *NON_FINITE),
        ("Force/Expression=0; 1/(x + 5)", *NON_FINITE),
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
        ("Discretization/Initial cells=4, 4, 4", "2"),
        ("Discretization/Initial cells=4, 0", "integer"),
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

# Data for the ready problem banknote_logistic_2d with features a, b and label c; words of the message.
WRONG_DATA = [
    ("", "the file is empty"),
    ("a,b,c\n", "no line of data"),
    ("a,b\n1,2\n", "no column 'c' (columns: a, b)"),
    ("a,c\n1,2\n", "no column 'b' (columns: a, c)"),
    ("a,b,c\n1,2,0\n3,four,1\n", "line 3, column 'b': 'four' is not a finite number"),
    ("a,b,c\n1,2,0\n3,,1\n", "line 3, column 'b': '' is not"),
    ("a,b,c\n1,2,0\n3,4\n", "line 3 has 2 cells", "3 columns"),
    ("a,b,c\n1,2,0\n3,2,1\n", "Loss/Features", "column 'b' is constant"),
    ("a,b,c\n1,2,1\n3,4,1\n", "Loss/Label", "all samples have the label 1", "two classes"),
    ("a,b,c\n1,2,1\n3,4,2\n5,7,3\n", "Loss/Label", "3 different numbers", "two classes"),
    ("a,b,c\n1,2,1\n", "a single sample"),
    ("a,b,c\n1,\"2,1\n3,4,2\n", "line 2: a quote is not closed"),
    ("a,b,c\n1,2,3\" 4\n", "line 2: a quote inside of a cell"),
    ("a;b;c\n1;2;0\n3;4;1\n", "no column 'c' (columns: a;b;c)"),
    ("a b c\n1 2 0\n3 4 1\n", "no column 'c' (columns: a b c)"),
    ("a,b,b,c\n1,2,2,0\n3,4,4,1\n", "line 1: two columns have the name 'b'"),
    ("a,b,c,\n1,2,0,\n3,4,1,\n", "line 1: a column has no name"),
    ("a,b,c\r\n1,nan,0\r\n3,4,1\r\n\r\n", "line 2, column 'b': 'nan' is not a finite number"),
    ("a,b,c\n1,2,0\n\n3,-inf,1\n", "line 4, column 'b': '-inf' is not a finite number"),
    ("a,b,c\n1,2,0\n3,4,yes\n", "line 3, column 'c': 'yes' is not a finite number"),
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
    ("maier_stein", "Discretization/Cells=3", "Discretization/Degree=2"),
    ("ou_rotation", "Discretization/Cells=2", "Discretization/Degree=1"),
    ("ou_radial", "Discretization/Cells=2", "Discretization/Degree=1"),
    ("power_law_radial", "Discretization/Cells=2", "Discretization/Degree=1"),
    ("power_law_2d", "Discretization/Cells=3", "Discretization/Degree=2"),
    ("linear_regression", "Discretization/Cells=2", "Discretization/Degree=1"),
    ("hessian_aligned_double_well", "Discretization/Cells=4", "Discretization/Degree=2"),
    ("hessian_aligned_2d", "Discretization/Cells=3", "Discretization/Degree=2"),
]


class WrongInput(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def refuse(self, status, arguments, words):
        """Checks status, message and that nothing is written; returns the message."""
        before = sorted(self.folder.rglob("*"))
        message = self.check(status, run(*arguments, folder=self.folder), words)
        self.assertEqual(sorted(self.folder.rglob("*")), before, "something was written")
        return message

    def check(self, status, outcome, words):
        """Checks status and message of a run; returns the message."""
        found, stdout, stderr = outcome
        self.assertEqual(found, status, stderr)
        self.assertEqual(stderr.count("\n"), 1, stderr)
        self.assertRegex(stderr, r"^fokker-planck: .*\S\n$")
        for word in words:
            if isinstance(word, re.Pattern):
                self.assertRegex(stderr, word)
            else:
                self.assertIn(word, stderr)
        self.assertNotIn("escape rate", stdout)
        return stderr

    def test_values(self):
        rows = [(PROBLEMS / f"{problem}.prm", changes, setting, words)
                for (problem, *changes), values in WRONG_VALUES.items() for setting, *words in values]

        def run_row(index):
            file, changes, setting, _ = rows[index]
            return run("run", file, *settings([*changes, setting]), "--output", f"out_{index}", folder=self.folder)

        with concurrent.futures.ThreadPoolExecutor(2 * os.cpu_count()) as pool:
            outcomes = list(pool.map(run_row, range(len(rows))))
        for index, ((file, changes, setting, words), outcome) in enumerate(zip(rows, outcomes)):
            with self.subTest(problem=file.stem, changes=changes, setting=setting):
                key, value = setting.split("=", 1)
                message = self.check(1, outcome, [str(file), f"{key}: ", *words])
                self.assertFalse((self.folder / f"out_{index}").exists(), "something was written")
                # Of a list it is enough to quote the entry that is wrong.
                quoted = re.search("got '(.*?)'(, but| with )", message)
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

    def test_data(self):
        file = PROBLEMS / "banknote_logistic_2d.prm"
        options = settings(["Loss/Data=data.csv", "Loss/Features=a, b", "Loss/Label=c"])
        for text, *words in WRONG_DATA:
            with self.subTest(data=text):
                (self.folder / "data.csv").write_text(text, encoding="utf-8")
                self.refuse(1, ["run", file, *options, "--output", "out"], [str(file), *words])

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
                self.refuse(2, ["run", file, *settings(["Discretization/Refinement=uniform", *assignments]),
                                "--output", "out"],
                            [str(file), "no result", "coarse", "Discretization/Cells"])
