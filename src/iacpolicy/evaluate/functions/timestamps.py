"""Timestamps of RFC 3339, and durations in the notation of Go.

Not `datetime`: Terraform's years begin at 0 and do not end at 9999, and it counts nanoseconds.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.evaluate.values.errors import FunctionError

_MOMENT = lazy_pattern(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))\Z",
    re.ASCII,
)
_PART = lazy_pattern(r"(\d*)(?:\.(\d*))?([^\d.]+)", re.ASCII)
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_SECOND = 1_000_000_000
_DAYS_BEFORE_EPOCH = 719_468  # from 1 March of year 0 to 1 January 1970
_MAX_DURATION = 1 << 63
MAX_DURATION_TEXT = 200


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A point in time: nanoseconds since 1970 in UTC, and the written offset from UTC in minutes."""

    nanoseconds: int
    offset: int = 0

    @property
    def _local_seconds(self) -> int:
        return self.nanoseconds // _SECOND + self.offset * 60

    @property
    def date(self) -> tuple[int, int, int]:
        """Return year, month and day at the offset."""
        return _from_days(self._local_seconds // 86_400)

    @property
    def time(self) -> tuple[int, int, int]:
        """Return hour, minute and second at the offset."""
        seconds = self._local_seconds % 86_400
        return seconds // 3600, seconds // 60 % 60, seconds % 60

    @property
    def weekday(self) -> int:
        """Return the day of the week, 0 for Monday."""
        return (self._local_seconds // 86_400 + 3) % 7

    def offset_text(self, separator: str) -> str:
        """Return the offset as `+05:30`, with a separator between hours and minutes."""
        minutes = abs(self.offset)
        return f"{'-' if self.offset < 0 else '+'}{minutes // 60:02d}{separator}{minutes % 60:02d}"

    @property
    def rfc3339(self) -> str:
        """Return the timestamp in RFC 3339, without fractions of a second."""
        year, month, day = self.date
        hour, minute, second = self.time
        sign = "-" if year < 0 else ""
        zone = self.offset_text(":") if self.offset else "Z"
        return f"{sign}{abs(year):04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{zone}"


def parse_timestamp(content: str, argument: int) -> Timestamp:
    """Return the timestamp that a text in RFC 3339 denotes.

    Raises:
        FunctionError: it is no such timestamp.
    """
    match = _MOMENT.match(content)
    if match is None:
        raise FunctionError("not a valid RFC3339 timestamp, such as 2024-05-01T12:00:00Z", argument)
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    offset = int(match[9] or 0) * 60 + int(match[10] or 0)
    if not 1 <= month <= 12 or not 1 <= day <= _days_in(year, month):
        raise FunctionError("not a valid RFC3339 timestamp: there is no such day", argument)
    if hour > 23 or minute > 59 or second > 59 or int(match[9] or 0) > 23 or int(match[10] or 0) > 59:
        raise FunctionError("not a valid RFC3339 timestamp: there is no such time of day", argument)
    if match[8] == "-":
        offset = -offset
    seconds = _to_days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset * 60
    fraction = int((match[7] or "0")[:9].ljust(9, "0"))
    return Timestamp(seconds * _SECOND + fraction, offset)


def parse_duration(content: str, argument: int) -> int:
    """Return the nanoseconds of a duration such as `1h30m` or `-1.5h`.

    Raises:
        FunctionError: it is no duration, or longer than 292 years.
    """
    rest = content[1:] if content[:1] in ("-", "+") else content
    if rest == "0":
        return 0
    total = 0
    position = 0
    if not rest or len(rest) > MAX_DURATION_TEXT:
        raise FunctionError(f'invalid duration "{content[:MAX_DURATION_TEXT]}"', argument)
    while position < len(rest):
        match = _PART.match(rest, position)
        if match is None or not (match[1] or match[2]):
            raise FunctionError(f'invalid duration "{content}"', argument)
        unit = _UNITS.get(match[3])
        if unit is None:
            raise FunctionError(f'unknown unit "{match[3]}" in duration "{content}"', argument)
        digits = match[2] or ""
        total += int(match[1] or 0) * unit + int(Fraction(int(digits or 0) * unit, 10 ** len(digits)))
        position = match.end()
    limit = _MAX_DURATION if content[0] == "-" else _MAX_DURATION - 1
    if total > limit:
        raise FunctionError(f'invalid duration "{content}": longer than 292 years', argument)
    return -total if content[0] == "-" else total


def _days_in(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _to_days(year: int, month: int, day: int) -> int:
    """Return the days since 1970, counted in years that begin in March and end with the leap day."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - _DAYS_BEFORE_EPOCH


def _from_days(days: int) -> tuple[int, int, int]:
    era, day_of_era = divmod(days + _DAYS_BEFORE_EPOCH, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1
