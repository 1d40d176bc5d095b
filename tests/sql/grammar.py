"""Random migrations: statements over a few names, so that they refer to the same objects."""

from hypothesis import strategies as st

SCHEMAS = st.sampled_from(["public", "app", "other"])
TABLES = st.sampled_from(["a", "b", '"C d"'])
RELATIONS = st.one_of(TABLES, st.builds("{}.{}".format, SCHEMAS, TABLES))
ROLES = st.sampled_from(["anon", "authenticated", "public"])
PRIVILEGES = st.sampled_from(["all", "select", "insert, update", "select (id)", "delete"])
POLICIES = st.sampled_from(["p", '"Q r"'])
EXPRESSIONS = st.sampled_from(["true", "id = 1", "(id in (1, 2))", "'using (x)' = $$with check ($$", "true -- )\n"])

SWITCHES = ["enable", "disable", "force", "no force"]


def _statement(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(template.format, *parts)


RLS_STATEMENTS = st.one_of(
    _statement("create table {} (id int)", RELATIONS),
    _statement("create table if not exists {} (id int)", RELATIONS),
    _statement("alter table {} {} row level security", RELATIONS, st.sampled_from(SWITCHES)),
    _statement("alter table if exists {} {} row level security", RELATIONS, st.sampled_from(SWITCHES)),
    _statement("alter table {} rename to {}", RELATIONS, TABLES),
    _statement("alter table {} set schema {}", RELATIONS, SCHEMAS),
    _statement("drop table {}", RELATIONS),
    _statement("drop table if exists {} cascade", RELATIONS),
    _statement("set search_path to {}, public", SCHEMAS),
    st.just("reset search_path"),
)

STATEMENTS = st.one_of(
    RLS_STATEMENTS,
    _statement("create schema if not exists {}", SCHEMAS),
    _statement("drop schema {} cascade", st.sampled_from(["app", "other"])),
    _statement("alter schema app rename to {}", st.sampled_from(["other", "third"])),
    _statement("create table {} (like {} including all)", RELATIONS, RELATIONS),
    _statement("create table {} (x int) inherits ({})", RELATIONS, RELATIONS),
    _statement("create table {} as select * from {}", RELATIONS, RELATIONS),
    _statement("create temp table {} (id int)", TABLES),
    _statement("create policy {} on {} using ({})", POLICIES, RELATIONS, EXPRESSIONS),
    _statement("create policy {} on {} for insert to {} with check ({})", POLICIES, RELATIONS, ROLES, EXPRESSIONS),
    _statement("alter policy {} on {} to {}", POLICIES, RELATIONS, ROLES),
    _statement("alter policy {} on {} rename to r", POLICIES, RELATIONS),
    _statement("drop policy if exists {} on {}", POLICIES, RELATIONS),
    _statement("grant {} on {} to {}", PRIVILEGES, RELATIONS, ROLES),
    _statement("revoke {} on {} from {}", PRIVILEGES, RELATIONS, ROLES),
    _statement("grant {} on all tables in schema {} to {}", st.sampled_from(["all", "select"]), SCHEMAS, ROLES),
    _statement("revoke {} on all tables in schema {} from {}", st.sampled_from(["all", "insert"]), SCHEMAS, ROLES),
    _statement("alter default privileges in schema {} grant select on tables to {}", SCHEMAS, ROLES),
    _statement("alter default privileges in schema {} revoke all on tables from {}", SCHEMAS, ROLES),
    _statement("do $$ begin alter table {} enable row level security; end $$", RELATIONS),
    _statement("do $$ begin if random() > 2 then drop table {}; end if; end $$", RELATIONS),
    _statement(
        "do $$ declare t text; begin foreach t in array array['a', 'C d'] loop "
        "execute format('alter table public.%I {} row level security', t); end loop; end $$",
        st.sampled_from(SWITCHES),
    ),
    _statement(
        "do $$ declare r record; begin for r in select tablename from pg_tables where schemaname = '{}' loop "
        "execute format('alter table {}.%I enable row level security', r.tablename); end loop; end $$",
        st.just("public"),
        st.just("public"),
    ),
)


MEMBERS = st.sampled_from(["team", "boss", "quiet"])
GRANTEES = st.sampled_from(["anon", "authenticated", "team", "boss", "public"])
VIEWS = st.sampled_from(["v", "w"])
FUNCTIONS = st.sampled_from(["f", "g"])
COLUMN_PRIVILEGES = st.sampled_from(["select (id)", "insert (id)", "update (id)", "select (id, note)", "select"])
OPTIONS = st.sampled_from(["", " with inherit false", " with set false", " with admin option", " with inherit true"])
WHOLE = st.sampled_from(["using (true)", "using (false)", "using (id = 1)", "using (1 = 1) with check (id > 0)"])
KINDS = st.sampled_from(["permissive", "restrictive"])
COMMANDS = st.sampled_from(["all", "select", "update", "delete"])

PREAMBLE = (
    "create role team",
    "create role boss",
    "create role quiet noinherit",
    "create role bypassing bypassrls",
    "grant usage on schema public, app, other to anon, authenticated, team, boss, quiet, bypassing",
    "create table a (id int, note text)",
    "create table app.b (id serial, note text)",
    "alter table a enable row level security",
    "alter table app.b enable row level security",
    "grant select, insert, update, delete on app.b to authenticated, team",
    "create policy first on app.b to public using (id = 1)",
)
"""The statements before a sequence of security statements, so that PostgreSQL accepts most of those."""

SECURITY_STATEMENTS = st.one_of(
    _statement("create table {} (id int, note text)", RELATIONS),
    _statement("create table {} (extra int) inherits ({})", RELATIONS, RELATIONS),
    _statement("create table {} (id int, note text) partition by list (id)", RELATIONS),
    _statement("create table {} partition of {} default", RELATIONS, RELATIONS),
    _statement("alter table {} {} row level security", RELATIONS, st.sampled_from(SWITCHES)),
    _statement("alter table {} rename to {}", RELATIONS, TABLES),
    _statement("alter table {} set schema {}", RELATIONS, SCHEMAS),
    _statement("alter table {} owner to {}", RELATIONS, MEMBERS),
    _statement("alter table {} drop column note cascade", RELATIONS),
    _statement("drop table {} cascade", RELATIONS),
    _statement("drop schema {} cascade", st.sampled_from(["app", "other"])),
    _statement("create policy {} on {} as {} for {} {}", POLICIES, RELATIONS, KINDS, COMMANDS, st.just("using (true)")),
    _statement("create policy {} on {} as {} to {} {}", POLICIES, RELATIONS, KINDS, GRANTEES, WHOLE),
    _statement("create policy {} on {} for insert to {} with check (true)", POLICIES, RELATIONS, GRANTEES),
    _statement("create policy {} on {} using (id in (select id from {}))", POLICIES, RELATIONS, RELATIONS),
    _statement("alter policy {} on {} to {}", POLICIES, RELATIONS, GRANTEES),
    _statement("drop policy {} on {}", POLICIES, RELATIONS),
    _statement("grant {} on {} to {}", COLUMN_PRIVILEGES, RELATIONS, GRANTEES),
    _statement("grant {} on {} to {} with grant option", st.sampled_from(["all", "select"]), RELATIONS, MEMBERS),
    _statement("revoke {} on {} from {}", st.sampled_from(["all", "select", "select (id)"]), RELATIONS, GRANTEES),
    _statement("grant usage on sequence app.b_id_seq to {}", GRANTEES),
    _statement("revoke usage on schema {} from {}", SCHEMAS, GRANTEES),
    _statement("alter default privileges in schema {} grant select on tables to {}", SCHEMAS, GRANTEES),
    _statement("alter default privileges grant insert on tables to {}", GRANTEES),
    _statement("alter default privileges revoke execute on functions from {}", GRANTEES),
    _statement("alter default privileges in schema {} grant usage on sequences to {}", SCHEMAS, GRANTEES),
    _statement("create view {} as select * from {}", VIEWS, RELATIONS),
    _statement("create view {} with (security_invoker) as select * from {}", VIEWS, RELATIONS),
    _statement("create view {} as select * from {}", VIEWS, VIEWS),
    _statement("alter view {} set (security_invoker = {})", VIEWS, st.sampled_from(["on", "off"])),
    _statement("alter view {} owner to {}", VIEWS, MEMBERS),
    _statement("grant all on {} to {}", VIEWS, GRANTEES),
    _statement("revoke all on {} from {}", VIEWS, GRANTEES),
    _statement("drop view {} cascade", VIEWS),
    _statement("create function {}() returns int language sql security definer as 'select 1'", FUNCTIONS),
    _statement("revoke execute on function {}() from {}", FUNCTIONS, GRANTEES),
    _statement("grant execute on function {}() to {}", FUNCTIONS, GRANTEES),
    _statement("alter function {}() owner to {}", FUNCTIONS, MEMBERS),
    _statement("drop function {}() cascade", FUNCTIONS),
    _statement("grant {} to {}{}", MEMBERS, st.sampled_from(["anon", "authenticated", "boss", "quiet"]), OPTIONS),
    _statement("revoke {} from {}", MEMBERS, st.sampled_from(["anon", "authenticated", "boss", "quiet"])),
    _statement("revoke inherit option for {} from {}", MEMBERS, st.sampled_from(["anon", "boss", "quiet"])),
    _statement("alter role {} {}", MEMBERS, st.sampled_from(["noinherit", "inherit", "bypassrls", "nobypassrls"])),
    _statement("set role {}", MEMBERS),
    st.just("reset role"),
)


def migration(statements: list[str]) -> str:
    """Return one file of these statements, each on its own line."""
    return "".join(f"{statement};\n" for statement in statements)
