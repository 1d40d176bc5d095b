"""What Terraform says of a database that migrations make, joined to the model of each cell."""

from pathlib import Path

import pytest
from tests.support.scans import write_files

from iacpolicy.pipeline.preparation import prepare
from iacpolicy.pipeline.request import Request
from iacpolicy.sql.access import Outcome, access, executable, relation_named
from iacpolicy.sql.discover import SchemaModel
from iacpolicy.sql.exposure import Verdict, judge
from iacpolicy.sql.model import Aspect, Table
from iacpolicy.sql.names import Name

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
    """The models of all cells of a repository with these files."""
    write_files(root, {"main.tf": terraform, MIGRATION: sql, **files})
    graphs = prepare(Request(root.resolve(), ("",))).graphs
    return [node.payload[1] for graph in graphs for node in graph.of("sql.database")]


def model(root: Path, terraform: str, sql: str = TABLES, **files: str) -> SchemaModel:
    """The model of the only cell."""
    (only,) = models(root, terraform, sql, **files)
    return only


def verdict(found: SchemaModel, schema: str, name: str) -> Verdict:
    """Whether a table is open."""
    table = relation_named(found, Name(schema, name))
    assert isinstance(table, Table)
    return judge(table, found).verdict


def test_the_exposed_schemas_are_those_of_the_settings(tmp_path: Path) -> None:
    """`supabase_settings.api` wins over config.toml, although another part of the JSON is not known."""
    found = model(tmp_path, SETTINGS % '"shop, storage"', **{"supabase/config.toml": '[api]\nschemas = ["public"]\n'})
    assert found.exposed_schemas == ("shop", "storage")
    assert found.exposed_at is not None
    assert found.exposed_at.path == "main.tf"
    assert (verdict(found, "public", "a"), verdict(found, "shop", "b")) == (Verdict.FINE, Verdict.EXPOSED)


def test_exposed_schemas_that_are_not_known_leave_every_table_undecided(tmp_path: Path) -> None:
    """A variable without a value may name any schema."""
    found = model(tmp_path, SETTINGS % "var.schemas" + 'variable "schemas" {\n  type = string\n}\n')
    assert verdict(found, "public", "a") is Verdict.UNCERTAIN
    assert verdict(found, "shop", "b") is Verdict.UNCERTAIN
    assert "var.schemas" in found.exposed_doubts[0].text


def test_each_cell_has_its_own_answer(tmp_path: Path) -> None:
    """What differs between workspaces differs in the models."""
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
        ("worker", '["SELECT"]', (Outcome.ALLOWED, Outcome.DENIED)),
        ("worker", '["ALL"]', (Outcome.ALLOWED, Outcome.ALLOWED)),
        ("anon", "[]", (Outcome.DENIED, Outcome.DENIED)),
        ("anon", '["SELECT"]', (Outcome.ALLOWED, Outcome.DENIED)),
    ],
)
def test_a_grant_is_all_that_the_role_has(
    tmp_path: Path, role: str, privileges: str, outcomes: tuple[Outcome, ...]
) -> None:
    """The provider takes away what is not listed, the platform's own grants too."""
    found = model(tmp_path, GRANT % (role, privileges))
    table = relation_named(found, Name("public", "a"))
    assert table is not None
    assert tuple(access(found, table, role, command).outcome for command in ("select", "delete")) == outcomes


def test_a_grant_that_is_not_known_is_a_doubt(tmp_path: Path) -> None:
    """Whose grant it is decides, and nobody has said."""
    terraform = (GRANT % ("x", '["SELECT"]')).replace('"x"', "var.role") + 'variable "role" {\n  type = string\n}\n'
    table = relation_named(model(tmp_path, terraform), Name("public", "a"))
    assert isinstance(table, Table)
    assert [reason.text for reason in table.doubts(Aspect.GRANTS)] == ["postgresql_grant.g: its role is not known"]


DEFAULTS = (
    'resource "postgresql_default_privileges" "d" {\n  role = "anon"\n  database = "postgres"\n  schema = "public"\n'
    '  owner = "postgres"\n  object_type = "table"\n  privileges = []\n}\n'
)


def test_default_privileges_may_have_been_set_before_or_after_a_table_was_made(tmp_path: Path) -> None:
    """Nothing shows the order, so what hangs on it is a doubt; what a migration grants by itself stands."""
    sql = TABLES + "create table public.c (id int);\ngrant all on public.c to anon;\n"
    found = model(tmp_path, DEFAULTS, sql)
    first, second = (relation_named(found, Name("public", name)) for name in ("a", "c"))
    assert isinstance(first, Table)
    assert isinstance(second, Table)
    assert [reason.aspect for reason in first.uncertain] == [Aspect.REVOKES]
    assert second.uncertain == ()


def test_functions_can_be_granted_too(tmp_path: Path) -> None:
    """A grant on functions with no privileges revokes what the platform has granted, but not what everyone has."""
    terraform = (
        'resource "postgresql_grant" "f" {\n  role = "public"\n  database = "postgres"\n  schema = "public"\n'
        '  object_type = "function"\n  privileges = []\n}\n'
    )
    found = model(tmp_path, terraform)
    (function,) = found.database.functions
    assert executable(found, function, "worker").granted is False
    assert executable(found, function, "anon").granted is True


def test_two_databases_in_one_root_are_not_joined(tmp_path: Path) -> None:
    """Nothing shows which of them the settings are for: both keep what their own files say."""
    other = {"other/supabase/migrations/20240101000000_b.sql": "create table public.z (id int);\n"}
    found = models(tmp_path, SETTINGS % '"shop"', **other)
    assert [each.exposed_schemas for each in found] == [("public", "graphql_public")] * 2
