"""float64 functions whose last bit must be Go's: `log` and `pow`.

C's `pow` is rounded more exactly than Go's, so that `pow(1.1, 10)` would differ in the last digit that Terraform
prints. Go multiplies repeated squares of the mantissa and corrects by the exponents.
"""

import math


def divide(dividend: float, divisor: float) -> float:
    """IEEE 754 division, with infinities and NaN where Python would raise."""
    if divisor != 0:
        return dividend / divisor
    if dividend == 0 or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend) * math.copysign(1, divisor)


def log(number: float) -> float:
    """The natural logarithm, minus infinity at zero, NaN below."""
    if number < 0:
        return math.nan
    return math.log(number) if number else -math.inf


def power(base: float, exponent: float) -> float:
    """`base ** exponent` as Go's `math.Pow` computes it."""
    if _is_special(base, exponent):
        return _special(base, exponent)
    fraction, integer = math.modf(abs(exponent))
    if fraction and base < 0:
        return math.nan
    if integer >= 2.0**63:
        if base == -1:
            return 1.0
        grows = (abs(base) < 1) != (exponent > 0)
        return math.inf if grows else 0.0
    result, scale = 1.0, 0
    if fraction:
        if fraction > 0.5:
            fraction -= 1
            integer += 1
        result = math.exp(fraction * math.log(base))
    square, square_scale = math.frexp(base)
    remaining = int(integer)
    while remaining:
        if abs(square_scale) > 1 << 12:
            scale += square_scale
            break
        if remaining & 1:
            result *= square
            scale += square_scale
        square *= square
        square_scale <<= 1
        if square < 0.5:
            square += square
            square_scale -= 1
        remaining >>= 1
    if exponent < 0:
        result, scale = 1 / result, -scale
    try:
        return math.ldexp(result, scale)
    except OverflowError:
        return math.copysign(math.inf, result)


def _is_special(base: float, exponent: float) -> bool:
    return exponent in (0, 1, 0.5, -0.5) or base in (0, 1) or not math.isfinite(base) or not math.isfinite(exponent)


def _special(base: float, exponent: float) -> float:
    if exponent == 0 or base == 1:
        return 1.0
    if exponent == 1:
        return base
    if abs(exponent) == 0.5 and math.isfinite(base) and base > 0:
        root = math.sqrt(base)
        return root if exponent > 0 else 1 / root
    try:
        return math.pow(base, exponent)
    except ValueError:  # zero to a negative power, or the root of a negative number
        if base == 0:
            odd = math.isfinite(exponent) and exponent % 2 == 1
            return math.copysign(math.inf, base) if odd else math.inf
        return math.nan
