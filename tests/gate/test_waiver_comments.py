"""The lines that waiver comments in HCL and SQL cover."""

import pytest

from iacpolicy.core.sources import SourceFile
from iacpolicy.gate.waiver_comments import MAX_WAIVERS, FileWaivers, in_hcl, in_sql
from iacpolicy.hcl.parse import parse

HCL = """\
# iacpolicy:ignore[block]
resource "a" "b" {
  x = 1 # iacpolicy:ignore[line]
  // iacpolicy:ignore[first]
  # another comment
  /* iacpolicy:ignore[second] */
  map = {
    "k" = {
      # iacpolicy:ignore[item]
      v = <<-EOT
        text # iacpolicy:ignore[text]
      EOT
    }
  }
  nested { # iacpolicy:ignore[nested]
    y = [
      1,   # iacpolicy:ignore[element]
    ]
  }

  # iacpolicy:ignore[gap]

  z = 1
}
/* iacpolicy:ignore[one] and
   iacpolicy:ignore[two] reason="both" */
output "o" { value = "iacpolicy:ignore[string]" }
# iacpolicy:ignore[end]"""

SQL = """\
-- iacpolicy:ignore[table] reason="public by design"
-- a word more
create table t (
  a int, -- iacpolicy:ignore[column]
  b text default '-- iacpolicy:ignore[string]'
);
create table u (a int); -- iacpolicy:ignore[line]
/* iacpolicy:ignore[function] */
create function f() returns int language sql as $$
  select 1; -- iacpolicy:ignore[body]
$$;
"""


def covered(found: FileWaivers) -> dict[str, tuple[int, int]]:
    """Return the covered lines of each waived policy."""
    return {w.policies[0]: (w.first_line, w.last_line) for w in found[0]}


def hcl(text: str) -> FileWaivers:
    """Return the waivers of a text."""
    source = SourceFile("main.tf", text)
    return in_hcl(source, parse(source).file)


def test_hcl() -> None:
    """A comment covers the element that begins on its line or the next; strings and heredocs contain no comments."""
    assert covered(hcl(HCL)) == {
        "block": (2, 24),
        "line": (3, 3),
        "first": (7, 14),
        "second": (7, 14),
        "item": (10, 12),
        "nested": (15, 19),
        "element": (17, 17),
        "gap": (22, 22),
        "two": (27, 27),
        "end": (29, 29),
    }


def test_invalid_comments_give_warnings() -> None:
    """An invalid waiver comment gives a warning at its location and has no effect."""
    _, problems = hcl(HCL)
    assert [(p.severity.value, p.summary, str(p.location)) for p in problems] == [
        ("warning", "Waiver cannot be parsed", "main.tf:25")
    ]
    assert problems[0].detail.startswith('The comment has no effect. "and" cannot be parsed; write `iacpolicy:ignore[')


def test_sql() -> None:
    """A comment covers the statement that begins on its line or the next."""
    found = in_sql(SourceFile("m.sql", SQL))
    assert covered(found) == {"table": (3, 6), "column": (4, 4), "line": (7, 7), "function": (9, 11)}
    assert found[1] == []
    assert found[0][0].reason == "public by design"
    assert str(found[0][0].location) == "m.sql:1"


def test_the_last_line_of_a_statement() -> None:
    """A comment after a statement of several lines covers it, unless another statement begins on that line."""
    text = """create table a (
  id int -- iacpolicy:ignore[column]
); -- iacpolicy:ignore[behind]
create table b (
  id int
); select 1; -- iacpolicy:ignore[second]
"""
    assert covered(in_sql(SourceFile("m.sql", text))) == {"column": (2, 2), "behind": (1, 3), "second": (6, 6)}


def test_several_policies_and_marks_on_one_line() -> None:
    """One comment can contain several waivers."""
    waivers, problems = hcl('a = 1 # iacpolicy:ignore[x, y] reason="r" # iacpolicy:ignore[z]\n')
    assert [w.policies for w in waivers] == [("x", "y"), ("z",)]
    assert problems == []


def test_files_without_the_mark_are_left_alone() -> None:
    """Files without comments have no waivers."""
    assert hcl("# a comment\na = 1\n") == ([], [])
    assert in_sql(SourceFile("m.sql", "select 1; -- x")) == ([], [])


@pytest.mark.parametrize("read", [hcl, lambda text: in_sql(SourceFile("m.sql", text.replace("#", "--")))])
def test_too_many(read: object) -> None:
    """The number of waivers in a file is limited; a warning reports the rest."""
    assert callable(read)
    waivers, problems = read("# iacpolicy:ignore[x]\n" * (MAX_WAIVERS + 5))
    assert len(waivers) == MAX_WAIVERS
    assert [p.summary for p in problems] == ["Too many waivers in one file"]
    assert problems[0].location.line == MAX_WAIVERS + 1
