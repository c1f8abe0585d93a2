"""Names of quantities in the formulas of a sweep, as they are printed in pictures."""

import math
import re

# Name in formulas, symbol and meaning.
SYMBOLS = [
    (r"log_rate", "ln γ", "γ: escape rate per unit of time"), (r"rate", "γ", "γ: escape rate per unit of time"),
    (r"tau", "τ", "τ = 1/γ: mean escape time"), (r"relative_error", "relative error", ""), (r"unknowns", "unknowns", ""),
    (r"(?:Noise[._/])?Diffusion", "D", "D: diffusion constant in units of loss"),
    (r"(?:Noise[._/])?Learning[ _]rate", "η", "η: learning rate"), (r"(?:Noise[._/])?Batch[ _]size", "B", "B: batch size"),
    (r"(?:Loss[._/])?Scale[ _]k", "k", "k: factor of all Hessians"),
    (r"(?:Domain[._/])?Effective[ _]dimension", "n", "n: dimension of the ball"), (r"n", "n", "n: dimension"),
    (r"(?:Domain[._/])?Radius", "R", "R: radius of the domain"), (r"(?:Domain[._/])?Level", "ΔL", "ΔL: barrier"),
    (r"barrier", "ΔL", "ΔL: barrier"), (r"L_a", "L_a", "L_a: loss at the minimum"), (r"L_b", "L_b", "L_b: loss at the exit"),
    (r"H_a", "H_a", ""), (r"H_b", "H_b", ""), (r"T_e", "T", "T: temperature along the way out"), (r"eta_B", "η_B", ""),
]


def typeset(formula):
    """A formula as it is printed, and the meanings of its symbols."""
    meanings = []

    def replace(match):
        for pattern, symbol, meaning in SYMBOLS:
            if re.fullmatch(pattern, match.group()):
                if meaning and meaning not in meanings:
                    meanings.append(meaning)
                return symbol
        return match.group()

    names = "|".join(sorted((pattern for pattern, _, _ in SYMBOLS), key=len, reverse=True))
    text = re.sub(rf"(?<![A-Za-z0-9_.])(?:{names})(?![A-Za-z0-9_(])", replace, formula)
    text = re.sub(r"\blog\(", "ln(", text)
    text = re.sub(r"ln\(([^()+*/-]+)\)(?! *[/^])", r"ln \1", text)
    return text.replace("*", "·").replace("-", "−").replace("^2", "²"), meanings


def group_name(group):
    return ", ".join(f"{typeset(name)[0]} = {value}" for name, value in group.items())


def is_number(text):
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
