"""Suggestions for misspelt names."""

import pytest

from iacpolicy.core.similar import MAX_CANDIDATES, MAX_LENGTH, HintForm, did_you_mean


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("regoin", ["region", "zone"], ' Did you mean "region"?'),
        ("zzz", ["region", "zone"], ""),
        ("region", [], ""),
        ("", ["region"], ""),
        ("FAIL-ON", ["fail_on"], ' Did you mean "fail_on"?'),
        ("x" * (MAX_LENGTH + 1), ["x" * MAX_LENGTH], ""),
        ("name1", [f"name{n}" for n in range(MAX_CANDIDATES + 1)], ""),
    ],
)
def test_suggestion(name: str, candidates: list[str], expected: str) -> None:
    """The most similar candidate is suggested, whatever its case; past a limit nothing is compared."""
    assert did_you_mean(name, candidates) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (HintForm.SENTENCE, ' Did you mean "region"?'),
        (HintForm.ASIDE, ' (did you mean "region"?)'),
        (HintForm.CODE_ASIDE, " (did you mean `region`?)"),
    ],
)
def test_form(form: HintForm, expected: str) -> None:
    """Each form can follow a message without more punctuation."""
    assert did_you_mean("regoin", ["region"], form) == expected


def test_cutoff() -> None:
    """A higher cutoff suggests very similar names only."""
    assert did_you_mean("regn", ["region"], cutoff=0.85) == ""
    assert did_you_mean("regn", ["region"])


def test_candidate_is_given_as_written() -> None:
    """The suggestion spells a candidate as its owner wrote it, and does not read braces in it as a format."""
    assert did_you_mean("a-bb", ["A_{b}b", "A_BB"], HintForm.ASIDE) == ' (did you mean "A_BB"?)'
    assert did_you_mean("{x}yy", ["{x}yz"]) == ' Did you mean "{x}yz"?'
