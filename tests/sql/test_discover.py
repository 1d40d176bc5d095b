"""Finding migrations and reading config.toml."""

import sys

import pytest

from iacpolicy.core.tree import MemoryTree
from iacpolicy.sql.migrations.discover import discover, load
from iacpolicy.sql.migrations.supabase_config import DefaultGrants
from iacpolicy.sql.model.database import Aspect
from iacpolicy.sql.privileges.exposure import Verdict, exposures

TABLE = "create table {} (id int);\n"


def test_migrations_are_found_anywhere_and_ordered_by_file_name() -> None:
    """Every supabase/migrations is a set: roles first, the seed last; other names are skipped and reported."""
    tree = MemoryTree(
        {
            "supabase/migrations/20240102000000_b.sql": "",
            "supabase/migrations/20240101000000_a.sql": "",
            "supabase/migrations/notes.sql": "",
            "supabase/migrations/deeper/20240101000000_c.sql": "",
            "supabase/roles.sql": "",
            "supabase/seed.sql": "",
            "apps/shop/supabase/migrations/1_x.sql": "",
            "sql/migrations/1_x.sql": "",
        }
    )
    sets, diagnostics = discover(tree)
    assert [(one.project_directory, one.files) for one in sets] == [
        ("apps/shop", ("apps/shop/supabase/migrations/1_x.sql",)),
        (
            "",
            (
                "supabase/roles.sql",
                "supabase/migrations/20240101000000_a.sql",
                "supabase/migrations/20240102000000_b.sql",
                "supabase/seed.sql",
            ),
        ),
    ]
    assert sorted(said.location.path for said in diagnostics if said.location) == [
        "supabase/migrations/deeper/20240101000000_c.sql",
        "supabase/migrations/notes.sql",
    ]


def test_two_files_of_one_version_are_an_error() -> None:
    """The Supabase CLI refuses the second migration of one version; the run is incomplete."""
    tree = MemoryTree({"supabase/migrations/1_a.sql": "", "supabase/migrations/1_b.sql": ""})
    _, diagnostics = discover(tree)
    assert [(said.severity, said.location and said.location.path) for said in diagnostics] == [
        ("error", "supabase/migrations/1_b.sql")
    ]


def test_declared_schemas_are_read_where_there_are_no_migrations() -> None:
    """schema_paths keeps its order, each file once."""
    config = '[db.migrations]\nschema_paths = ["./schemas/z.sql", "./schemas/*.sql"]\n'
    tree = MemoryTree(
        {"supabase/config.toml": config, "supabase/schemas/a.sql": TABLE, "supabase/schemas/z.sql": "", "x.sql": ""}
    )
    sets, _ = discover(tree)
    assert [one.files for one in sets] == [("supabase/schemas/z.sql", "supabase/schemas/a.sql")]


def test_config_decides_the_exposed_schemas() -> None:
    """The schemas and the default grants come from config.toml, with the places of their keys."""
    config = '[api]\n# schemas = ["no"]\nschemas = ["api"]\nauto_expose_new_tables = false\n'
    tree = MemoryTree({"supabase/config.toml": config, "supabase/migrations/1_a.sql": TABLE.format("a")})
    (model,), diagnostics = load(tree)
    assert diagnostics == ()
    assert (model.exposed_schemas, model.default_grants) == (("api",), DefaultGrants.NONE)
    assert (str(model.exposed_at), str(model.default_grants_at)) == ("supabase/config.toml:3", "supabase/config.toml:4")


@pytest.mark.parametrize(
    ("config", "line"),
    [
        ("[api\n", 1),
        ("[api]\nschemas = 1\n", 2),
        ("[api]\n\nauto_expose_new_tables = 1\n", 3),
        ('[api]\nschemas = ["env(SCHEMA)"]\n', 2),
        ("api = 1\n", 1),
        ("x = " + "[" * 5_000, 1),
    ],
)
def test_a_wrong_config_is_an_error_and_the_defaults_apply(config: str, line: int) -> None:
    """A mistake in config.toml is an error with its line; the platform's default applies instead."""
    tree = MemoryTree({"supabase/config.toml": config, "supabase/migrations/1_a.sql": TABLE.format("a")})
    (model,), diagnostics = load(tree)
    assert [(said.severity, said.location and said.location.line) for said in diagnostics] == [("error", line)]
    assert model.exposed_schemas == ("public", "graphql_public")


def test_an_unreadable_migration_makes_the_tables_before_it_uncertain() -> None:
    """A file that is not UTF-8 leaves doubts; a table made after it is certain."""
    tree = MemoryTree(
        {
            "supabase/migrations/1_a.sql": TABLE.format("before"),
            "supabase/migrations/2_b.sql": b"\xff",
            "supabase/migrations/3_c.sql": TABLE.format("after"),
        }
    )
    (model,), diagnostics = load(tree)
    assert [said.summary for said in diagnostics] == ["File is not UTF-8"]
    assert {answer.table.name.name: answer.verdict for answer in exposures(model)} == {
        "before": Verdict.UNCERTAIN,
        "after": Verdict.EXPOSED,
    }
    before = model.database.table("public", "before")
    assert before is not None
    assert before.doubts(Aspect.RLS)[0].span.path == "supabase/migrations/2_b.sql"


def test_a_missing_grammar_is_reported_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pgparse there is no model, but one error with the command that installs it."""
    monkeypatch.setitem(sys.modules, "pgparse", None)
    models, diagnostics = load(MemoryTree({"supabase/migrations/1_a.sql": "", "x/supabase/migrations/1_a.sql": ""}))
    assert models == ()
    assert [(said.severity, "pip install pgparse" in said.detail) for said in diagnostics] == [("error", True)]


def test_importing_the_package_does_not_import_the_grammar() -> None:
    """pgparse is imported with the first migration, not at startup."""
    import subprocess

    code = (
        "import sys, iacpolicy.sql.migrations.discover, iacpolicy.sql.privileges.exposure; "
        "sys.exit('pgparse' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_repository_without_migrations_has_no_model() -> None:
    """A repository without migrations gives no error."""
    assert load(MemoryTree({"main.tf": "", "supabase/config.toml": "[api]\n"})) == ((), ())
