"""Every kind of statement is handled, or known to be harmless, or leaves doubt."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.sql import oracle

from iacpolicy.core.tree import MemoryTree
from iacpolicy.sql import replay
from iacpolicy.sql.migrations.discover import SchemaModel, load
from iacpolicy.sql.model.database import Aspect, TableKind
from iacpolicy.sql.privileges.exposure import Verdict, exposures
from iacpolicy.sql.statements import alter
from iacpolicy.sql.statements.harmless import HARMLESS, HARMLESS_TABLE_COMMANDS
from iacpolicy.sql.syntax.grammar import read_sql

KINDS: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("statement_kinds.toml").read_text(encoding="utf-8")
)
INNER = frozenset({"PLAssignStmt", "PlannedStmt", "RawStmt", "ReplicaIdentityStmt", "ReturnStmt", "SetOperationStmt"})
"""Nodes whose names end in `Stmt` and that are no statements: parts of others, or made by the planner."""


def model_of(*texts: str) -> SchemaModel:
    """Return the model of migrations with these texts."""
    files = {f"supabase/migrations/{number}_a.sql": text for number, text in enumerate(texts, 1)}
    (model,), diagnostics = load(MemoryTree(files))
    assert [each for each in diagnostics if each.severity == "error"] == []
    return model


def test_every_kind_of_the_grammar_has_an_example() -> None:
    """A newer grammar with another kind of statement fails here, before it passes silently in a migration."""
    import pgparse

    printed = set(re.findall(rb'"([A-Z][A-Za-z]+Stmt)":', Path(pgparse.__file__).read_bytes()))
    assert {name.decode() for name in printed} - INNER == KINDS.keys()


def test_every_kind_is_handled_or_harmless() -> None:
    """No kind is in neither table or in both, and each harmless one has its reason in a line."""
    assert replay.HANDLERS.keys() | HARMLESS.keys() == KINDS.keys()
    assert not replay.HANDLERS.keys() & HARMLESS.keys()
    assert all(len(reason) > 10 and "\n" not in reason for reason in HARMLESS.values())


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kind_is_of_that_kind(kind: str) -> None:
    """The table of examples names the kind that the grammar reads."""
    (statement,) = read_sql(KINDS[kind]["sql"])
    assert [*statement["stmt"]] == [kind]


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_harmless_statement_leaves_no_doubt(kind: str) -> None:
    """A table beside it is judged as without the statement."""
    model = model_of("create table beside (id int)", f"{KINDS[kind].get('before', '')}; {KINDS[kind]['sql']}")
    assert model.database.uncertain == ()
    assert all(not table.doubts(*Aspect) for table in model.database.tables)
    assert "beside" in [each.table.name.name for each in exposures(model) if each.verdict is Verdict.EXPOSED]


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_kind_leaves_doubt(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement in neither table names itself as the reason why every table is in doubt."""
    monkeypatch.setattr(replay, "HARMLESS", {name: why for name, why in HARMLESS.items() if name != kind})
    monkeypatch.delitem(replay.HANDLERS, kind, raising=False)
    (reason,) = model_of(KINDS[kind]["sql"]).database.uncertain
    assert reason.aspect is Aspect.EXISTENCE
    assert re.fullmatch(r"the effect of [A-Z ]+ is unknown", reason.text)


def test_an_unknown_statement_is_named() -> None:
    """The message has the words of SQL, as far as the node's name tells them."""
    assert replay.command_of("AlterTSDictionaryStmt") == "ALTER TS DICTIONARY"
    assert replay.command_of("ImportForeignSchemaStmt") == "IMPORT FOREIGN SCHEMA"


def test_postgresql_takes_the_examples(server: oracle.Server) -> None:
    """Each example runs, or is refused for something that the embedded server lacks, never for its syntax."""
    wrong = []
    with server.database() as connection:
        for kind, example in KINDS.items():
            around = ("begin", "rollback") if example.get("transaction", True) else ("", example.get("after", ""))
            for text in (around[0], example.get("before", ""), example["sql"], around[1]):
                try:
                    for each in filter(None, text.split("; ")):
                        connection.execute(each)
                except server.psycopg.Error as problem:
                    if text != example["sql"] or example.get("refused", "\0") not in str(problem):
                        wrong.append((kind, str(problem)))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("copy a from program 'psql -f x.sql'", "runs a program"),
        ("copy (select 1) to program 'psql -f x.sql'", "runs a program"),
        ("security label for pgsodium on column a.id is 'ENCRYPT'", "pgsodium"),
        ("security label on column a.id is 'ENCRYPT'", "pgsodium"),
    ],
)
def test_a_statement_that_may_make_objects_leaves_doubt(text: str, words: str) -> None:
    """The reason names a program outside of SQL, or an extension that makes objects."""
    (reason,) = model_of("create table a (id int)", text).database.uncertain
    assert reason.aspect is Aspect.EXISTENCE
    assert words in reason.text


@pytest.mark.parametrize(
    "text",
    [
        "copy a from '/tmp/rows.csv'",
        "security label for anon on column a.id is 'MASKED WITH VALUE NULL'",
        "security label for selinux on table a is 'x'",
    ],
)
def test_files_of_rows_and_other_labels_are_harmless(text: str) -> None:
    """COPY of a file and labels of other providers change no object."""
    assert model_of("create table a (id int)", text).database.uncertain == ()


FUNCTION = (
    "create table a (id int); alter table a enable row level security; "
    "create function f() returns {} language plpgsql as "
    "$$ begin alter table a disable row level security; return {}; end $$; "
)


@pytest.mark.parametrize(
    "text",
    [
        FUNCTION.format("trigger", "null")
        + "create trigger t after truncate on a execute function f(); truncate table a;",
        FUNCTION.format("int", "1") + "create materialized view m as select f() with no data; "
        "refresh materialized view m;",
        FUNCTION.format("int", "1") + "create view v as select f(); create materialized view m as select * from v "
        "with no data; refresh materialized view m;",
        FUNCTION.format("int", "1") + "declare c cursor for select f();",
        FUNCTION.format("int", "1") + "prepare p (int) as select $1; execute p(f());",
    ],
)
def test_functions_behind_other_statements_leave_doubt(text: str) -> None:
    """TRUNCATE, REFRESH, DECLARE and EXECUTE run functions that may switch row-level security off."""
    table = model_of(text).database.table("public", "a")
    assert table is not None
    assert table.doubts(Aspect.RLS)


@pytest.mark.parametrize(
    ("text", "is_made"),
    [
        ("explain analyze create table made as select 1 as a", True),
        ("explain (analyze 1) create table made as select 1 as a", True),
        ("explain (analyze ' || now() || ') create table made as select 1 as a", True),
        ("explain verbose create table made as select 1 as a", False),
        ("explain (analyze false) create table made as select 1 as a", False),
    ],
)
def test_a_dynamic_explain_runs_its_statement_with_analyze(text: str, is_made: bool) -> None:
    """A text with a part that only the running database knows leaves the tables in doubt that it may make."""
    written = text.replace("' || now() || '", "on") + " -- "
    unknown = f"do $d$ begin execute '{text} -- ' || now(); end $d$"
    assert [table.name.name for table in model_of(written).database.tables] == (["made"] if is_made else [])
    assert bool(model_of(unknown).database.uncertain) is is_made


@pytest.mark.parametrize(
    "text",
    [
        "select ext.f()",
        "select 1 + ext.f()",
        "select 1 where ext.f()",
        "select * from abs(ext.f())",
        "with x as (select ext.f()) select 1",
        "values (ext.f())",
        "declare c cursor for select ext.f(); fetch c",
        "prepare p as select ext.f(); execute p",
        "prepare p as select ext.f(); create table t as execute p",
        "explain analyze select ext.f()",
        "explain (analyze) insert into a select ext.f()",
        "copy (select ext.f()) to stdout",
        "copy a (id) from '/tmp/x' where ext.f()",
        "merge into a using b on ext.f() when matched then delete",
        "create materialized view m as select ext.f()",
        "create materialized view m as select ext.f() with no data; refresh materialized view m",
        "create view v as select ext.f(); select * from v",
        "create table t as select ext.f()",
        "select ext.f() into t",
        "insert into a select ext.f()",
        "insert into a (id) values (ext.f())",
        "insert into a values (ext . f (1)), (ext.f/* none */(2))",
        "insert into a values (1) returning ext.f()",
        "insert into a values (1) on conflict (id) do update set id = ext.f()",
        "insert into a values (db.ext.f(1))",
        'insert into "a"("id") values ("ext"."f"(1))',
        "insert into a values (ext.values(1))",
        "update a set id = ext.f()",
        "delete from a where id = ext.f()",
        "alter table a add column n int default ext.f()",
        "call pg_catalog.p(ext.f())",
        "do $$ begin insert into a select ext.f(); end $$",
    ],
)
def test_a_call_of_an_unknown_function_leaves_doubt(text: str) -> None:
    """Each statement that may run a function that no migration defines leaves every table in doubt, as SELECT does."""
    database = model_of("create table a (id int); create table b (id int)", text).database
    (reason,) = database.uncertain
    assert re.fullmatch(
        r"(db\.)?ext\.(f|values)\(\) is not defined by these migrations and may change anything", reason.text
    )
    assert all(table.doubts(Aspect.RLS) for table in database.tables if table.name.name in {"a", "b"})


@pytest.mark.parametrize("text", ["insert into a values (ext.f('alter table a enable row level security'))"])
def test_ddl_in_the_arguments_of_a_call_names_what_is_in_doubt(text: str) -> None:
    """A function with DDL in its arguments may run it; other tables stay as they are."""
    tables = model_of("create table a (id int); create table b (id int)", text).database.tables
    assert [bool(table.doubts(Aspect.RLS)) for table in tables] == [True, False]


def test_the_query_of_an_unknown_prepared_statement_leaves_doubt() -> None:
    """EXECUTE may run any query; with PREPARE its query is replayed, also after a rollback."""
    (reason,) = model_of("execute p").database.uncertain
    assert reason.text == "the query that EXECUTE p runs is unknown"
    assert model_of("begin; prepare p as select 1; rollback; execute p").database.uncertain == ()


def test_an_imported_foreign_schema_makes_the_tables_that_it_names() -> None:
    """LIMIT TO names foreign tables, which exist for certain; their columns are those of the foreign server."""
    model = model_of("import foreign schema r limit to (a, r.b) from server s into public")
    assert [(str(table.name), table.kind, table.server) for table in model.database.tables] == [
        ("public.a", TableKind.FOREIGN, "s"),
        ("public.b", TableKind.FOREIGN, "s"),
    ]
    assert {reason.aspect for table in model.database.tables for reason in table.uncertain} == {Aspect.DEFINITION}
    assert model.database.foreign_imports == ()


DYNAMIC = "do $d$ begin execute 'import foreign schema r from server s into api options (x ' || now() || ')'; end $d$"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import foreign schema r from server s into api", "makes a foreign table in api for each table of r"),
        ("import foreign schema r except (a, b) from server s into api", "for each table of r except a, b"),
        (DYNAMIC, "at run time"),
    ],
)
def test_an_import_without_names_is_recorded(text: str, words: str) -> None:
    """Only the foreign server knows these tables; nothing else is in doubt because of it."""
    model = model_of(text)
    (found,) = model.database.foreign_imports
    assert (found.schema, found.server) == ("api", "s")
    assert words in found.reason.text
    assert model.database.uncertain == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("drop server s cascade", ["other"]),
        ("alter server s rename to n; drop server n cascade", ["other"]),
        ("drop server s", ["imported", "made", "other"]),
    ],
)
def test_a_dropped_server_takes_its_foreign_tables_along(text: str, left: list[str]) -> None:
    """CASCADE drops the foreign tables of the server, imported or made, and no others."""
    model = model_of(
        "create foreign table made (id int) server s; create foreign table other (id int) server o;"
        "import foreign schema r limit to (imported) from server s into public;"
        "import foreign schema r from server s into public",
        text,
    )
    assert [table.name.name for table in model.database.tables] == left
    assert bool(model.database.foreign_imports) == (len(left) > 1)


@pytest.mark.parametrize("text", ["drop foreign data wrapper w cascade", "drop extension postgres_fdw cascade"])
def test_a_dropped_wrapper_leaves_foreign_tables_in_doubt(text: str) -> None:
    """Which servers a wrapper has is not replayed, so its foreign tables may be gone; other tables stay."""
    model = model_of("create foreign table a (id int) server s; create table b (id int)", text)
    assert [bool(table.doubts(Aspect.EXISTENCE)) for table in model.database.tables] == [True, False]


INNER_COMMANDS = frozenset(
    {
        "AT_AddColumnToView", "AT_AddIndex", "AT_AddIndexConstraint", "AT_CheckNotNull", "AT_CookedColumnDefault",
        "AT_ReAddComment", "AT_ReAddConstraint", "AT_ReAddDomainConstraint", "AT_ReAddIndex", "AT_ReAddStatistics",
        "AT_ReplaceRelOptions",
    }
)  # fmt: skip
"""Commands of ALTER TABLE that PostgreSQL makes from others after the grammar."""


def test_every_command_of_alter_table_is_handled_or_harmless() -> None:
    """A newer grammar with another command fails here, before it passes silently in a migration."""
    import pgparse

    known = alter._COMMANDS.keys() | HARMLESS_TABLE_COMMANDS.keys()
    printed = re.findall(rb"\0(AT_[A-Za-z]+)(?=\0)", Path(pgparse.__file__).read_bytes())
    assert {name.decode() for name in printed} - INNER_COMMANDS == known
    assert not alter._COMMANDS.keys() & HARMLESS_TABLE_COMMANDS.keys()


def test_an_unknown_command_of_alter_table_leaves_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doubt concerns the altered table and no other."""
    monkeypatch.setattr(alter, "HARMLESS_TABLE_COMMANDS", {})
    model = model_of("create table a (id int); create table b (id int); alter table a set unlogged")
    assert [bool(table.doubts(Aspect.RLS)) for table in model.database.tables] == [True, False]


PROTECTED = "create table a (id int); alter table a enable row level security; create policy p on a using (true); "


@pytest.mark.parametrize(
    "text",
    [
        "drop access method h", "drop aggregate total (int)", "drop cast (int as text)", 'drop collation "x"',
        "drop conversion c", "drop foreign data wrapper w", "drop server s", "drop language l",
        "drop operator class oc using btree", "drop operator ==== (int, int)", "drop operator family o using btree",
        "drop statistics st", "drop transform for int language sql", "drop text search configuration c",
        "drop text search dictionary d", "drop text search parser p", "drop text search template t", "drop extension x",
        "drop extension x cascade", "drop foreign data wrapper w cascade",
    ],
)  # fmt: skip
def test_a_drop_of_other_objects_leaves_no_doubt(text: str) -> None:
    """Objects that are not in the model, without CASCADE, take nothing else along."""
    model = model_of(PROTECTED + text)
    (table,) = model.database.tables
    doubts = {reason.aspect for reason in (*table.uncertain, *model.database.uncertain)}
    assert doubts <= ({Aspect.POLICIES} if text == "drop foreign data wrapper w cascade" else set())


@pytest.mark.parametrize("text", ["drop operator ==== (int, int) cascade", "drop aggregate total (int) cascade"])
def test_a_cascade_may_drop_policies(text: str) -> None:
    """Policies that use the dropped object go with it; which they are is not replayed."""
    (table,) = model_of(PROTECTED + text).database.tables
    assert {reason.aspect for reason in table.uncertain} == {Aspect.POLICIES}


def test_a_dropped_access_method_leaves_every_table_in_doubt() -> None:
    """The tables that use it are dropped with it."""
    (reason,) = model_of(PROTECTED + "drop access method h cascade").database.uncertain
    assert reason.text == "the effect of DROP ACCESS METHOD is unknown"


def test_a_dropped_language_takes_its_functions_along() -> None:
    """CASCADE drops the functions in the language, and the policies that call them."""
    text = (
        "create function f() returns bool language plv8 as 'x'; create table a (id int); "
        "create policy p on a using (f()); drop language plv8 cascade"
    )
    database = model_of(text).database
    assert database.functions == ()
    assert database.tables[0].policies == ()


@pytest.mark.parametrize(
    ("text", "is_doubted"),
    [
        ("alter system reset all", True),
        ("alter role authenticator reset statement_timeout", True),
        ("alter role authenticator set pgrst.db_schemas = 'public'", False),
    ],
)
def test_only_a_known_value_ends_the_doubt_about_exposed_schemas(text: str, is_doubted: bool) -> None:
    """A value that is built at run time stays possible until a migration sets a constant one."""
    dynamic = "do $$ begin execute 'alter role authenticator set pgrst.db_schemas = ' || now(); end $$"
    assert bool(model_of(dynamic, text).exposed_doubts) is is_doubted
