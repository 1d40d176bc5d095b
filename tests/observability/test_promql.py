"""PromQL: selected series, replaced variables, and texts that would crash the parser."""

import subprocess
import sys
from typing import Any

import pytest
from tests.observability.cases import cases, told

from iacpolicy.observability.monitors import ReplacedVariables
from iacpolicy.observability.promql import parse as promql
from iacpolicy.observability.promql.parse import Invalid, Query, Unparsed, parse


@pytest.mark.parametrize("case", cases("promql"), ids=lambda case: case["text"] or "(empty)")
def test_case(case: dict[str, Any]) -> None:
    """Each expression selects what the table says, or is refused for that reason."""
    parsed = parse(case["text"], ReplacedVariables(case.get("variables", "none")))
    if "invalid" in case:
        assert isinstance(parsed, Invalid)
        assert case["invalid"] in parsed.reason
        return
    assert isinstance(parsed, Query), parsed
    assert told(parsed) == case["selects"]
    assert sorted(parsed.labels) == case.get("labels", [])


# Each of them, given to the parser as it is, ends the process or keeps it busy.
HOSTILE = {
    "parentheses": "(" * 10_000 + "1" + ")" * 10_000,
    "few parentheses, long text": "(" * 1_000 + "1" + ")" * 1_000,
    "calls": "abs(" * 5_000 + "x" + ")" * 5_000,
    "operators": "1" + "+1" * 9_000,
    "powers": "1" + "^1" * 5_000,
    "words": "a" + " and a" * 3_000,
    "signs": "-" * 15_000 + "1",
    "brackets": "x" + "[5m:1m]" * 2_000,
    "length": "x" * 30_000,
    "length of a string": 'x{a="' + "y" * 30_000 + '"}',
    "open strings": 'x{a="' * 3_000,
    "braces": "{" * 15_000,
    "variables": "$a" * 9_000,
    "by": "by(" * 6_000 + "$a",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_nothing(name: str) -> None:
    """The process survives, and an unparsed expression has a reason."""
    code = (
        "import sys\nfrom iacpolicy.observability.promql.parse import parse\n"
        "from iacpolicy.observability.monitors import ReplacedVariables\n"
        "print(type(parse(sys.stdin.read(), ReplacedVariables.ALL)).__name__)"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, input=HOSTILE[name], capture_output=True, text=True, timeout=20, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == {"variables": "Query", "brackets": "Invalid"}.get(name, "Unparsed")


def test_brackets_in_strings_do_not_nest() -> None:
    """Only what the parser would recurse into counts."""
    text = 'up{a="' + "(" * 500 + '", b=~"' + "[(]" * 300 + '"}'
    assert isinstance(parse(text), Query)


def test_without_the_parser_nothing_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the wheel an expression is not parsed, and is neither valid nor invalid."""
    monkeypatch.setattr(promql, "library", lambda: None)
    promql._parse.cache_clear()
    try:
        assert parse("up == 0") == Unparsed("the package promql-parser is not installed")
    finally:
        promql._parse.cache_clear()
