"""Each call ends within bounds of time and memory; an error names the limit."""

from contextlib import suppress
from typing import Any

import pytest
from tests.evaluate.functions.calls import call

from iacpolicy.evaluate.values.errors import EvaluationError

LONG = "a" * 5_000_000

HOSTILE: list[tuple[str, tuple[Any, ...]]] = [
    ("format", ("%999999999d", 1)),
    ("format", ("%.999999999f", 1)),
    ("format", ("%100000s" * 200, *["a"] * 200)),
    ("formatlist", ("%99999s", ["a"] * 1_000)),
    ("indent", (1_000_000, "\n" * 1_000)),
    ("indent", (10**18, "\n")),
    ("join", (LONG, ["a", "b", "c", "d"])),
    ("replace", (LONG, "", "aaaa")),
    ("replace", (LONG, "/a/", "bbbb")),
    ("replace", (LONG, "/a/", "")),
    ("split", ("", LONG)),
    ("split", ("a", LONG)),
    ("range", (10**9,)),
    ("range", (1, 2, 0)),
    ("setproduct", (list(range(1_000)), list(range(1_000)))),
    ("setproduct", ([1, 2],) * 30),
    ("cidrsubnets", ("10.0.0.0/8", *[24] * 200_000)),
    ("regexall", ("a", LONG)),
    ("regex", ("(" * 20_000, "a")),
    ("regex", ("((a{1,1000}){1,1000}){1,1000}", "a")),
    ("parseint", ("9" * 100_000, 10)),
    ("jsondecode", ("[" * 100_000,)),
    ("jsondecode", ("[" * 900 + "]" * 900,)),
    ("jsondecode", ("1e999999999",)),
    ("yamldecode", ("[" * 5_000,)),
    ("yamldecode", ("- " * 5_000 + "a",)),
    (
        "yamldecode",
        (
            "a: &a [1,1,1,1,1,1,1,1,1]\n"
            + "".join(
                f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]\n"
                for a, b in zip("abcdefgh", "bcdefghi", strict=True)
            ),
        ),
    ),
    ("csvdecode", ("a,b\n" + "1,2\n" * 100_000,)),
    ("timeadd", ("2024-01-01T00:00:00Z", "1h" * 1_000)),
    ("strrev", ("é" * 2_000_000,)),
]


@pytest.mark.parametrize(("name", "arguments"), HOSTILE, ids=[f"{i}-{h[0]}" for i, h in enumerate(HOSTILE)])
@pytest.mark.timeout(60)
def test_hostile_calls_are_refused_in_time(name: str, arguments: tuple[Any, ...]) -> None:
    """A call that would need too much memory or time is refused at once."""
    with pytest.raises(EvaluationError):
        call(name, *arguments)


SLOW_ELSEWHERE: list[tuple[str, tuple[Any, ...]]] = [
    ("regexall", ("(a+)+b", "a" * 50_000)),
    ("regex", ("(a|a)*c?$", "a" * 100_000)),
    ("replace", ("a" * 100_000, "/(a*)*b/", "x")),
    ("trim", (" " * 1_000_000, " ")),
    ("trimspace", (LONG,)),
    ("title", ("ab " * 300_000,)),
    ("sort", ([str(i) for i in range(20_000)],)),
    ("distinct", ([str(i) for i in range(20_000)],)),
    ("flatten", ([[i] for i in range(20_000)],)),
    ("jsonencode", ([["a"] * 100] * 1_000,)),
    ("yamlencode", ([["a"] * 100] * 1_000,)),
    ("yamldecode", ("- a\n" * 10_000,)),
    ("length", ("é" * 900_000,)),
    ("formatdate", ("YYYY-" * 1_000, "2024-01-01T00:00:00Z")),
    ("base64decode", ("YWFh" * 1_000_000,)),
    ("urlencode", ("é" * 300_000,)),
]


@pytest.mark.parametrize(
    ("name", "arguments"), SLOW_ELSEWHERE, ids=[f"{i}-{h[0]}" for i, h in enumerate(SLOW_ELSEWHERE)]
)
@pytest.mark.timeout(60)
def test_large_arguments_are_answered_in_time(name: str, arguments: tuple[Any, ...]) -> None:
    """The time of a call grows linearly with its arguments."""
    with suppress(EvaluationError):  # `regex` fails without a match
        call(name, *arguments)
