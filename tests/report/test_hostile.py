"""Untrusted text in every format has no effect on a terminal, a log, a page or a parser."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from tests.support import reports

from iacpolicy.core.spans import Span
from iacpolicy.report import FORMATS
from iacpolicy.report.markdown.escaping import code, prose
from iacpolicy.report.options import Options
from iacpolicy.report.printable import MAX_LENGTH, printable, width, without_commands

HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


@pytest.mark.parametrize("format_name", FORMATS)
def test_no_harmful_character_is_left(format_name: str) -> None:
    """Control characters and bidirectional overrides are escaped, and the text can be encoded."""
    text = FORMATS[format_name](reports.hostile(), Options(include_passed=True))
    assert HARMFUL.findall(text) == []
    assert text.encode("utf-8").decode("utf-8") == text


@pytest.mark.parametrize("format_name", ["text", "github"])
def test_no_line_is_a_foreign_command(format_name: str) -> None:
    """In a CI log only the lines of the GitHub format are commands, and they contain no untrusted command."""
    text = FORMATS[format_name](reports.hostile(), Options(include_passed=True))
    commands = [line for line in text.splitlines() if line.strip().startswith("::")]
    assert all(re.match(r"::(error|warning|notice) (file|title)=[^:]*::", line) for line in commands)
    assert bool(commands) is (format_name == "github")
    assert "##[" not in text


def test_github_properties_are_escaped() -> None:
    """A comma or colon in a path does not begin another property, and a percent sign is not an escape."""
    finding = reports.finding(location=Span("a,line=9:%0A.tf", 2, 3, 2, 15), message="100%0A")
    first = FORMATS["github"](reports.report(findings=(finding,))).splitlines()[0]
    assert first.startswith("::error file=a%2Cline=9%3A%250A.tf,line=2,endLine=2,col=3,endColumn=14,title=")
    assert "::100%250A%0A" in first


def test_xml_is_well_formed_and_keeps_the_words() -> None:
    """The JUnit text is valid XML, and markup in names is text."""
    root = ET.fromstring(FORMATS["junit"](reports.hostile()))
    messages = [failure.get("message", "") for failure in root.iter("failure")]
    assert messages
    assert all("<script>" in message and "\\x1b[2J" in message for message in messages)


def test_json_formats_parse_to_the_very_text() -> None:
    """JSON keeps every character but a lone surrogate, and is ASCII."""
    text = FORMATS["json"](reports.hostile())
    assert text.isascii()
    assert json.loads(text)["findings"][0]["message"] == reports.HOSTILE.replace("\ud800", "\ufffd")
    assert json.loads(FORMATS["json"](reports.report(version="\U0001f600")))["tool"]["version"] == "\U0001f600"


def test_markdown_has_no_foreign_markup() -> None:
    """Outside code spans there is no tag, link, mention or table bar from untrusted text."""
    text = FORMATS["markdown"](reports.hostile())
    rows = [line for line in text.splitlines() if line.startswith("| high")]
    assert len(rows) == 1
    bars = re.sub(r"\\\\|\\\|", "", rows[0]).count("|")
    assert bars == 5
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", rows[0].replace("\\`", ""))
    assert "<script" not in outside
    assert "](" not in outside.replace("\\]\\(", "")
    assert "@all" not in outside


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a|b", r"a\|b"),
        ("*a* _b_ `c`", r"\*a\* \_b\_ \`c\`"),
        ("<b> & </b>", "&lt;b&gt; &amp; &lt;/b&gt;"),
        ("@me #12", r"@&#8203;me \#&#8203;12"),
        ("https://x.example www.x.example", "https:&#8203;//x.example www&#8203;.x.example"),
        ("mail a@b.example", "mail a@&#8203;b.example"),
        ("[t](u)", r"\[t\]\(u\)"),
    ],
)
def test_prose(text: str, expected: str) -> None:
    """Markup is escaped, and links and mentions are interrupted by a character."""
    assert prose(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a", "`` `a ``"),
        ("a|b", r"`a\|b`"),
        ("a\\|b", r"a\\\|b"),
        (" ", ""),
    ],
)
def test_code(text: str, expected: str) -> None:
    """The fence is longer than any backtick run in the text, and a table bar is escaped."""
    assert code(text) == expected


def test_printable_is_bounded_and_plain() -> None:
    """A very long text is cut with a mark; ordinary text in any script stays unchanged."""
    assert printable("x" * (MAX_LENGTH + 7)) == "x" * MAX_LENGTH + "… (7 more characters)"
    assert printable("größe 大きさ") == "größe 大きさ"
    assert printable("a\tb\u2028\U000e0041") == "a\\tb\\u2028\\U000e0041"
    assert printable("##vso[x] ##VSO[ ##teamcity[ ## [") == "# #vso[x] # #VSO[ # #teamcity[ ## ["


def test_inert_breaks_commands_at_the_start_of_lines_only() -> None:
    """`::` is escaped at the start of a line, and kept inside a line."""
    assert without_commands("a::b\n  ::error::x\n\x1b[1m::y") == "a::b\n  : :error::x\n\x1b[1m: :y"


def test_width() -> None:
    """Wide characters take two columns, combining characters none."""
    assert [width(t) for t in ("abc", "大", "e\u0301")] == [3, 2, 1]
