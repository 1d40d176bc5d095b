r"""psql's `\i` and `\ir`: followed inside of the repository, and reported where they cannot be."""

import pytest

from iacpolicy.core.tree import MemoryTree
from iacpolicy.sql.migrations.discover import load
from iacpolicy.sql.privileges.exposure import Verdict, exposures

MAIN = "supabase/migrations/20240101000000_a.sql"


def verdicts(files: dict[str, str]) -> tuple[dict[str, Verdict], list[str]]:
    """Return the verdict of each table, and the errors."""
    (model,), said = load(MemoryTree(files))
    return {str(answer.table.name): answer.verdict for answer in exposures(model)}, [
        d.summary for d in said if d.severity == "error"
    ]


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (r"\i sql/b.sql", "sql/b.sql"),
        (r"\ir ../tables/b.sql", "supabase/tables/b.sql"),
        (r"\i 'tables/b.sql'", "supabase/tables/b.sql"),
        (r"\include b.sql", "supabase/migrations/b.sql"),
        (r"\include_relative './b.sql';", "supabase/migrations/b.sql"),
    ],
)
def test_a_file_is_included_in_its_place(command: str, path: str) -> None:
    """Statements before and after an included file take effect in that order."""
    text = f"create table a (id int);\n{command}\nalter table b enable row level security;\n"
    found, errors = verdicts({MAIN: text, path: "create table b (id int);\n"})
    assert found == {"public.a": Verdict.EXPOSED, "public.b": Verdict.FINE}
    assert errors == []


@pytest.mark.parametrize("command", [r"\i missing.sql", r"\i ../../outside.sql", r"\ir 20240101000000_a.sql"])
def test_a_missing_include_leaves_doubt(command: str) -> None:
    """An included file that is missing, outside of the repository, or the file itself leaves doubt."""
    found, errors = verdicts({MAIN: f"create table a (id int);\n{command}\n"})
    assert found == {"public.a": Verdict.UNCERTAIN}
    assert errors == ["psql command is not followed"]


def test_a_cycle_of_includes_ends() -> None:
    """Two files that include each other are read once each."""
    found, errors = verdicts(
        {MAIN: "\\ir b.sql\n", "supabase/migrations/b.sql": f"create table b (id int);\n\\i {MAIN}\n"}
    )
    assert found == {"public.b": Verdict.UNCERTAIN}
    assert errors == ["psql command is not followed"]


def test_an_error_in_an_included_file_is_on_its_own_line() -> None:
    """The diagnostic points into the included file."""
    _, said = load(MemoryTree({MAIN: "\\ir b.sql\n", "supabase/migrations/b.sql": "select 1;\ncreat table x;\n"}))
    places = [(d.location.path, d.location.line) for d in said if d.location and d.summary == "SQL syntax error"]
    assert places == [("supabase/migrations/b.sql", 2)]
