"""Compare the models of real projects' migrations with PostgreSQL: equal, unknown with a reason, or a contradiction.

`python -m tests.sql.public DIRECTORY` prints the figures; DIRECTORY holds checkouts or bare repositories, and none of
their contents is kept. A file that the embedded server refuses is applied statement by statement. A statement that it
refuses is left out of both sides and counted.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.sql import oracle
from tests.sql.compare import contradictions

from iacpolicy.core.sources import SourceFile
from iacpolicy.sql.model.database import Database
from iacpolicy.sql.replay import replay
from iacpolicy.sql.syntax.parse import ParsedFile, Statement, parse

STAND_INS = Path(__file__).with_name("extensions.sql").read_text(encoding="utf-8")

ROLES = ("supabase_admin", "supabase_auth_admin", "supabase_storage_admin", "authenticator", "dashboard_user")

_migrations = re.compile(r"((?:.*/)?(?:supabase/)?migrations)/[^/]+\.sql").fullmatch
_extension = re.compile(r"(?im)^\s*(?:create|drop|alter|comment on) extension\b[^;]*;")


class Outcome(NamedTuple):
    """The result for one set of migrations."""

    name: str
    files: int
    statements: int
    refused: list[tuple[str, str]]
    objects: int
    unknown: int
    wrong: list[str]


def sets(directory: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield every folder of migrations below a directory, with its files in order."""
    for repository in sorted(directory.iterdir()):
        bare = next((path for path in (repository, repository / "repo") if (path / "HEAD").exists()), None)
        texts = _from_git(bare) if bare else _from_disk(repository)
        by_folder: dict[str, list[tuple[str, str]]] = {}
        for path, text in texts:
            found = _migrations(path)
            if found:
                by_folder.setdefault(found[1], []).append((path, text))
        for folder, files in sorted(by_folder.items()):
            yield f"{repository.name}/{folder}", sorted(files)


def _from_disk(repository: Path) -> Iterator[tuple[str, str]]:
    for path in repository.rglob("*.sql"):
        yield path.relative_to(repository).as_posix(), path.read_text(encoding="utf-8", errors="replace")


def _from_git(repository: Path) -> Iterator[tuple[str, str]]:
    def git(*arguments: str) -> bytes:
        command = ["git", f"--git-dir={repository}", *arguments]
        return subprocess.run(command, check=True, capture_output=True).stdout

    for path in git("ls-tree", "-r", "-z", "--name-only", "HEAD").decode(errors="replace").split("\0"):
        if _migrations(path):
            yield path, git("show", f"HEAD:{path}").decode(errors="replace")


def hold(server: oracle.Server, name: str, files: list[tuple[str, str]]) -> Outcome:
    """Apply one set to both sides and compare."""
    refused = []
    accepted = []
    with server.database() as first:
        first.execute(STAND_INS)
        first.execute('alter database scratch set search_path = "$user", public, extensions')
        with server.psycopg.connect(server.uri.replace("/postgres?", "/scratch?"), autocommit=True) as connection:
            for path, text in files:
                parsed = parse(SourceFile(path, text))
                if _applied(connection, _extension.sub("", text)) is None:
                    accepted.append(parsed)
                    continue
                taken = []
                for item in parsed.items:
                    if not isinstance(item, Statement) or not item.text or item.kind == "TransactionStmt":
                        continue
                    problem = _applied(connection, _extension.sub("", item.text), fresh=False)
                    if problem is None:
                        taken.append(item)
                    else:
                        refused.append((f"{path}:{item.span.line}", problem))
                accepted.append(ParsedFile(path, tuple(taken), ()))
            connection.execute("reset role")
            connection.execute("reset all")
            database, _ = replay(accepted)
            # The prelude has made substitutes for the extensions, in their own schema.
            wrong = [each for each in contradictions(connection, database) if not each.startswith("extension ")]
    objects = len(database.tables) + len(database.views) + len(database.functions) + len(database.sequences)
    statements = sum(len(file.items) for file in accepted)
    return Outcome(name, len(files), statements, refused, objects, unknown(database), wrong)


def _applied(connection: Any, text: str, *, fresh: bool = True) -> str | None:
    """Run a file or a statement as one batch, and return the refusal, None without one."""
    try:
        if fresh:
            connection.execute("reset all")
        connection.execute("set statement_timeout = '20s'")
        connection.execute("set check_function_bodies = off")
        connection.execute(text)
    except Exception as problem:
        if not type(problem).__module__.startswith("psycopg"):
            raise
        connection.execute("rollback")
        return str(problem).partition("\n")[0]
    return None


@contextmanager
def with_roles(server: oracle.Server) -> Iterator[None]:
    """Create the roles of a Supabase project that the prelude lacks; they stay for every set."""
    before = set(server.known)
    with server.psycopg.connect(server.uri, autocommit=True) as connection:
        for role in ROLES:
            connection.execute(f"create role {role}")
        server.known |= set(ROLES)
        yield
        for role in ROLES:
            connection.execute(f"drop role {role}")
        server.known = before


def unknown(database: Database) -> int:
    """Return the number of objects with a doubt, each with a reason."""
    groups = (database.tables, database.views, database.functions, database.sequences, database.roles)
    policies = [policy for table in database.tables for policy in table.policies if policy.uncertain]
    return sum(bool(each.uncertain) for group in groups for each in group) + len(policies)


def main() -> int:
    """Print one line for each set, then the contradictions and the sums."""
    outcomes = []
    with oracle.serve() as server, with_roles(server):
        for name, files in sets(Path(sys.argv[1])):
            outcome = hold(server, name, files)
            outcomes.append(outcome)
            print(
                f"{name}: {outcome.files} files, {outcome.statements} statements "
                f"({len(outcome.refused)} refused), {outcome.objects} objects, "
                f"{outcome.unknown} unknown, {len(outcome.wrong)} contradictions",
                flush=True,
            )
            shown = outcome.wrong[:20]
            for line in (*(f"  refused {path}: {why}" for path, why in outcome.refused[:3]), *shown):
                print(f"    {line[:220]}")
    wrong = sum(len(outcome.wrong) for outcome in outcomes)
    read, statements = sum(each.files for each in outcomes), sum(each.statements for each in outcomes)
    refused, objects = sum(len(each.refused) for each in outcomes), sum(each.objects for each in outcomes)
    doubted = sum(each.unknown for each in outcomes)
    print(f"{len(outcomes)} sets, {read} files, {statements} statements ({refused} refused), {objects} objects,")
    print(f"{doubted} unknown with a reason, {wrong} contradictions")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
