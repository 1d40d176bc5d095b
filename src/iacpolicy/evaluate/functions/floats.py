"""`log` and `pow` for float64, equal to those of Go in every bit.

The functions of C are rounded more exactly than those of Go. With them `pow(1.1, 10)` would differ in the last digit,
and `ceil(log(n, 2))`, a common way of sizing subnets, could differ by one. The methods here are those of Go: FDLIBM's
approximation for the logarithm, a Taylor series with fused multiplications for the exponential, and repeated squares
of the mantissa for powers.
"""

import math
from fractions import Fraction

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_LOG_ODD = (6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01)
_LOG_EVEN = (3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01)
_EXP_HIGH, _EXP_LOW = 0.69314718055966295651160180568695068359375, 0.28235290563031577122588448175013436025525412068e-12
_MAX_EXP = 7.09782712893384e02


def divide(dividend: float, divisor: float) -> float:
    """Return the quotient by IEEE 754, an infinity or NaN where Python would raise."""
    if divisor != 0:
        return dividend / divisor
    if dividend == 0 or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend) * math.copysign(1, divisor)


def log(number: float) -> float:
    """Return the natural logarithm: minus infinity for zero, NaN for a negative number."""
    if number < 0 or math.isnan(number):
        return math.nan
    if not number:
        return -math.inf
    if math.isinf(number):
        return number
    fraction, power_of_two = math.frexp(number)
    if fraction < math.sqrt(0.5):
        fraction, power_of_two = fraction * 2, power_of_two - 1
    rest = fraction - 1
    ratio = rest / (2 + rest)
    square = ratio * ratio
    fourth = square * square
    odd = square * _polynomial(_LOG_ODD, fourth)
    even = fourth * _polynomial(_LOG_EVEN, fourth)
    half = 0.5 * rest * rest
    correction = ratio * (half + (odd + even)) + power_of_two * _LN2_LOW
    return power_of_two * _LN2_HIGH - ((half - correction) - rest)


def _polynomial(coefficients: tuple[float, ...], at: float) -> float:
    total = 0.0
    for coefficient in reversed(coefficients):
        total = total * at + coefficient
    return total


def _fused(factor: float, other: float, addend: float) -> float:
    """Return `factor * other + addend`, rounded once."""
    return float(Fraction(factor) * Fraction(other) + Fraction(addend))


def exponential(exponent: float) -> float:
    """Return e to a finite power."""
    if exponent > _MAX_EXP:
        return math.inf
    if exponent < -800:
        return 0.0
    scale = round(exponent * math.log2(math.e))
    rest = _fused(-_EXP_LOW, scale, _fused(-_EXP_HIGH, scale, exponent)) / 16
    series = 1 / math.factorial(8)
    for order in range(7, 0, -1):
        series = _fused(series, rest, 1 / math.factorial(order))
    result = rest * series  # of e to a sixteenth, less one; four times (1 + r)² - 1 is r * (r + 2)
    for _ in range(3):
        result *= result + 2
    return math.ldexp(_fused(result, result + 2, 1.0), scale)


def power(base: float, exponent: float) -> float:
    """Return `base ** exponent` as Go's `math.Pow` computes it."""
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
        result = exponential(fraction * log(base))
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
