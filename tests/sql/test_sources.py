"""Sources of migrations: the order of each tool, and the settings in config.toml and iacpolicy.toml."""

import pytest

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.tree import MemoryTree
from iacpolicy.sql.migrations.discover import discover, load
from iacpolicy.sql.migrations.source_formats import DatabaseSource, MigrationFormat
from iacpolicy.sql.model.database import Aspect
from iacpolicy.sql.privileges.exposure import Verdict, exposures

TABLE = "create table {} (id int primary key);\n"
RLS = "alter table {} enable row level security;\n"


def files(tree: dict[str, str], *sources: DatabaseSource) -> tuple[list[tuple[str, ...]], list[Diagnostic]]:
    """Return the files of each set in order, and the diagnostics."""
    sets, said = discover(MemoryTree(tree), sources)
    return [one.files for one in sets], list(said)


def verdicts(tree: dict[str, str], *sources: DatabaseSource) -> tuple[dict[str, Verdict], list[Diagnostic]]:
    """Return the verdict of each table of the only database, and the diagnostics."""
    (model,), said = load(MemoryTree(tree), sources)
    return {str(answer.table.name): answer.verdict for answer in exposures(model)}, list(said)


def levels(said: list[Diagnostic]) -> list[tuple[str, str]]:
    """Return severity and summary of each diagnostic."""
    return [(one.severity, one.summary) for one in said]


# The Supabase CLI


def test_names_are_compared_as_text() -> None:
    """The CLI sorts names as text: 10 comes before 1_ and 2_, which is reported."""
    found, said = files({f"supabase/migrations/{n}_x.sql": "" for n in (1, 2, 10)})
    assert found == [tuple(f"supabase/migrations/{n}_x.sql" for n in (10, 1, 2))]
    assert levels(said) == [("warning", "Migrations run in the order of their names")]


def test_the_old_init_migration_is_skipped() -> None:
    """The CLI skips a first `_init.sql` from before 2021-12-09, and no other."""
    paths = [f"supabase/migrations/{v}_init.sql" for v in ("20211208000000", "20211209000000")]
    found, said = files(dict.fromkeys(paths, ""))
    assert found == [(paths[1],)]
    assert levels(said) == [("warning", "Migration is skipped")]


def test_patterns_are_those_of_go() -> None:
    """A star matches within a directory, the files of one pattern are sorted, and each file counts once."""
    config = '[db.migrations]\nschema_paths = ["schemas/*.sql", "./schemas/*/[!z]?.sql", "../db/x.sql", "none/*.sql"]\n'
    tree = dict.fromkeys(("supabase/schemas/b.sql", "supabase/schemas/a.sql", "supabase/schemas/t/!1.sql",
                          "supabase/schemas/t/z1.sql", "supabase/schemas/t/a1.sql", "db/x.sql"), "")  # fmt: skip
    found, said = files({**tree, "supabase/config.toml": config})
    expected = ("schemas/a.sql", "schemas/b.sql", "schemas/t/!1.sql", "schemas/t/z1.sql")
    assert found == [(*(f"supabase/{path}" for path in expected), "db/x.sql")]
    assert levels(said) == [("warning", "Pattern matches nothing")]


def test_schemas_are_read_without_schema_paths() -> None:
    """Without migrations, all files of `supabase/schemas` make the database."""
    found, said = files({"supabase/schemas/b/x.sql": "", "supabase/schemas/a.sql": ""})
    assert found == [("supabase/schemas/a.sql", "supabase/schemas/b/x.sql")]
    assert said == []


def test_disabled_migrations_are_not_replayed() -> None:
    """Files that the CLI does not apply make no database."""
    config = "[db.migrations]\nenabled = false\n"
    found, said = files({"supabase/config.toml": config, "supabase/migrations/1_a.sql": ""})
    assert found == []
    assert levels(said) == [("warning", "Migrations are disabled")]


@pytest.mark.parametrize(
    ("config", "last"),
    [
        ("", ["seed.sql"]),
        ("[db.seed]\nenabled = false\n", []),
        ('[db.seed]\nsql_paths = ["./seeds/*.sql"]\n', ["seeds/1.sql", "seeds/2.sql"]),
        ('[db.seed]\nenabled = false\nsql_paths = ["./seeds/*.sql"]\n', []),
    ],
)
def test_seeds_come_last(config: str, last: list[str]) -> None:
    """`[db.seed]` names the seeds; the default is `seed.sql`."""
    tree = dict.fromkeys(("migrations/1_a.sql", "seed.sql", "seeds/2.sql", "seeds/1.sql"), "")
    found, _ = files({"supabase/config.toml": config, **{f"supabase/{path}": "" for path in tree}})
    assert found == [tuple(f"supabase/{path}" for path in ("migrations/1_a.sql", *last))]


def test_protection_only_by_a_seed_is_in_doubt() -> None:
    """A push does not run seeds, so objects that only a seed protects are in doubt."""
    migration = TABLE.format("a") + TABLE.format("b") + RLS.format("b")
    seed = RLS.format("a") + "alter table b disable row level security;\n" + TABLE.format("c")
    found, _ = verdicts({"supabase/migrations/1_a.sql": migration, "supabase/seed.sql": seed})
    assert found == {
        "public.a": Verdict.UNCERTAIN,
        "public.b": Verdict.EXPOSED,
        "public.c": Verdict.EXPOSED,
    }


def test_protection_only_by_a_refused_migration_is_in_doubt() -> None:
    """The CLI stops at a repeated version; a later migration may still have been applied."""
    found, said = verdicts(
        {
            "supabase/migrations/1_a.sql": TABLE.format("a") + TABLE.format("b"),
            "supabase/migrations/1_b.sql": RLS.format("a") + TABLE.format("c"),
            "supabase/migrations/2_c.sql": RLS.format("b"),
        }
    )
    assert found == {"public.a": Verdict.UNCERTAIN, "public.b": Verdict.FINE, "public.c": Verdict.EXPOSED}
    assert levels(said) == [("error", "Two migrations have one version")]


# Flyway


def flyway(path: str = "db") -> DatabaseSource:
    """Return the settings of a Flyway folder."""
    return DatabaseSource("main", path, MigrationFormat.FLYWAY)


def test_flyway_orders_by_numbers() -> None:
    """1.2 runs before 1.10 and 2; repeatable migrations run last by description; undo migrations do not run."""
    names = ["V1.10__c.sql", "V1.2__b.sql", "V1__a.sql", "V002__d.sql", "R__z.sql", "R__a.sql", "U2__d.sql",
             "x/V3_1__e.sql", "readme.sql", "afterMigrate.sql", "beforeMigrate__x.sql", "afterClean.sql"]  # fmt: skip
    found, said = files({f"db/{name}": "" for name in names}, flyway())
    expected = ("beforeMigrate__x.sql", "V1__a.sql", "V1.2__b.sql", "V1.10__c.sql", "V002__d.sql", "x/V3_1__e.sql",
                "R__a.sql", "R__z.sql", "afterMigrate.sql")  # fmt: skip
    assert found == [tuple(f"db/{name}" for name in expected)]
    assert levels(said) == [("note", "Callback is not replayed"), ("warning", "Migration is skipped")]


def test_flyway_refuses_one_version_twice() -> None:
    """1 and 1.0 are the same version."""
    _, said = files({"db/V1__a.sql": "", "db/V1.0__b.sql": ""}, flyway())
    assert levels(said) == [("error", "Two migrations have one version")]


def test_a_baseline_replaces_earlier_migrations() -> None:
    """An empty database gets the last baseline and the migrations after it."""
    found, _ = files(dict.fromkeys(("db/V1__a.sql", "db/V2__b.sql", "db/B2__all.sql", "db/V3__c.sql"), ""), flyway())
    assert found == [("db/B2__all.sql", "db/V3__c.sql")]


# Plain folders


def test_a_plain_folder_is_ordered_by_name() -> None:
    """Numbers compare as numbers, undo files are left out, and `files` can set another order."""
    tree = dict.fromkeys(("db/10.sql", "db/2.sql", "db/2.down.sql", "db/sub/1.sql", "other.sql"), "")
    assert files(tree, DatabaseSource("main", "db"))[0] == [("db/2.sql", "db/10.sql", "db/sub/1.sql")]
    listed = DatabaseSource("main", "db", files=("sub/*.sql", "*.sql"))
    assert files(tree, listed)[0] == [("db/sub/1.sql", "db/2.down.sql", "db/2.sql", "db/10.sql")]
    assert files(tree, DatabaseSource("main", "other.sql"))[0] == [("other.sql",)]


@pytest.mark.parametrize("mark", ["-- migrate:{}", "-- +goose {}", "-- +migrate {}"])
def test_undo_sections_are_not_replayed(mark: str) -> None:
    """dbmate, goose and sql-migrate keep the undo section in the same file."""
    text = f"{mark.format('up')}\n{TABLE.format('a')}{mark.format('down')}\ndrop table a;\n"
    assert verdicts({"db/1.sql": text}, DatabaseSource("main", "db"))[0] == {"public.a": Verdict.EXPOSED}


@pytest.mark.parametrize("format_", list(MigrationFormat))
def test_a_folder_without_migrations_is_an_error(format_: MigrationFormat) -> None:
    """A setting that matches no file is an error, not a database without tables."""
    found, said = files({"main.tf": ""}, DatabaseSource("main", "db", format_))
    assert found == []
    assert levels(said) == [("error", "No migrations found")]


def test_a_supabase_folder_of_another_name() -> None:
    """`path` is the directory of config.toml or of the migrations; a database in the settings is not found twice."""
    tree = {"db/config.toml": '[api]\nschemas = ["api"]\n', "db/migrations/1_a.sql": ""}
    for path in ("db", "db/migrations"):
        (model,), _ = load(MemoryTree(tree), (DatabaseSource("main", path, MigrationFormat.SUPABASE),))
        assert (model.migrations.files, model.exposed_schemas) == (("db/migrations/1_a.sql",), ("api",))
    found, _ = files({"supabase/migrations/1_a.sql": ""}, DatabaseSource("main", "supabase", MigrationFormat.SUPABASE))
    assert found == [("supabase/migrations/1_a.sql",)]


def test_settings_decide_the_exposed_schemas() -> None:
    """Settings win over config.toml."""
    tree = {"db/config.toml": '[api]\nschemas = ["api"]\n', "db/1.sql": TABLE.format("a")}
    assert verdicts(tree, DatabaseSource("main", "db", exposed_schemas=()))[0] == {"public.a": Verdict.FINE}
    assert verdicts(tree, DatabaseSource("main", "db", exposed_schemas=("public",)))[0] == {"public.a": Verdict.EXPOSED}


# Alembic

HEAD = 'from alembic import op\nimport sqlalchemy as sa\nrevision = "{}"\ndown_revision = {}\n\n\ndef upgrade():\n{}\n'


def revision(name: str, before: str | None, *lines: str) -> str:
    """Return a revision with these lines."""
    return HEAD.format(name, repr(before), "\n".join(f"    {line}" for line in (*lines, "pass")))


def alembic(*revisions: str) -> tuple[dict[str, Verdict], list[Diagnostic]]:
    """Return the verdicts of some revisions."""
    tree = {f"db/versions/{chr(122 - i)}.py": text for i, text in enumerate(revisions)}
    return verdicts(tree, DatabaseSource("main", "db", MigrationFormat.ALEMBIC))


def test_revisions_follow_each_other() -> None:
    """`down_revision` decides the order, not the file names."""
    found, said = alembic(
        revision("a", None, f'op.execute("{TABLE.format("t").strip()}")'),
        revision("b", "a", 'op.execute(sa.text("""', "    alter table t", "    enable row level security", '"""))'),
        revision("c", "b", 'op.execute("alter table t " "disable row level security")'),
    )
    assert found == {"public.t": Verdict.EXPOSED}
    assert said == []


def test_constant_loops_are_followed() -> None:
    """A loop over a literal list runs for each element; drop_table and rename_table are replayed as well."""
    found, said = alembic(
        revision(
            "a",
            None,
            'names = ["x", "y", "z"]',
            "for name in names:",
            '    op.execute(f"create table {name} (id int)")',
            '    op.execute("alter table " + name + " enable row level security")',
            'op.rename_table("x", "w")',
            'op.drop_table("y", schema="public")',
        )
    )
    assert found == {"public.w": Verdict.FINE, "public.z": Verdict.FINE}
    assert said == []


@pytest.mark.parametrize(
    "line",
    [
        "op.execute(statement())",
        'op.execute(open("x.sql").read())',
        "helper(op)",
        'op.execute(f"alter table {environ} disable row level security")',
        'if environ: op.execute("select 1")',
        'for x in environ: op.execute("select 1")',
        'with op.get_context().autocommit_block(): op.execute("select 1")',
    ],
)
def test_text_that_is_not_constant_leaves_doubt(line: str) -> None:
    """Python is not run to find its result."""
    found, _ = alembic(revision("a", None, 'op.execute("create table t (id int)")', line))
    assert found == {"public.t": Verdict.UNCERTAIN}


@pytest.mark.parametrize("line", ['op.create_table("u", sa.Column("id"))', 'with op.batch_alter_table("t") as b: pass'])
def test_a_table_made_by_alembic_leaves_doubt(line: str) -> None:
    """A table that only Alembic makes is not in the model, and the database is in doubt."""
    tree = {"db/a.py": revision("a", None, line)}
    (model,), said = load(MemoryTree(tree), (DatabaseSource("main", "db", MigrationFormat.ALEMBIC),))
    (reason,) = model.database.uncertain
    assert (reason.aspect, reason.span.path, reason.span.line) == (Aspect.EXISTENCE, "db/a.py", 8)
    assert "run by Alembic" in reason.text
    assert said == ()


def test_a_table_made_in_python_is_reported_as_such() -> None:
    """A migration that alters a table made in Python is reported; a table of that name in another schema is not."""
    _, said = alembic(
        revision(
            "a",
            None,
            'op.create_table("u", sa.Column("id"), schema="public")',
            'op.execute("alter table u enable row level security")',
            'op.execute("alter table app.u enable row level security")',
        )
    )
    first, second = said
    assert (first.summary, second.summary) == ("Table is made in Python", "Table is not made by these migrations")
    assert "line 8 of db/versions/z.py" in first.detail


@pytest.mark.parametrize(
    ("revisions", "expected"),
    [
        ([revision("a", "b"), revision("b", "a")], ("error", "Revisions form a cycle")),
        ([revision("a", "gone")], ("error", "Revision is missing")),
        ([revision("a", None), revision("b", "a"), revision("c", "a")], ("note", "Several heads")),
        ([revision("a", None), revision("a", None)], ("error", "Two migrations have one version")),
        ([revision("a", None), "def"], ("error", "Revision cannot be read")),
        ([revision("a", None, "op.execute('creat table x')")], ("error", "SQL syntax error")),
        ([revision("a", None), "(" * 5_000], ("error", "Revision cannot be read")),
    ],
)
def test_broken_revisions_are_reported(revisions: list[str], expected: tuple[str, str]) -> None:
    """A revision that Alembic cannot run, or that cannot be read, is reported with its place."""
    _, said = alembic(*revisions)
    assert levels(said) == [expected]
    assert said[0].location is not None


def test_a_table_has_its_line_in_python() -> None:
    """A statement inside a text over several lines has its own line."""
    (model,), _ = load(
        MemoryTree({"a.py": revision("a", None, 'op.execute("""', "select 1;", "create table t (id int);", '""")')}),
        (DatabaseSource("main", "a.py", MigrationFormat.ALEMBIC),),
    )
    (table,) = model.database.tables
    assert (table.made_at.path, table.made_at.line) == ("a.py", 10)


# psql


def databases(text: str) -> dict[str | None, list[str]]:
    """Return the tables of each database."""
    models, _ = load(MemoryTree({"supabase/migrations/1_a.sql": text}))
    return {m.migrations.connected: [str(t.name) for t in m.database.tables] for m in models}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"create database x;\n\\connect x\n{TABLE.format('a')}", {None: ["public.a"]}),
        (f"{TABLE.format('a')}\\c other\n{TABLE.format('b')}", {None: ["public.a"], "other": ["public.b"]}),
        (f"\\c x\n{TABLE.format('a')}\\c y\n{TABLE.format('b')}\\c x\n{TABLE.format('c')}",
         {None: ["public.a", "public.c"], "y": ["public.b"]}),
        (f"\\connect template1\nset x.y = 1;\n\\connect postgres\n{TABLE.format('a')}", {None: ["public.a"]}),
        (f"\\connect - worker\n{TABLE.format('a')}", {None: ["public.a"]}),
        (f"\\connect -reuse-previous=on \"dbname='x'\"\n{TABLE.format('a')}", {None: ["public.a"]}),
    ],
)  # fmt: skip
def test_connect_changes_the_database(text: str, expected: dict[str | None, list[str]]) -> None:
    """A first `\\connect` names the database itself, as in a dump; a later one starts another database."""
    assert databases(text) == expected


def test_roles_belong_to_the_whole_server() -> None:
    """A role that is made before `\\connect` exists after it."""
    models, _ = load(
        MemoryTree(
            {"supabase/migrations/1_a.sql": f"create role r bypassrls;\n{TABLE.format('a')}\\c y\n{TABLE.format('b')}"}
        )
    )
    assert [[role.name for role in m.database.roles] for m in models] == [["r"], ["r"]]
