"""Facts from Terraform about a database, joined to its model in each cell."""

import json
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.prepare import prepare
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.model.database import Aspect, Table
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.privileges.exposure import Verdict, judge
from iacpolicy.sql.privileges.table_access import AccessOutcome, access, executable, relation_named

TABLES = """create schema shop;
create table public.a (id int primary key);
create table shop.b (id int primary key);
create function public.f() returns int language sql as 'select 1';
"""
MIGRATION = "supabase/migrations/20240101000000_a.sql"
SETTINGS = (
    'resource "supabase_settings" "x" {\n  project_ref = "x"\n'
    "  api = jsonencode({ db_schema = %s, max_rows = var.rows })\n}\n"
    'variable "rows" {\n  type = number\n}\n'
)


def models(root: Path, terraform: str, sql: str = TABLES, **files: str) -> list[SchemaModel]:
    """Return the models of all cells of a repository with these files."""
    write_files(root, {"main.tf": terraform, MIGRATION: sql, **files})
    return models_of(root)


def models_of(root: Path) -> list[SchemaModel]:
    """Return the models of all cells of a repository."""
    graphs = prepare(Request(root.resolve(), ("",))).graphs
    return [node.payload[1] for graph in graphs for node in graph.of("sql.database")]


def model(root: Path, terraform: str, sql: str = TABLES, **files: str) -> SchemaModel:
    """Return the model of the only cell."""
    (only,) = models(root, terraform, sql, **files)
    return only


def verdict(found: SchemaModel, schema: str, name: str) -> Verdict:
    """Return the verdict on a table."""
    table = relation_named(found, QualifiedName(schema, name))
    assert isinstance(table, Table)
    return judge(table, found).verdict


def test_the_exposed_schemas_are_those_of_the_settings(tmp_path: Path) -> None:
    """`supabase_settings.api` wins over config.toml, although another part of its JSON is unknown."""
    found = model(tmp_path, SETTINGS % '"shop, storage"', **{"supabase/config.toml": '[api]\nschemas = ["public"]\n'})
    assert found.exposed_schemas == ("shop", "storage")
    assert found.exposed_at is not None
    assert found.exposed_at.path == "main.tf"
    assert (verdict(found, "public", "a"), verdict(found, "shop", "b")) == (Verdict.FINE, Verdict.EXPOSED)


def test_unknown_exposed_schemas_leave_every_table_undecided(tmp_path: Path) -> None:
    """A variable without a value may name any schema."""
    found = model(tmp_path, SETTINGS % "var.schemas" + 'variable "schemas" {\n  type = string\n}\n')
    assert verdict(found, "public", "a") is Verdict.UNCERTAIN
    assert verdict(found, "shop", "b") is Verdict.UNCERTAIN
    assert "var.schemas" in found.exposed_doubts[0].text


def test_each_cell_has_its_own_answer(tmp_path: Path) -> None:
    """Values that differ between workspaces differ in the models."""
    terraform = SETTINGS % "var.schemas" + 'variable "schemas" {\n  type = string\n}\n'
    files = {"env/a.tfvars": 'schemas = "public"\n', "env/b.tfvars": 'schemas = "shop"\n'}
    assert [m.exposed_schemas for m in models(tmp_path, terraform, **files)] == [("public",), ("shop",)]


def test_roles_and_memberships_of_terraform_are_part_of_the_model(tmp_path: Path) -> None:
    """A role made by Terraform acts as the groups that it joins, and has its attributes."""
    terraform = (
        'resource "postgresql_role" "w" {\n  name = "worker"\n  login = true\n  bypass_row_level_security = true\n'
        '  roles = ["readers"]\n}\n'
        'resource "postgresql_grant_role" "g" {\n  role = postgresql_role.w.name\n  grant_role = "writers"\n}\n'
    )
    found = model(tmp_path, terraform)
    (worker,) = [role for role in found.database.roles if role.name == "worker"]
    assert (worker.login, worker.bypassrls, worker.superuser) == (True, True, False)
    assert found.database.acts_as("worker") == {"worker", "readers", "writers", "public"}


GRANT = (
    'resource "postgresql_grant" "g" {\n  role = "%s"\n  database = "postgres"\n  schema = "public"\n'
    '  object_type = "table"\n  objects = ["a"]\n  privileges = %s\n}\n'
)


@pytest.mark.parametrize(
    ("role", "privileges", "outcomes"),
    [
        ("worker", '["SELECT"]', (AccessOutcome.ALLOWED, AccessOutcome.DENIED)),
        ("worker", '["ALL"]', (AccessOutcome.ALLOWED, AccessOutcome.ALLOWED)),
        ("anon", "[]", (AccessOutcome.DENIED, AccessOutcome.DENIED)),
        ("anon", '["SELECT"]', (AccessOutcome.ALLOWED, AccessOutcome.DENIED)),
    ],
)
def test_a_grant_is_all_that_the_role_has(
    tmp_path: Path, role: str, privileges: str, outcomes: tuple[AccessOutcome, ...]
) -> None:
    """The provider revokes privileges that are not listed, default grants of the platform included."""
    found = model(tmp_path, GRANT % (role, privileges))
    table = relation_named(found, QualifiedName("public", "a"))
    assert table is not None
    assert tuple(access(found, table, role, command).outcome for command in ("select", "delete")) == outcomes


def test_a_grant_to_an_unknown_role_is_a_doubt(tmp_path: Path) -> None:
    """The grant leaves a doubt where its role is unknown."""
    terraform = (GRANT % ("x", '["SELECT"]')).replace('"x"', "var.role") + 'variable "role" {\n  type = string\n}\n'
    table = relation_named(model(tmp_path, terraform), QualifiedName("public", "a"))
    assert isinstance(table, Table)
    assert [reason.text for reason in table.doubts(Aspect.GRANTS)] == ["postgresql_grant.g: its role is unknown"]


DEFAULTS = (
    'resource "postgresql_default_privileges" "d" {\n  role = "anon"\n  database = "postgres"\n  schema = "public"\n'
    '  owner = "postgres"\n  object_type = "table"\n  privileges = []\n}\n'
)


def test_default_privileges_may_have_been_set_before_or_after_a_table_was_made(tmp_path: Path) -> None:
    """A default privilege leaves a doubt, because its time is unknown; a GRANT in a migration decides by itself."""
    sql = TABLES + "create table public.c (id int);\ngrant all on public.c to anon;\n"
    found = model(tmp_path, DEFAULTS, sql)
    first, second = (relation_named(found, QualifiedName("public", name)) for name in ("a", "c"))
    assert isinstance(first, Table)
    assert isinstance(second, Table)
    assert [reason.aspect for reason in first.uncertain] == [Aspect.REVOKES]
    assert second.uncertain == ()


def test_functions_can_be_granted_too(tmp_path: Path) -> None:
    """A grant on functions without privileges revokes the platform's grants, but not that to every role."""
    terraform = (
        'resource "postgresql_grant" "f" {\n  role = "public"\n  database = "postgres"\n  schema = "public"\n'
        '  object_type = "function"\n  privileges = []\n}\n'
    )
    found = model(tmp_path, terraform)
    (function,) = found.database.functions
    assert executable(found, function, "worker").granted is False
    assert executable(found, function, "anon").granted is True


def test_two_databases_of_one_project_are_undecided(tmp_path: Path) -> None:
    """Every database may be the one that the settings configure."""
    other = {"other/supabase/migrations/20240101000000_b.sql": "create table public.z (id int);\n"}
    found = models(tmp_path, SETTINGS % '"shop"', **other)
    assert len(found) == 2
    for each in found:
        assert each.exposed_schemas == ("public", "graphql_public")
        assert "write `project` under `[databases]`" in each.exposed_doubts[0].text


PROJECT = (
    'resource "supabase_project" "%s" {\n  name = "%s"\n  organization_id = "o"\n  region = "r"\n'
    "  database_password = var.p\n}\n"
    'resource "supabase_settings" "%s" {\n  project_ref = supabase_project.%s.id\n'
    '  api = jsonencode({ db_schema = "%s" })\n}\n'
)
VARIABLE = 'variable "p" {\n  type = string\n}\n'


def project(label: str, schemas: str, name: str = "") -> str:
    """Return a project and its settings."""
    return PROJECT % (label, name or label, f"{label}_settings", label, schemas)


def by_directory(found: list[SchemaModel]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the projects and the exposed schemas of each database."""
    return {m.migrations.directory: (m.projects, m.exposed_schemas) for m in found}


TWO = {
    "main.tf": project("shop", "shop") + project("b", "public", "Blog DB") + VARIABLE,
    "apps/shop/supabase/migrations/1_a.sql": TABLES,
    "apps/other/supabase/migrations/1_a.sql": TABLES,
    "apps/other/supabase/config.toml": 'project_id = "blog-db"\n',
}


def test_two_databases_go_to_the_projects_of_their_names(tmp_path: Path) -> None:
    """The name is that of the directory above `supabase`, or the `project_id` of config.toml."""
    write_files(tmp_path, TWO)
    assert by_directory(models_of(tmp_path)) == {
        "apps/shop/supabase/migrations": (("supabase_project.shop",), ("shop",)),
        "apps/other/supabase/migrations": (("supabase_project.b",), ("public",)),
    }


def test_settings_decide_the_project(tmp_path: Path) -> None:
    """The address of a project or of its settings wins over names."""
    settings = (
        '[databases.one]\npath = "apps/shop/supabase"\nformat = "supabase"\nproject = "supabase_project.b"\n'
        '[databases.two]\npath = "apps/other/supabase"\nformat = "supabase"\n'
        'project = "supabase_settings.shop_settings"\n'
    )
    write_files(tmp_path, {**TWO, "iacpolicy.toml": settings})
    assert by_directory(models_of(tmp_path)) == {
        "apps/shop/supabase/migrations": (("supabase_project.b",), ("public",)),
        "apps/other/supabase/migrations": (("supabase_project.shop",), ("shop",)),
    }


def test_a_missing_project_is_a_doubt(tmp_path: Path) -> None:
    """A setting that names nothing leaves a doubt."""
    settings = '[databases.one]\npath = "supabase"\nformat = "supabase"\nproject = "supabase_project.gone"\n'
    found = model(tmp_path, project("shop", "shop") + VARIABLE, **{"iacpolicy.toml": settings})
    assert "supabase_project.gone" in found.exposed_doubts[0].text
    assert verdict(found, "public", "a") is Verdict.UNCERTAIN


def test_a_root_is_named_by_settings(tmp_path: Path) -> None:
    """A database outside of every root belongs to the one that settings name."""
    settings = '[databases.one]\npath = "db"\nroot = "infra/shop"\n'
    files = {"infra/shop/main.tf": SETTINGS % '"shop"', "infra/blog/main.tf": SETTINGS % '"public"',
             "db/1.sql": TABLES, "iacpolicy.toml": settings}  # fmt: skip
    write_files(tmp_path, files)
    (found,) = models_of(tmp_path)
    assert found.exposed_schemas == ("shop",)


REMOTES = (
    '[api]\nschemas = ["public"]\n[remotes.staging]\nproject_id = "aaaaaaaaaaaaaaaaaaaa"\n[remotes.staging.api]\n'
    'schemas = ["shop"]\n[remotes.production]\nproject_id = "bbbbbbbbbbbbbbbbbbbb"\n'
)
REFERENCE = 'resource "supabase_settings" "x" {\n  project_ref = var.ref\n}\nvariable "ref" {\n  type = string\n}\n'


def test_the_remote_of_the_project_decides(tmp_path: Path) -> None:
    """`[remotes.*]` of the reference that a cell sets: each workspace has its own."""
    files = {f"env/{name}.tfvars": f'ref = "{name[0] * 20}"\n' for name in ("a", "b")}
    found = models(tmp_path, REFERENCE, **files, **{"supabase/config.toml": REMOTES})
    assert [m.exposed_schemas for m in found] == [("shop",), ("public",)]
    assert [m.exposed_doubts for m in found] == [(), ()]


def test_without_a_reference_every_remote_may_be_meant(tmp_path: Path) -> None:
    """Only the schemas that differ between the remotes are in doubt."""
    found = model(tmp_path, 'resource "supabase_settings" "x" {\n  project_ref = var.ref\n}\nvariable "ref" {}\n',
                  TABLES + "create schema other;\ncreate table other.z (id int);\n",
                  **{"supabase/config.toml": REMOTES.replace('["shop"]', '["public", "shop"]')})  # fmt: skip
    assert verdict(found, "public", "a") is Verdict.EXPOSED
    assert verdict(found, "shop", "b") is Verdict.UNCERTAIN
    assert verdict(found, "other", "z") is Verdict.FINE


def test_a_whole_unknown_api_is_a_doubt(tmp_path: Path) -> None:
    """Settings that are passed in as one text may expose any schema."""
    terraform = (
        'resource "supabase_settings" "x" {\n  project_ref = "r"\n  api = var.api\n}\n'
        'variable "api" {\n  type = string\n}\n'
    )
    assert verdict(model(tmp_path, terraform), "public", "a") is Verdict.UNCERTAIN


PROVIDERS = (
    'provider "postgresql" {\n  alias = "%s"\n  host = "db.${supabase_project.%s.id}.supabase.co"\n}\n'
    'resource "postgresql_grant" "%s" {\n  provider = postgresql.%s\n  role = "anon"\n  database = "postgres"\n'
    '  schema = "public"\n  object_type = "table"\n  privileges = []\n}\n'
)


def test_the_host_of_a_provider_decides_the_database(tmp_path: Path) -> None:
    """The resources of a provider configure the project whose host it connects to."""
    terraform = TWO["main.tf"] + PROVIDERS % ("one", "shop", "g", "one")
    write_files(tmp_path, {**TWO, "main.tf": terraform})
    revoked = {
        m.migrations.directory: any(not g.granted for t in m.database.tables for g in t.grants)
        for m in models_of(tmp_path)
    }
    assert revoked == {"apps/shop/supabase/migrations": True, "apps/other/supabase/migrations": False}


def test_a_provider_without_a_known_host_is_a_doubt(tmp_path: Path) -> None:
    """Either database may have the grant."""
    grant = GRANT % ("anon", "[]")
    write_files(tmp_path, {**TWO, "main.tf": TWO["main.tf"] + grant})
    for found in models_of(tmp_path):
        table = relation_named(found, QualifiedName("public", "a"))
        assert isinstance(table, Table)
        assert [r.text for r in table.doubts(Aspect.REVOKES)] == [
            "whether postgresql_grant.g is about this database is unknown"
        ]


def test_a_grant_in_another_database_is_not_joined(tmp_path: Path) -> None:
    """A Supabase project's database is `postgres`."""
    found = model(tmp_path, (GRANT % ("anon", "[]")).replace('"postgres"', '"analytics"'))
    table = relation_named(found, QualifiedName("public", "a"))
    assert table is not None
    assert access(found, table, "anon", "select").outcome is AccessOutcome.ALLOWED


def test_the_database_of_the_provider_counts_where_a_resource_names_none(tmp_path: Path) -> None:
    """An extension is made in the database that the provider connects to."""
    terraform = 'provider "postgresql" {\n  host = "h"\n  database = "%s"\n}\n%s'
    extension = 'resource "postgresql_extension" "v" {\n  name = "vector"\n}\n'
    for name, there in (("analytics", False), ("postgres", True)):
        found = model(tmp_path, terraform % (name, extension))
        assert any(e.name == "vector" for e in found.database.extensions) is there


def test_a_role_that_may_not_exist_is_a_doubt(tmp_path: Path) -> None:
    """A role whose count is unknown is in the model with the reason."""
    terraform = (
        'variable "on" {\n  type = bool\n}\nresource "postgresql_role" "w" {\n  count = var.on ? 1 : 0\n'
        '  name = "worker"\n  bypass_row_level_security = true\n}\n'
    )
    (role,) = [r for r in model(tmp_path, terraform).database.roles if r.name == "worker"]
    assert [r.aspect for r in role.uncertain] == [Aspect.EXISTENCE]


def test_a_project_without_migrations_of_its_own_is_undecided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A database belongs to one project; the contents of the other project are unknown."""
    files = {k: v for k, v in TWO.items() if "other" not in k}
    write_files(tmp_path, files)
    out = Runner(tmp_path, monkeypatch, capsys)(
        "scan", "--policy", "row-level-security", "--checkov", "off", "--format", "json"
    ).out
    undecided = {u["address"]: u["reasons"][0]["text"] for u in json.loads(out)["undecided"]}
    text = "the migrations that create its tables were not found in the scanned files"
    assert undecided == {"supabase_project.b": text}


def test_the_projects_of_two_environments_have_the_same_migrations(tmp_path: Path) -> None:
    """Environments that differ are judged separately, equal ones once."""
    found = models(tmp_path, project("staging", "public") + project("production", "shop") + VARIABLE)
    assert [(m.projects, m.exposed_schemas) for m in found] == [
        (("supabase_project.production",), ("shop",)),
        (("supabase_project.staging",), ("public",)),
    ]
    bare = project("staging", "").partition('resource "supabase_settings"')[0]
    (one,) = models(tmp_path, bare + bare.replace("staging", "production") + VARIABLE)
    assert one.projects == ("supabase_project.production", "supabase_project.staging")


def test_the_roots_of_two_environments_have_the_same_migrations(tmp_path: Path) -> None:
    """A database beside `environments/staging` and `environments/production` is in both; beside other roots in none."""
    files = {f"environments/{name}/main.tf": SETTINGS % f'"{name}"' for name in ("staging", "production")}
    write_files(tmp_path, {**files, MIGRATION: TABLES})
    assert sorted(m.exposed_schemas for m in models_of(tmp_path)) == [("production",), ("staging",)]
    other = tmp_path / "other"
    write_files(other, {f"infra/{name}/main.tf": SETTINGS % f'"{name}"' for name in ("a", "b")} | {MIGRATION: TABLES})
    assert [m.exposed_schemas for m in models_of(other)] == [("public", "graphql_public")]


def test_one_defect_in_two_projects_is_one_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table is one place, whichever projects expose it."""
    terraform = project("staging", "public") + project("production", "public, shop") + VARIABLE
    write_files(tmp_path, {"main.tf": terraform, MIGRATION: TABLES})
    out = Runner(tmp_path, monkeypatch, capsys)(
        "scan", "--policy", "row-level-security", "--checkov", "off", "--format", "json"
    ).out
    report = json.loads(out)
    assert [(f["location"]["line"], f["address"]) for f in report["findings"]] == [(2, "public.a"), (3, "shop.b")]
    assert report["undecided"] == []


STORED = "create schema shop;\ncreate table a (id int);\ncreate table shop.b (id int);\n"
SET = "alter role authenticator set pgrst.db_schemas = 'shop';\n"


def test_a_setting_stored_in_the_database_wins_over_terraform_and_config(tmp_path: Path) -> None:
    """PostgREST reads `pgrst.db_schemas` of its role last; an unknown value in Terraform then leaves no doubt."""
    config = {"supabase/config.toml": '[api]\nschemas = ["public"]\n'}
    for schemas in ('"public"', "var.schemas"):
        variable = 'variable "schemas" {\n  type = string\n}\n'
        found = model(tmp_path, SETTINGS % schemas + variable, STORED + SET, **config)
        assert found.exposed_schemas == ("shop",)
        assert found.exposed_doubts == ()
        assert str(found.exposed_at) == f"{MIGRATION}:4"
        assert verdict(found, "public", "a") is Verdict.FINE


def test_without_a_stored_setting_terraform_decides(tmp_path: Path) -> None:
    """After RESET the configuration counts again."""
    text = STORED + SET + "alter role authenticator reset pgrst.db_schemas;\n"
    assert model(tmp_path, SETTINGS % '"public"', text).exposed_schemas == ("public",)


def test_a_possible_setting_leaves_its_schemas_in_doubt(tmp_path: Path) -> None:
    """A setting of another role leaves `shop` in doubt; `public`, which both show, is decided."""
    text = STORED + "alter role web set pgrst.db_schemas = 'public, shop';\n"
    found = model(tmp_path, SETTINGS % '"public"', text)
    assert found.exposed_schemas == ("public",)
    assert found.doubted == frozenset({"shop"})
    assert verdict(found, "public", "a") is Verdict.EXPOSED


@pytest.mark.parametrize("whose", ["database postgres", "system", "role all"])
def test_a_setting_without_a_role_changes_nothing(tmp_path: Path, whose: str) -> None:
    """PostgREST reads the settings of its own role only."""
    found = model(tmp_path, SETTINGS % '"public"', f"{STORED}alter {whose} set pgrst.db_schemas = 'shop';\n")
    assert (found.exposed_schemas, found.exposed_doubts) == (("public",), ())


def test_settings_of_iacpolicy_win_over_a_stored_setting(tmp_path: Path) -> None:
    """`exposed_schemas` in the settings wins over a stored setting."""
    settings = '[databases.shop]\npath = "supabase"\nformat = "supabase"\nexposed_schemas = ["public"]\n'
    write_files(tmp_path, {MIGRATION: STORED + SET, "iacpolicy.toml": settings, "main.tf": "terraform {}\n"})
    (found,) = models_of(tmp_path)
    assert (found.exposed_schemas, found.exposed_doubts) == (("public",), ())


def test_a_setting_for_a_database_whose_name_is_unknown_leaves_doubt(tmp_path: Path) -> None:
    """For a database outside of Supabase only the settings give its name."""
    text = STORED + "alter role authenticator in database shop set pgrst.db_schemas = 'shop';\n"
    for more, exposed, doubted in (("", ("public",), {"public", "shop"}), ('database = "shop"\n', ("shop",), None)):
        settings = f'[databases.shop]\npath = "db"\n{more}'
        write_files(tmp_path, {"db/1.sql": text, "iacpolicy.toml": settings, "main.tf": "terraform {}\n"})
        (found,) = models_of(tmp_path)
        assert found.exposed_schemas[:1] == exposed
        assert found.doubted is None if doubted is None else doubted <= (found.doubted or set())
