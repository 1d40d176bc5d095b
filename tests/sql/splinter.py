"""Compare the policies on databases with Supabase's own linter, whose SQL PostgreSQL runs.

`python -m tests.sql.splinter DIRECTORY` prints every difference; DIRECTORY is a checkout of supabase/splinter or a bare
repository of it, and none of its contents is kept. The cases are those of fixtures/sql, and every state that a test of
splinter uses.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.sql import cases, oracle

from iacpolicy.core.sources import SourceFile
from iacpolicy.engine.run import run
from iacpolicy.graph.graph import Graph
from iacpolicy.pipeline.databases.attach import _nodes
from iacpolicy.policy.loading.load import catalogue_folder, find_policies, load_policy
from iacpolicy.policy.loading.policy import Policy
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.migrations.migration_set import MigrationSet
from iacpolicy.sql.migrations.supabase_config import DefaultGrants
from iacpolicy.sql.model.database import Database, Function, RowPolicy
from iacpolicy.sql.replay import replay
from iacpolicy.sql.syntax.parse import Statement, parse
from iacpolicy.terraform.cells import Cell

OTHER_NAMES = {
    "rls-disabled-in-public": "row-level-security",
    "rls-enabled-no-policy": "rls-policy-missing",
    "rls-policy-always-true": "rls-policy-permissive",
}
BY_POLICY = {"auth-rls-initplan": "auth_rls_init_plan", "rls-references-user-metadata": "rls_references_user_metadata"}
NOT_RUN = {"0005", "0020", "0022", "0025"}
"""Lints about use, bloat and versions, which need a live database, and one that needs a server with libxml."""

AS_TESTED = """
create function auth.email() returns text language sql stable as 'select null::text';
alter table auth.users add column username text constraint users_username_key unique;
alter table auth.users enable row level security;
alter table storage.objects enable row level security;
"""

Place = tuple[str, str]
"""A policy's id and an object."""


class Difference(NamedTuple):
    """An object with different results: `splinter only`, `ours only` or `undecided`."""

    case: str
    policy: str
    item: str
    kind: str


class Comparison(NamedTuple):
    """The result of all cases: the number of equal findings, and the differences."""

    cases: int
    equal: Counter[str]
    refused: int
    differences: list[Difference]


class Linter:
    """The lints of a checkout, and its tests."""

    def __init__(self, directory: Path) -> None:
        bare = next((path for path in (directory, directory / "repo") if (path / "HEAD").exists()), None)
        self.files = _from_git(bare) if bare else _from_disk(directory)
        self.lints = {
            path: re.sub(r"(?is)^\s*create view \S+ as\b", "", text).strip().rstrip(";")
            for path, text in self.files.items()
            if path.startswith("lints/") and path[6:10] not in NOT_RUN
        }

    def found(self, connection: Any, schemas: Sequence[str]) -> set[Place]:
        """Return the findings of the lints in a database whose API shows these schemas."""
        connection.execute("set search_path = ''")
        connection.execute("select set_config('pgrst.db_schemas', %s, false)", [",".join(schemas)])
        found: set[Place] = set()
        for text in self.lints.values():
            query = f"select name, metadata, cache_key from ({text}) as lint"
            for name, facts, key in connection.execute(query):
                found |= set(_places(name.replace("_", "-"), facts, key))
        return found

    def tests(self) -> Iterator[tuple[str, list[str], tuple[str, ...]]]:
        """Yield every state that a test uses: its statements, and the exposed schemas."""
        for path, text in sorted(self.files.items()):
            if not path.startswith("test/sql/0") or path[9:13] in NOT_RUN:
                continue
            done: list[str] = []
            marks: dict[str, int] = {}
            settings: list[tuple[str, ...]] = [("public",)]
            asked = 0
            for item in parse(SourceFile(path, text)).items:
                if not isinstance(item, Statement):
                    continue
                if item.kind == "TransactionStmt":
                    words = item.text.lower().rstrip(";").split()
                    if words[0] == "savepoint":
                        marks[words[1]] = len(done)
                    elif words[0] == "rollback" and words[-1] in marks:
                        del done[marks[words[-1]] :]
                elif exposed := re.match(r"(?i)set local pgrst\.db_schemas = '(.*)'", item.text):
                    settings.append(tuple(part.strip() for part in exposed[1].split(",")))
                elif "lint." in item.text:
                    asked += 1
                    if done:
                        yield f"{path[9:-4]}:{item.span.line}", list(done), settings[-1]
                elif not item.text.lower().startswith("set "):
                    done.append(item.text)


def _from_git(repository: Path) -> dict[str, str]:
    def git(*arguments: str) -> str:
        command = ["git", f"--git-dir={repository}", *arguments]
        return subprocess.run(command, check=True, capture_output=True).stdout.decode()

    paths = git("ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")
    return {path: git("show", f"HEAD:{path}") for path in paths if re.match(r"(lints|test/sql)/.*\.sql", path)}


def _from_disk(directory: Path) -> dict[str, str]:
    paths = (*directory.glob("lints/*.sql"), *directory.glob("test/sql/*.sql"))
    return {path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def _places(name: str, facts: Any, key: str) -> Iterator[Place]:
    policy = OTHER_NAMES.get(name, name)
    item = f"{facts.get('schema')}.{facts['name']}"
    if name in BY_POLICY:
        yield policy, f"{item} {key.removeprefix('_'.join((BY_POLICY[name], facts['schema'], facts['name'], '')))}"
    elif "policy_name" in facts:
        yield policy, f"{item} {facts['policy_name']}"
    elif "policy_names" in facts:
        yield from ((policy, f"storage.objects {each}") for each in facts["policy_names"])
    else:
        yield policy, str(facts["name"]) if facts.get("type") == "extension" else item


def policies(linter: Linter) -> list[Policy]:
    """Return the policies that have a lint."""
    names = {re.sub(r"lints/\d+_|\.sql", "", path).replace("_", "-") for path in linter.lints}
    wanted = {OTHER_NAMES.get(name, name) for name in names}
    loaded = [load_policy(folder) for name, folder in find_policies(catalogue_folder()).items() if name in wanted]
    found = [each for each in loaded if isinstance(each, Policy)]
    assert {each.id for each in found} == wanted
    return found


def ours(model: SchemaModel, those: Sequence[Policy]) -> tuple[set[Place], set[Place]]:
    """Return the findings of the policies in a model, and the undecided objects."""
    nodes = list(_nodes(model, 0))
    names = {node.address: _item(node.payload[0]) for node in nodes}
    results = run(those, [Graph(Cell("", None), 0, None, tuple(nodes))], {}, {})
    assert not results.crashes
    found = set()
    for each in results.findings:
        for address in each.addresses or (each.address,):
            found.add((each.policy, names[address] or each.message.split()[0]))
    return found, {(each.policy, names[each.address]) for each in results.undecided}


def _item(thing: Any) -> str:
    if isinstance(thing, Database):
        return ""
    if isinstance(thing, RowPolicy):
        return f"{thing.table.schema}.{thing.table.name} {thing.name}"
    if isinstance(thing, Function) or hasattr(thing.name, "schema"):
        return f"{thing.name.schema}.{thing.name.name}"
    return str(thing.name)


def compare(server: oracle.Server, linter: Linter) -> Comparison:
    """Compare all cases."""
    those = policies(linter)
    result = Comparison(0, Counter(), 0, [])
    for name in cases.NAMES:
        if cases.without_oracle(name) is not None:
            continue
        model, _ = cases.load(name)
        texts = [path.read_text(encoding="utf-8") for path in cases.files(name)]
        with server.database() as connection:
            connection.execute(AS_TESTED)
            if model.default_grants is DefaultGrants.NONE:
                connection.execute(oracle.WITHOUT_DEFAULTS)
            oracle.apply(connection, texts)
            theirs = linter.found(connection, model.exposed_schemas)
        result = _with(result, name, theirs, *ours(model, those))
    for name, statements, exposed in linter.tests():
        with server.database() as connection:
            connection.execute(AS_TESTED)
            taken = [text for text in statements if _taken(connection, text)]
            theirs = linter.found(connection, exposed)
        database, _ = replay([parse(SourceFile("1_a.sql", ";\n".join(text.rstrip(";") for text in taken)))])
        model = SchemaModel(MigrationSet("", "", ("1_a.sql",)), database, exposed_schemas=exposed)
        result = _with(result, name, theirs, *ours(model, those))
        result = result._replace(refused=result.refused + len(statements) - len(taken))
    return result


def _taken(connection: Any, text: str) -> bool:
    try:
        connection.execute(text)
    except Exception as problem:
        if not type(problem).__module__.startswith("psycopg"):
            raise
        return False
    return True


def _with(result: Comparison, name: str, theirs: set[Place], found: set[Place], unsure: set[Place]) -> Comparison:
    doubted = {policy for policy, item in unsure if not item}
    result.equal.update(policy for policy, _ in theirs & found)
    for policy, item in sorted(theirs ^ found):
        if (policy, item) in found:
            kind = "ours only"
        else:
            kind = "undecided" if (policy, item) in unsure or policy in doubted else "splinter only"
        result.differences.append(Difference(name, policy, item, kind))
    return result._replace(cases=result.cases + 1)


def main() -> int:
    """Print the differences, then the sums."""
    with oracle.serve() as server:
        result = compare(server, Linter(Path(sys.argv[1])))
    for each in result.differences:
        print(f"{each.kind:13} {each.policy}: {each.item} ({each.case})")
    for policy, count in sorted(result.equal.items()):
        print(f"{count:5} equal {policy}")
    kinds = Counter(each.kind for each in result.differences)
    print(f"{result.cases} cases, {result.equal.total()} equal, {dict(kinds)}, {result.refused} statements refused")
    return int(bool(result.differences))


if __name__ == "__main__":
    sys.exit(main())
