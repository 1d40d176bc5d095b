r"""psql's own language in migrations: variables, and commands that may run anything."""

import pytest

from iacpolicy.core.tree import MemoryTree
from iacpolicy.sql.migrations.discover import load
from iacpolicy.sql.privileges.exposure import Verdict, exposures

TABLE = "create table a (id int);\n"


def verdicts(text: str) -> tuple[dict[str, Verdict], list[str]]:
    """Return the verdict of each table, and the errors."""
    (model,), said = load(MemoryTree({"supabase/migrations/1_a.sql": text}))
    return {str(answer.table.name): answer.verdict for answer in exposures(model)}, [
        d.summary for d in said if d.severity == "error"
    ]


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("\\set t a\ncreate table :t (id int);\n", "public.a"),
        ("\\set t 'a b'\ncreate table :\"t\" (id int default '1'::int);\n", 'public."a b"'),
        ("\\set p app_\n\\set t :p users\ncreate table :t (id int);\n", "public.app_users"),
        ("\\set t a\n\\set t b\ncreate table :t (id int);\n", "public.b"),
        ("\\set t a\ncreate table b (id text default ':t' check (id <> :'t'));\n", "public.b"),
    ],
)
def test_variables_are_replaced(text: str, table: str) -> None:
    """A variable is replaced as a word, a string or an identifier, but not inside of strings."""
    assert verdicts(text) == ({table: Verdict.EXPOSED}, [])


@pytest.mark.parametrize(
    "text",
    [
        "create table :t (id int);\n",
        "\\set t `date`\ncreate table :t (id int);\n",
        "\\set t a\n\\unset t\nselect :t;\n",
    ],
)
def test_a_variable_from_outside_makes_an_unread_statement(text: str) -> None:
    """A variable that `-v`, a command or no text sets cannot be replaced."""
    assert verdicts(text) == ({}, ["SQL syntax error"])


@pytest.mark.parametrize(
    "text", ["\\if :x\nselect 1;\n\\endif\n", "select 'drop table a'\n\\gexec\n", "\\! rm\n\\i x\n"]
)
def test_a_command_that_runs_sql_leaves_doubt(text: str) -> None:
    """A command is not run to find its result."""
    found, errors = verdicts(TABLE + text)
    assert found == {"public.a": Verdict.UNCERTAIN}
    assert set(errors) == {"psql command is not followed"}


@pytest.mark.parametrize(
    "text", ["\\copy a from 'x.csv' csv\n", "select 1 \\gset\n", "select 1\n\\g\n", "\\timing on\n"]
)
def test_a_harmless_command_is_ignored(text: str) -> None:
    """Commands about rows and psql's own settings are harmless."""
    assert verdicts(text + TABLE) == ({"public.a": Verdict.EXPOSED}, [])
