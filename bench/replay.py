"""Cost of replaying 10,000 SQL statements, compared with parsing alone, in turns in one process."""

import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from iacpolicy.core.sources import SourceFile
from iacpolicy.sql.migrations.discover import MigrationSet, SchemaModel
from iacpolicy.sql.model.database import Database
from iacpolicy.sql.privileges.exposure import exposures
from iacpolicy.sql.replay import replay
from iacpolicy.sql.syntax.grammar import read_sql
from iacpolicy.sql.syntax.parse import parse

STATEMENTS = 10_000
FILES = 100
LIMIT = 5.0


def migrations() -> list[SourceFile]:
    """Return typical migrations: tables, keys, indexes, policies, grants, functions, blocks, comments, rows."""
    texts: list[list[str]] = [[] for _ in range(FILES)]
    for number, statement in zip(range(STATEMENTS), _statements(), strict=False):
        texts[number * FILES // STATEMENTS].append(statement)
    return [SourceFile(f"{index:03}_file.sql", ";\n".join(text) + ";\n") for index, text in enumerate(texts)]


def _statements() -> Iterator[str]:
    number = 0
    while True:
        table = f"public.table_{number}"
        yield (
            f"create table {table} (\n  id bigint generated always as identity primary key,\n"
            f"  owner uuid not null references auth.users (id),\n  title text not null default '',\n"
            "  created_at timestamptz not null default now()\n)"
        )
        yield f"create index on {table} (owner, created_at desc)"
        yield f"alter table {table} enable row level security"
        yield f'create policy "own rows" on {table} for select to authenticated using ((select auth.uid()) = owner)'
        yield (
            f'create policy "own changes" on {table} for update to authenticated\n'
            "  using ((select auth.uid()) = owner) with check ((select auth.uid()) = owner)"
        )
        yield f"revoke all on {table} from anon"
        yield f"grant select, update (title) on {table} to authenticated"
        yield f"comment on table {table} is 'One of many'"
        yield (
            f"create or replace function public.touch_{number}() returns trigger language plpgsql\n"
            "set search_path = '' as $$ begin new.created_at := now(); return new; end $$"
        )
        yield f"insert into {table} (owner, title) values (null, 'first'), (null, 'second')"
        yield f"alter table {table} add column note text, alter column title drop default"
        if number % 10 == 0:
            command = f"format('alter table public.%I force row level security', 'table_{number}')"
            yield f"do $$ begin execute {command}; end $$"
        number += 1


@dataclass(slots=True)
class Measured:
    """Seconds of each round for parsing alone and for the replay, and the result of the last replay."""

    alone: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    database: Database = field(default_factory=Database)


def measure(rounds: int = 5) -> Measured:
    """Parse the migrations, and replay them, in turns."""
    files = migrations()
    measured = Measured()
    replay([parse(files[0])])  # what is imported and compiled on the way is no part of it
    for _ in range(rounds):
        begin = time.process_time()
        for file in files:
            read_sql(file.text)
        measured.alone.append(time.process_time() - begin)
        begin = time.process_time()
        measured.database, said = replay(parse(file) for file in files)
        measured.whole.append(time.process_time() - begin)
        assert not said, said[0]
    return measured


def main() -> int:
    """Print the medians and their ratio. Exit with 1 if the ratio exceeds the limit."""
    files = migrations()
    measured = measure()
    alone, whole, database = measured.alone, measured.whole, measured.database
    begin = time.process_time()
    exposures(SchemaModel(MigrationSet("", "", tuple(file.path for file in files)), database))
    judged = time.process_time() - begin
    times = statistics.median(whole) / statistics.median(alone)
    print(f"{STATEMENTS} statements in {FILES} files, {len(database.tables)} tables")
    print(f"grammar alone {statistics.median(alone):.3f} s, read and replayed {statistics.median(whole):.3f} s")
    print(f"{times:.1f}x, at most {LIMIT:.0f}x; every table judged in {judged:.3f} s more")
    return int(times > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
