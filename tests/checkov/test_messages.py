"""Parse the log of Checkov."""

from pathlib import Path

from iacpolicy.checkov.messages import MAX_MESSAGES, last_line, read
from iacpolicy.core.diagnostics import Level

ROOT = Path("/repository")
STAMP = "2026-11-24 19:45:22,786 [MainThread  ] "
TRACEBACK = (
    'Traceback (most recent call last):\n  File "/checks/x.py", line 1, in <module>\n    import y\n'
    "ModuleNotFoundError: No module named 'y'\n"
)


def test_errors_and_checks_left_out_make_the_run_incomplete() -> None:
    """A message about a skipped check is an error at any level of Checkov; other warnings are notes."""
    log = (
        f"{STAMP}[ERROR]  Cannot load external check 'x' from /repository/checks/x.py\n{TRACEBACK}"
        f"{STAMP}[WARNI]  Failed to parse check id 'CKV2_Y' from file y.yaml: no such operator. Skipping.\n"
        f"{STAMP}[WARNI]  Custom policy /repository/z.yaml is missing required fields definition\n"
        f"{STAMP}[WARNI]  Unable to load module (terraform-aws-modules/eks/aws): list index out of range\n"
    )
    said = read(log.encode(), ROOT)
    assert [d.severity for d in said] == [Level.ERROR, Level.ERROR, Level.ERROR, Level.NOTE]
    assert said[0].detail.startswith("Cannot load external check 'x' from checks/x.py (ModuleNotFoundError). ")
    assert "No module named" not in said[0].detail


def test_repeated_and_many_messages() -> None:
    """The number of messages in the report is limited."""
    lines = [f"{STAMP}[WARNI]  number {n}" for n in range(MAX_MESSAGES + 7)]
    said = read("\n".join(lines[:1] * 5 + lines).encode(), ROOT)
    assert len(said) == MAX_MESSAGES + 1
    assert said[-1].detail.startswith("7 ")


def test_control_characters_do_not_reach_the_terminal() -> None:
    """A message is one printable line of limited length."""
    (said,) = read(f"{STAMP}[ERROR]  a\x1b[31mb{'c' * 1000}\n".encode(), ROOT)
    assert "\x1b" not in said.detail
    assert len(said.detail) < 400


def test_last_line() -> None:
    """The last line is the type of the exception of a traceback, else the last unindented line, else empty."""
    assert last_line(TRACEBACK.encode(), ROOT) == "ModuleNotFoundError"
    assert last_line(b"usage: checkov\n  indented\n", ROOT) == "usage: checkov"
    assert last_line(b"", ROOT) == ""
