"""The syntax of waiver comments."""

from datetime import date

import pytest

from iacpolicy.gate.waiver_syntax import WaiverText, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a-b]", WaiverText(("a-b",), None, None)),
        (' [a] reason="x"', None),
        ('[a, b,a] until=2027-01-31 reason="why \\"this\\""', WaiverText(("a", "b"), 'why "this"', date(2027, 1, 31))),
        ("[CKV_AWS_18] reason=legacy", WaiverText(("CKV_AWS_18",), "legacy", None)),
        ('[a] reason="x" # expect: waiver-unused', WaiverText(("a",), "x", None)),
        ('[a] reason="x" */', WaiverText(("a",), "x", None)),
        ('[a] reason=" "', WaiverText(("a",), None, None)),
        ('[a]reason="no space is needed"', WaiverText(("a",), "no space is needed", None)),
        ("", None),
        ("a", None),
        ("[]", None),
        ("[a b]", None),
        ("[*]", None),
        ("[a", None),
        ("[a] because of x", None),
        ("[a] until=tomorrow", None),
        ("[a] until=2027-02-30", None),
        ("[a] until=20270131", None),
        ('[a] owner="x"', None),
        ("[a] until=2027-01-31 until=2027-01-31", None),
        ('[a] reason="never ends', None),
    ],
)
def test_parse(text: str, expected: WaiverText | None) -> None:
    """A waiver is parsed completely, or rejected with the correct form."""
    found = parse(text)
    if expected is None:
        assert isinstance(found, str)
        assert found.endswith(".")
    else:
        assert found == expected
