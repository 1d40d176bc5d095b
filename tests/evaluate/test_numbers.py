"""Numbers against exact arithmetic: Python's fractions give the expected rounded results."""

import math
from fractions import Fraction
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.evaluate.values import numbers
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.numbers import Number

INTEGERS = st.integers(-(10**40), 10**40)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=12).map(lambda d: format(d, "f"))


def exact(number: Number) -> Fraction:
    """Return the number as a fraction."""
    assert number.exponent is not None
    return Fraction(number.mantissa) * Fraction(2) ** number.exponent


def parsed(text: str) -> Number:
    """Return the number that a text represents."""
    number = numbers.parse(text)
    assert number is not None
    return number


@given(INTEGERS, INTEGERS)
def test_whole_numbers_are_exact(left: int, right: int) -> None:
    """Sums, differences and products of whole numbers are exact, and print as Python prints them."""
    a, b = numbers.from_int(left), numbers.from_int(right)
    assert str(a + b) == str(left + right)
    assert str(a - b) == str(left - right)
    assert exact(a * b) == left * right


@given(DECIMALS)
def test_decimals_read_back(text: str) -> None:
    """The shortest decimal of a parsed decimal is that decimal."""
    assert Fraction(str(parsed(text))) == Fraction(text)
    assert parsed(str(parsed(text))) == parsed(text)


@given(DECIMALS, DECIMALS)
def test_decimal_sums(left: str, right: str) -> None:
    """Decimals add up to within the rounding of their binary forms."""
    total = exact(parsed(left) + parsed(right))
    size = abs(Fraction(left)) + abs(Fraction(right))
    assert abs(total - Fraction(left) - Fraction(right)) <= size / 2 ** (numbers.PARSED - 1)


@given(INTEGERS, INTEGERS.filter(bool))
def test_quotients_are_rounded_to_nearest(left: int, right: int) -> None:
    """A quotient is within half a unit of its last place of the exact one."""
    quotient = numbers.from_int(left) / numbers.from_int(right)
    error = abs(exact(quotient) - Fraction(left, right))
    assert error <= abs(Fraction(left, right)) / 2**numbers.PARSED


@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False))
def test_floats_survive(value: float) -> None:
    """A float64 is unchanged by a round trip, with the sign of zero, and prints as many digits as in Python.

    Powers of two are the exception: their lower neighbour is nearer than their upper one. Go prints a text for them
    that may parse as the neighbour, as for 2^-24 in Terraform.

    """
    number = numbers.from_float(value)
    assert repr(float(number)) == repr(value)
    if abs(math.frexp(value)[0]) != 0.5:
        assert repr(float(str(number))) == repr(value)
        assert _digits(str(number)) == _digits(repr(value))


def _digits(text: str) -> int:
    """Return the number of significant digits in the text of a number."""
    return len(text.split("e", maxsplit=1)[0].replace("-", "").replace(".", "").strip("0"))


@given(INTEGERS, INTEGERS.filter(bool))
def test_remainders(left: int, right: int) -> None:
    """A remainder has the sign of the dividend and is smaller than the divisor."""
    rest = exact(numbers.from_int(left) % numbers.from_int(right))
    assert rest == left - right * int(Fraction(left, right))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("-0", "-0"),
        ("0", "0"),
        ("1e3", "1000"),
        ("1p3", "8"),
        (".5", "0.5"),
        ("5.", "5"),
        ("inf", "+Inf"),
        ("-Inf", "-Inf"),
        ("100e-2", "1"),
        ("0.1", "0.1"),
    ],
)
def test_spellings(text: str, printed: str) -> None:
    """The forms of numbers that Go's parser accepts, and their printed form."""
    assert str(parsed(text)) == printed


@pytest.mark.parametrize(
    "text", ["", ".", "-", "e3", "0x10", "1_000", " 1", "1 ", "1e", "1e99999", "1e999999999", "٣", "NaN"]
)
def test_no_numbers(text: str) -> None:
    """Texts that are not numbers, or numbers out of bounds."""
    assert numbers.parse(text) is None


def test_zeros_are_equal() -> None:
    """Minus zero is printed with its sign, and equals zero in every comparison."""
    minus, plus = parsed("-0"), parsed("0")
    assert minus == plus
    assert hash(minus) == hash(plus)
    assert not minus < plus
    assert str(minus + plus) == "0"
    assert str(minus + minus) == "-0"
    assert str(parsed("1") - parsed("1")) == "0"


def test_growth_is_bounded() -> None:
    """Repeated squaring ends with an error that names the limit, before the number fills the memory."""
    for text in ("1e20000", "1e-20000"):
        with pytest.raises(EvaluationError, match="limit"):
            reduce(lambda number, _: number * number, range(60), parsed(text))
