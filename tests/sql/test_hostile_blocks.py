"""PL/pgSQL with excessive work: the replay ends within a bound, counted in steps."""

import sys

import pytest

from iacpolicy.core.sources import SourceFile
from iacpolicy.sql.model.database import Database
from iacpolicy.sql.replay import replay
from iacpolicy.sql.state import replay_state
from iacpolicy.sql.syntax.parse import parse

TABLES = "".join(f"create table t{number} (a int, b int, c int);\n" for number in range(60))
CATALOGUE = "for {} in select c.relname from pg_class c, pg_attribute a where a.attrelid = c.oid loop"
WORK = 60_000
"""The bound of work in these tests; a step may cost no more than `PER_STEP` calls of functions."""

PER_STEP = 10


def block(body: str, declared: str = "") -> str:
    """Return a DO block."""
    return f"do $$ declare {declared} begin\n{body}\nend $$;\n"


def nested(depth: int) -> str:
    """Return loops over the catalogue, each inside of the one before."""
    names = [f"r{number}" for number in range(depth)]
    opened = "\n".join(CATALOGUE.format(name) for name in names)
    inner = "execute format('alter table %I enable row level security', r0.relname);"
    return block(f"{opened}\n{inner}\n{'end loop; ' * depth}", " ".join(f"{name} record;" for name in names))


HOSTILE = {
    "nested loops over the catalogue": nested(6),
    "a billion turns": block("for i in 1..1000000000 loop execute 'alter table t1 rename to t' || i; end loop;"),
    "turns of turns": block("".join(f"for i{n} in 1..1000 loop " for n in range(5)) + "perform 1; " + "end loop; " * 5),
    "an endless loop": block("loop execute 'alter table t1 enable row level security'; end loop;"),
    "a join of the catalogue with itself": block(
        f"for r in select a.relname from {', '.join(f'pg_class {name}' for name in 'abcdefgh')} loop null; end loop;",
        "r record;",
    ),
    "a text that doubles": block("for i in 1..900 loop x := x || x; end loop; execute x;", "x text := 'drop ';"),
    "blocks in blocks": block("begin " * 400 + "null; " + "end; " * 400),
    "conditions in conditions": block("if a > 1 then " * 400 + "null; " + "end if; " * 400, "a int := 2;"),
    "a function that calls itself twice": (
        "create function f() returns void language plpgsql as $$ begin perform f(); perform f(); end $$;\nselect f();\n"
    ),
    "functions that call two each": "".join(
        f"create function f{n}() returns void language plpgsql as $$ begin "
        f"{f'perform f{n - 1}(); ' * 9 if n else 'perform 1;'} end $$;\n"
        for n in range(9)
    )
    + "select f8();\n",
}


def replayed(text: str) -> tuple[Database, list[str], int]:
    """Return the database, the diagnostics, and the number of calls of Python functions."""
    parsed = parse(SourceFile("1_a.sql", TABLES + text))
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        database, said = replay([parsed])
    finally:
        sys.setprofile(before)
    return database, [each.summary for each in said], calls


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_block_ends(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of steps stays near the bound of work, which stops the replay."""
    monkeypatch.setattr(replay_state, "MAX_WORK", WORK)
    _, plain, least = replayed("")
    assert plain == []
    _, _, calls = replayed(HOSTILE[name])
    assert calls - least < PER_STEP * WORK


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bounded_replay_leaves_doubt(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A replay that the bound stops is reported, and every table is in doubt."""
    monkeypatch.setattr(replay_state, "MAX_WORK", WORK)
    database, said, _ = replayed(HOSTILE[name])
    if "Migrations are too large to replay" in said:
        assert database.uncertain
        assert all(table.uncertain for table in database.tables)
