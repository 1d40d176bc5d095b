"""Random migrations: statements over a handful of names, so that they meet each other."""

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


def migration(statements: list[str]) -> str:
    """One file of these statements, each on a line of its own."""
    return "".join(f"{statement};\n" for statement in statements)
