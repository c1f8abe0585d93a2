"""What stands above the pictures of a result: loss, rate, noise and the first formula that applies."""

import math

from .style import power_of_ten


def escape_rate(log):
    """The rate from its logarithm, because the rate itself may lie below the range of a double."""
    exponent, fraction = divmod(log / math.log(10) + 1e-6, 1)
    return f"escape rate γ = {10**(fraction - 1e-6):.4f} × {power_of_ten(int(exponent))}   (ln γ = {log:.6g})"


def caption(result):
    """The lines of the caption."""
    loss, noise = result["problem"]["Loss"], result["problem"]["Noise"]
    force, diffusion = result["problem"].get("Force", {}).get("Expression", ""), noise.get("Diffusion", "")
    expression, rate = loss.get("Expression", ""), escape_rate(result["escape_rate"]["log"])
    if noise.get("Type", "constant") != "constant":
        hessian = f", {noise['Hessian']} Hessian" if noise["Type"] == "hessian aligned" else ""
        numbers = ", ".join(f"{name} = {result['noise'][key]:.4g}" for name, key in
                            (("T", "T_e"), ("T_a", "T_a"), ("T_b", "T_b")) if key in result["noise"])
        rate += f"\n{noise['Type']} noise{hessian}, {noise['Interpretation']}" + f", {numbers}" * bool(numbers)
    elif diffusion:
        rate += "     D = " + (f"[{diffusion}]" if "," in diffusion else diffusion)
    formulas = [f"computed rate / formula “{formula['name']}” = {formula['ratio']:#.5g}"
                for formula in result["formulas"] if formula["applicable"] and formula["ratio"] is not None]
    shown = 0 < len(expression) <= 80 and loss.get("Scale k", "1") == "1"
    drift = f", f = ({force})" if 0 < len(force) <= 60 else ""
    return [f"L = {expression}{drift}"] * shown + rate.split("\n") + (formulas[:1] or ["no formula applies"])
