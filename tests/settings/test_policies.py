"""Check the settings of policies against a catalogue."""

import pytest

from iacpolicy.core.tree import MemoryTree
from iacpolicy.policy.meta import Meta, Option, Severity
from iacpolicy.settings.load import load
from iacpolicy.settings.policy_settings import check_policies

META = Meta(
    id="autoscaling-bounds",
    title="t",
    severity=Severity.HIGH,
    on=("x",),
    why="w",
    fix="f",
    options=(
        Option("max", 10, "d"),
        Option("ratio", 0.5, "d"),
        Option("strict", False, "d"),
        Option("types", ("web",), "d"),
        Option("ports", (80, 443), "d"),
        Option("production", "^prod", "d"),
    ),
    aliases=("scaling",),
)
CATALOGUE = {META.id: META}


def problems(text: str) -> list[str]:
    """Return the diagnostics of a settings file, each with its line."""
    settings, mistakes = load(MemoryTree({"iacpolicy.toml": text}))
    assert mistakes == []
    return [f"{p.location and p.location.line}: {p.detail}" for p in check_policies(settings, CATALOGUE)]


def test_right_settings() -> None:
    """Ids, aliases, Checkov ids and options of the right type are accepted."""
    text = (
        '[policies]\nskip = ["scaling", "CKV_AWS_18", "CKV2_GHA_1"]\nenabled = ["autoscaling-bounds"]\n'
        "[policies.autoscaling-bounds]\nmax = 3\nratio = 1\nstrict = true\ntypes = []\nports = [80]\n"
        'production = "x"\nseverity = "low"\n[policies.CKV_AWS_1]\nseverity = "low"\n'
    )
    assert problems(text) == []


def test_unknown_ids_have_a_line_and_a_suggestion() -> None:
    """An unknown id is an error in every setting."""
    text = '[policies]\nskip = ["autoscaling_bound"]\n[policies.autoscaling-bonds]\nmax = 1\n'
    assert problems(text) == [
        '2: `policies.skip`: there is no policy "autoscaling_bound" (did you mean "autoscaling-bounds"?). '
        "`iacpolicy policies` lists all policies.",
        '3: `policies.autoscaling-bonds`: there is no policy "autoscaling-bonds" (did you mean "autoscaling-bounds"?). '
        "`iacpolicy policies` lists all policies.",
    ]


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ('max = "3"', "It is a string; write an integer."),
        ("max = true", "It is a boolean; write an integer."),
        ("max = 1.5", "It is a float; write an integer."),
        ("ratio = true", "It is a boolean; write a float."),
        ("strict = 1", "It is an integer; write a boolean."),
        ('types = "web"', "It is a string; write a list, each item a string."),
        ('ports = ["80"]', "It is a list; write a list, each item an integer."),
        ("production = 2027-01-31", "It is a date or time; write a string."),
        ("production = { a = 1 }", "It is a table; write a string."),
    ],
)
def test_options_have_the_type_of_their_default(line: str, detail: str) -> None:
    """An option of the wrong type is an error at its line, with the expected type."""
    name = line.split(" ", maxsplit=1)[0]
    found = problems(f"[policies.autoscaling-bounds]\n{line}\n")
    assert found == [f"2: `policies.autoscaling-bounds.{name}`: {detail}"]


def test_unknown_option() -> None:
    """An unknown option is an error with a suggestion."""
    found = problems("[policies.autoscaling-bounds]\nmaximum = 3\nseverty = 1\n")
    assert [f.split(". ")[0] for f in found] == [
        '2: `policies.autoscaling-bounds.maximum`: autoscaling-bounds has no such option (did you mean "max"?)',
        '3: `policies.autoscaling-bounds.severty`: autoscaling-bounds has no such option (did you mean "severity"?)',
    ]


def test_settled_values() -> None:
    """Severity and options come from the settings, also under an alias, else from the policy."""
    settings, _ = load(MemoryTree({"iacpolicy.toml": '[policies.scaling]\nmax = 3\nseverity = "low"\n'}))
    assert settings.severity(META) is Severity.LOW
    assert settings.options(META)["max"] == 3
    assert settings.options(META)["ratio"] == 0.5
    default, _ = load(MemoryTree({}))
    assert default.severity(META) is Severity.HIGH
