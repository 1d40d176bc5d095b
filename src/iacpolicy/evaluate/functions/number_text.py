"""Numbers in the notations `%e`, `%f` and `%g` of Go, rounded exactly for any number of digits."""

from iacpolicy.evaluate.values.numbers import Number


def floating(number: Number, precision: int, mode: str) -> str:
    """Return a number as `%f` or `%e` with `precision` digits after the point."""
    if number.is_infinite:
        return str(number)
    sign = "-" if number.negative else ""
    if mode in "fF":
        return sign + _place(_scaled(number, precision), precision)
    digits, exponent = _significant(number, precision + 1)
    return sign + _scientific(digits, exponent, precision, mode)


def general(number: Number, precision: int | None, mode: str) -> str:
    """Return a number as `%g`: scientific for a small or large exponent; without a precision the shortest form."""
    if number.is_infinite:
        return str(number)
    sign = "-" if number.negative else ""
    if precision is None:
        digits, exponent = _shortest(number)
        threshold = 6
    else:
        digits, exponent = _significant(number, precision or 1)
        digits = digits.rstrip("0")
        threshold = precision or 1
        if threshold > len(digits) >= exponent + 1:
            threshold = len(digits)
    if exponent < -4 or exponent >= threshold:
        return sign + _scientific(digits, exponent, len(digits) - 1, "e" if mode == "g" else "E")
    places = max(len(digits) - exponent - 1, 0)
    shifted = digits + "0" * (exponent + 1 - len(digits))
    return sign + _place(int(shifted or "0"), places)


def _shortest(number: Number) -> tuple[str, int]:
    """Return the fewest decimal digits that identify the number, and the exponent of the first."""
    whole, _, fraction = str(number).lstrip("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return "0", 0
    exponent = len(whole) - 1 if whole != "0" else len(digits) - len(fraction) - 1
    return digits.rstrip("0") or "0", exponent


def _significant(number: Number, count: int) -> tuple[str, int]:
    """Return `count` digits, rounded half to even, and the exponent of the first."""
    if number.mantissa == 0:
        return "0" * count, 0
    _, exponent = _shortest(number)
    digits = _digits(_scaled(number, count - 1 - exponent))
    if len(digits) > count:  # rounded up to the next power of ten
        exponent += 1
        digits = digits[:count]
    return digits, exponent


def _scaled(number: Number, places: int) -> int:
    """Return `|number| * 10 ** places`, rounded half to even."""
    assert number.exponent is not None
    top, bottom = abs(number.mantissa), 1
    if places >= 0:
        top *= 10**places
    else:
        bottom = 10**-places
    if number.exponent >= 0:
        top <<= number.exponent
    else:
        bottom <<= -number.exponent
    quotient, rest = divmod(top, bottom)
    return quotient + (2 * rest > bottom or (2 * rest == bottom and quotient % 2 == 1))


def _digits(value: int) -> str:
    return str(Number(value, 0, value.bit_length() + 1)) if value else "0"


def _place(scaled: int, places: int) -> str:
    digits = _digits(scaled)
    if not places:
        return digits
    digits = digits.rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def _scientific(digits: str, exponent: int, precision: int, mode: str) -> str:
    digits = digits.ljust(precision + 1, "0")
    point = "." if precision > 0 else ""
    return f"{digits[0]}{point}{digits[1 : precision + 1]}{mode}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
