"""Terraform's numbers: binary floating point with individual precision, as in go-cty on Go's `big.Float`.

A number from text has 512 bits, a number from a count 64, and a number from a float64 function 53. An operation has the
larger precision of its operands and rounds to nearest even. Measured on Terraform 1.11: `1/3*3 == 1` is true, and
`length([1])/length([1,2,3])` is 0.33333333333333333334.

"""

import math
import re
from fractions import Fraction
from functools import total_ordering

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.evaluate.values.errors import EvaluationError

PARSED = 512
COUNTED = 64
FLOAT64 = 53
MAX_BINARY_EXPONENT = 200_000
MAX_EXPONENT = 20_000  # decimal; past it a literal is refused, so that no text is expanded without bound

_DECIMAL = lazy_pattern(r"([+-]?)(\d*)(?:\.(\d*))?(?:([eEpP])([+-]?\d+))?\Z", re.ASCII)
_INFINITE = {"inf": 1, "Inf": 1, "+inf": 1, "+Inf": 1, "-inf": -1, "-Inf": -1}


class NotANumberError(EvaluationError):
    """An operation on infinities, or zero by zero, without a result."""

    def __init__(self) -> None:
        super().__init__("Operation failed", "Zero divided by zero, or such an operation of infinities, is no number.")


@total_ordering
class Number:
    """`mantissa * 2 ** exponent`, with an odd mantissa (or zero); infinite if `exponent` is None.

    `negative` is the sign, also of zero: `-0` equals `0`, but Terraform prints it as `-0`.

    """

    __slots__ = ("exponent", "mantissa", "negative", "precision")

    def __init__(
        self, mantissa: int, exponent: int | None = 0, precision: int = PARSED, negative: bool = False
    ) -> None:
        self.negative = mantissa < 0 or (negative and mantissa == 0)
        if exponent is not None:
            mantissa, exponent = _rounded(mantissa, exponent, precision)
        self.mantissa = mantissa
        self.exponent = exponent
        self.precision = precision

    def __repr__(self) -> str:
        return f"Number({self})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Number):
            return NotImplemented
        return self.mantissa == other.mantissa and self.exponent == other.exponent

    def __hash__(self) -> int:
        return hash((self.mantissa, self.exponent))

    def __lt__(self, other: "Number") -> bool:
        if self.exponent is None or other.exponent is None:
            return self._rank() < other._rank()
        low = min(self.exponent, other.exponent)
        return self.mantissa << (self.exponent - low) < other.mantissa << (other.exponent - low)

    def _rank(self) -> int:
        return self.mantissa if self.exponent is None else 0

    @property
    def is_infinite(self) -> bool:
        """Report whether the number is positive or negative infinity."""
        return self.exponent is None

    @property
    def is_integer(self) -> bool:
        """Report whether the number is whole."""
        return self.exponent is not None and self.exponent >= 0

    def __int__(self) -> int:
        """Return the whole part, rounded towards zero.

        Raises:
            OverflowError: the number is infinite.

        """
        if self.exponent is None:
            raise OverflowError("infinite number")
        if self.exponent >= 0:
            return self.mantissa << self.exponent
        whole = abs(self.mantissa) >> -self.exponent
        return -whole if self.mantissa < 0 else whole

    def __float__(self) -> float:
        if self.exponent is None:
            return math.copysign(math.inf, self.mantissa)
        if self.mantissa == 0:
            return -0.0 if self.negative else 0.0
        near = Number(self.mantissa, self.exponent, FLOAT64)
        try:
            return math.ldexp(near.mantissa, near.exponent or 0)
        except OverflowError:
            return math.copysign(math.inf, self.mantissa)

    def __neg__(self) -> "Number":
        return Number(-self.mantissa, self.exponent, self.precision, not self.negative)

    def __abs__(self) -> "Number":
        return -self if self.negative else self

    def __add__(self, other: "Number") -> "Number":
        if self.exponent is None or other.exponent is None:
            if self.exponent is other.exponent and self.mantissa != other.mantissa:
                raise NotANumberError
            return self if self.exponent is None else other
        low = min(self.exponent, other.exponent)
        mantissa = (self.mantissa << (self.exponent - low)) + (other.mantissa << (other.exponent - low))
        both_negative = self.negative and other.negative  # only then is a sum of zeros -0
        return Number(mantissa, low, max(self.precision, other.precision), both_negative)

    def __sub__(self, other: "Number") -> "Number":
        return self + -other

    def __mul__(self, other: "Number") -> "Number":
        if self.exponent is None or other.exponent is None:
            if not self.mantissa or not other.mantissa:
                raise NotANumberError
            return Number(_sign(self.mantissa) * _sign(other.mantissa), None)
        unlike = self.negative != other.negative
        product = Number(self.mantissa * other.mantissa, self.exponent + other.exponent, PARSED, unlike)
        _check_exponent(product)
        needed = product.mantissa.bit_length()
        product.precision = max(self.precision, other.precision, needed)
        return product

    def __truediv__(self, other: "Number") -> "Number":
        """Return the quotient, infinite for a division by zero.

        Raises:
            NotANumberError: zero by zero, or infinity by infinity.

        """
        if other.mantissa == 0:
            if self.mantissa == 0:
                raise NotANumberError
            return Number(-1 if self.negative != other.negative else 1, None)
        if self.exponent is None:
            if other.exponent is None:
                raise NotANumberError
            return Number(_sign(self.mantissa) * _sign(other.mantissa), None)
        precision = max(self.precision, other.precision)
        if other.exponent is None or self.mantissa == 0:
            return Number(0, 0, precision, self.negative != other.negative)
        shift = precision + 2 + max(0, other.mantissa.bit_length() - self.mantissa.bit_length())
        quotient, rest = divmod(abs(self.mantissa) << shift, abs(other.mantissa))
        sticky = (quotient << 1) | (1 if rest else 0)  # one more bit is set if there is a remainder
        if (self.mantissa < 0) != (other.mantissa < 0):
            sticky = -sticky
        return _check_exponent(Number(sticky, self.exponent - other.exponent - shift - 1, precision))

    def __mod__(self, other: "Number") -> "Number":
        """Return the remainder with the sign of the dividend, or the dividend if the divisor is zero.

        Raises:
            NotANumberError: zero by infinity.

        """
        if self.exponent is None:
            raise NotANumberError
        if other.exponent is None:
            return self * other
        if other.mantissa == 0:
            return self
        whole = int(self / other)
        return self - other * Number(whole, 0, max(COUNTED, abs(whole).bit_length()))

    def __str__(self) -> str:
        """Return the shortest decimal that parses to the same number, without an exponent."""
        if self.exponent is None:
            return "-Inf" if self.mantissa < 0 else "+Inf"
        sign = "-" if self.negative else ""
        mantissa = abs(self.mantissa)
        if self.exponent >= 0 and mantissa.bit_length() + self.exponent < self.precision:
            return sign + _digits(mantissa << self.exponent)
        return sign + _shortest(mantissa, self.exponent, self.precision)


def _digits(value: int) -> str:
    if value.bit_length() < 14_000:
        return str(value)
    from decimal import Decimal  # Python does not print larger integers

    return f"{Decimal(value):f}"


def from_int(value: int, precision: int = PARSED) -> Number:
    """Return a whole number, by default with the precision of a literal."""
    return Number(value, 0, precision)


def count(value: int) -> Number:
    """Return a number that counts something, as from `length`."""
    return Number(value, 0, COUNTED)


def from_float(value: float) -> Number:
    """Return the number of a float64 result.

    Raises:
        ValueError: the float is not a number.

    """
    if math.isnan(value):
        raise ValueError("not a number")
    if math.isinf(value):
        return Number(1 if value > 0 else -1, None)
    top, bottom = value.as_integer_ratio()
    return Number(top, 1 - bottom.bit_length(), FLOAT64, math.copysign(1, value) < 0)


def parse(text: str) -> Number | None:
    """Return the number in a decimal text, None if the text is not a number or is out of bounds."""
    if len(text) < 100 and text.isascii() and text.isdigit():  # the common case
        return Number(int(text))
    match = _DECIMAL.match(text)
    if match is None or not (match[2] or match[3]) or len(text) > MAX_EXPONENT:
        return Number(_INFINITE[text], None) if text in _INFINITE else None
    if len(match[5] or "") > 8:
        return None
    sign, whole, fraction, exponent = match[1], match[2] or "", match[3] or "", int(match[5] or 0)
    if abs(exponent) > MAX_EXPONENT:
        return None
    digits = _digits_to_int(whole + fraction)
    if sign == "-":
        digits = -digits
    if match[4] in ("p", "P"):  # Go reads a binary exponent behind decimal digits too
        base = from_fraction(Fraction(digits, 10 ** len(fraction)))
        return Number(base.mantissa, (base.exponent or 0) + exponent)
    scale = exponent - len(fraction)
    if scale >= 0 or not digits:
        return Number(digits * 10 ** max(scale, 0), 0, PARSED, sign == "-")
    return from_fraction(Fraction(digits, 10**-scale))


def _digits_to_int(digits: str) -> int:
    """Return `int(digits)`, converted in pieces below Python's limit of digits."""
    value = 0
    for start in range(0, len(digits), 4000):
        piece = digits[start : start + 4000]
        value = value * 10 ** len(piece) + int(piece)
    return value


def from_fraction(value: Fraction, precision: int = PARSED) -> Number:
    """Return a rational number rounded to a precision."""
    shift = precision + 2 + max(0, value.denominator.bit_length() - value.numerator.bit_length())
    quotient, rest = divmod(abs(value.numerator) << shift, value.denominator)
    sticky = (quotient << 1) | (1 if rest else 0)
    return Number(-sticky if value.numerator < 0 else sticky, -shift - 1, precision)


def _check_exponent(number: Number) -> Number:
    if number.exponent is not None and abs(number.exponent) > MAX_BINARY_EXPONENT:
        raise EvaluationError(
            "Number out of bounds",
            f"A number may have a binary exponent of at most {MAX_BINARY_EXPONENT} (limit: size of numbers).",
        )
    return number


def _sign(mantissa: int) -> int:
    return (mantissa > 0) - (mantissa < 0)


def _rounded(mantissa: int, exponent: int, precision: int) -> tuple[int, int]:
    """Return mantissa and exponent rounded to nearest even, with an odd mantissa."""
    if mantissa == 0:
        return 0, 0
    negative = mantissa < 0
    if negative:
        mantissa = -mantissa
    extra = mantissa.bit_length() - precision
    if extra > 0:
        half = 1 << (extra - 1)
        rest = mantissa & ((1 << extra) - 1)
        mantissa >>= extra
        exponent += extra
        if rest > half or (rest == half and mantissa & 1):
            mantissa += 1
    zeros = (mantissa & -mantissa).bit_length() - 1
    if zeros:
        mantissa >>= zeros
        exponent += zeros
    return (-mantissa if negative else mantissa), exponent


def _shortest(mantissa: int, exponent: int, precision: int) -> str:
    """Return the shortest decimal that is nearer to this number than to its neighbours of the same precision."""
    pad = precision - mantissa.bit_length()
    mantissa <<= pad
    exponent -= pad
    scale = max(0, 2 - exponent)
    unit = 1 << (exponent + scale)
    exact = mantissa * unit
    above = exact + unit // 2
    below = exact - unit // 2  # as in Go, also for powers of two, whose lower neighbour is nearer
    inclusive = mantissa % 2 == 0
    denominator = 1 << scale
    # the most digits that could be needed, then the fewest that fall inside the interval
    guess = len(_decimal(exact // denominator)) if exact >= denominator else 0
    point = -guess
    low, high = point, math.ceil(precision * 0.302) + 3 + max(0, -exponent)
    while low < high:
        places = (low + high) // 2
        if _inside(exact, denominator, below, above, inclusive, places) is None:
            low = places + 1
        else:
            high = places
    digits = _inside(exact, denominator, below, above, inclusive, low)
    if digits is None:
        digits = 0
    return _place(digits, low)


def _inside(exact: int, denominator: int, below: int, above: int, inclusive: bool, places: int) -> int | None:
    """Return the nearest decimal with that many places if it is in the interval, as an integer of its digits."""
    up, down = (10**places, 1) if places >= 0 else (1, 10**-places)
    bottom = denominator * down
    digits, rest = divmod(exact * up, bottom)
    if 2 * rest > bottom or (2 * rest == bottom and digits & 1):
        digits += 1
    back = digits * bottom
    if inclusive:
        return digits if below * up <= back <= above * up else None
    return digits if below * up < back < above * up else None


def _decimal(value: int) -> str:
    """Return `str(value)` without Python's limit of digits."""
    if value.bit_length() < 13_000:
        return str(value)
    pieces = []
    base = 10**3900
    while value:
        value, piece = divmod(value, base)
        pieces.append(str(piece).rjust(3900, "0"))
    return "".join(reversed(pieces)).lstrip("0")


def _place(digits: int, places: int) -> str:
    text = _decimal(digits)
    if places <= 0:
        return text + "0" * -places if digits else "0"
    text = text.rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")


ZERO = Number(0)
INFINITY = Number(1, None)
