"""Compare the whole text of every format for the same reports."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.support import reports, snapshots

from iacpolicy.report import FORMATS
from iacpolicy.report.options import Options

EXPECTED = Path(__file__).parent / "expected"
REPORTS = {"leaky": reports.report, "clean": reports.clean, "hostile": reports.hostile, "since": reports.since}


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("format_name", FORMATS)
def test_whole_output(format_name: str, name: str) -> None:
    """The text of a report equals the recorded file, and is the same on a second run."""
    render = FORMATS[format_name]
    actual = render(REPORTS[name]())
    assert actual == render(REPORTS[name]())
    assert actual.endswith("\n")
    snapshots.check(EXPECTED / f"{name}.{format_name}", actual)


@pytest.mark.parametrize("format_name", FORMATS)
def test_passed_results_on_request(format_name: str) -> None:
    """Passed results are shown only on request, in the formats that support them."""
    render = FORMATS[format_name]
    more = render(reports.report(), Options(include_passed=True))
    if format_name in ("github", "gitlab", "markdown"):
        assert more == render(reports.report())
    else:
        assert len(more) > len(render(reports.report()))
        snapshots.check(EXPECTED / f"passed.{format_name}", more)


def test_color() -> None:
    """Colour adds escapes to the text report and changes nothing else."""
    colored = FORMATS["text"](reports.report(), Options(color=True))
    assert "\x1b[31mhigh\x1b[0m" in colored
    plain = colored
    for code in ("0", "1", "1;31", "31", "33", "36", "35", "2", "32"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert plain == FORMATS["text"](reports.report())


def test_formats_are_imported_when_used() -> None:
    """Importing the package imports no format, and the text format no terminal library."""
    program = (
        "import sys, iacpolicy.report as r\n"
        "print(sorted(m for m in sys.modules if m.startswith('iacpolicy.report.')))\n"
        "r.FORMATS['text']\n"
        "unused = ('rich', 'iacpolicy.report.sarif.document', 'urllib.parse', 'hashlib')\n"
        "print([m for m in unused if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first == "['iacpolicy.report.options']"
    assert "rich" not in second
    assert "sarif" not in second


def test_unknown_format() -> None:
    """An unknown format raises KeyError, and the membership test is false."""
    assert "html" not in FORMATS
    with pytest.raises(KeyError):
        FORMATS["html"]
