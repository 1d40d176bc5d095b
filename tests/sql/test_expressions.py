"""Conditions of policies: constant ones by hand, and random ones against PostgreSQL."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sql import oracle

from iacpolicy.sql.expressions.conditions import calls_per_row, constant_truth, needs_only_a_login


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("true", True),
        ("1 = 1", True),
        ("id = id", True),
        ("a.id <= id", True),
        ("x = x", None),
        ("x is not distinct from x", True),
        ("owner = auth.uid() or true", True),
        ("(select true)", True),
        ("'t'::boolean and not false", True),
        ("1 in (1, 2)", True),
        ("id is not null", True),
        ("'true'", True),
        ("coalesce(true)", True),
        ("case when true then true else x = 1 end", True),
        ("case when x = 1 then true end", None),
        ("exists (select 1)", True),
        ("exists (select 1 where false)", None),
        ("x is null or x is not null", None),
        ("null", False),
        ("null = null", False),
        ("false and owner = auth.uid()", False),
        ("coalesce(null, 1) = 2", False),
        ("not (null and x = 1)", None),
        ("owner = auth.uid()", None),
        ("exists (select true)", True),
        ("length('abc') = 3", True),
        ("pg_catalog.char_length('é') > 1", False),
        ("abs(-5) = 5 and length(null) is null", True),
        ("length(x) = 3", None),
        ("'ab'::varchar(1) = 'ab'", None),
        ("app.length('abc') = 3", None),
        ("length('abc') filter (where x) = 3", None),
        ("now() > '2000-01-01'", None),
        ("upper('i') = 'I'", None),
        ("not a sentence in sql", None),
        ("1 in (1, null)", True),
        ("2 not in (1, null)", False),
        ("null in (1)", False),
        ("'ab' like 'a%'", True),
        ("'É' ilike 'é'", None),
        ("'a' || x is not null", None),
        ("x::text || 'a' is null", None),
        ("1 is distinct from '1'", None),
        ("null is distinct from 1", True),
        ("'a'::char(3) = 'a'", None),
        ("'abc'::varchar(3) = 'abc'", True),
        ("format('%s', 'a') = 'a'", None),
        ("2 = any (array[1, 2])", True),
        ("'1'::int = 1 and 'no'::boolean is false", True),
        ("(" * 5000 + "true" + ")" * 5000, True),
        (" or ".join(["x = 1"] * 3000), None),
    ],
)
def test_constant_truth(text: str, truth: bool | None) -> None:
    """`id` cannot be null, `x` can."""
    assert constant_truth(text, {"id"}) is truth


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("auth.uid() is not null", True),
        ("(select auth.uid()) is not null", True),
        ("'authenticated' = auth.role()", True),
        ("auth.uid() is not null and true", True),
        ("auth.uid() is not null or x = 1", True),
        ("auth.uid() is not null and x = 1", False),
        ("auth.uid() = owner", False),
        ("auth.uid() = auth.uid()", True),
        ("not (auth.uid() is null)", True),
        ("auth.role() in ('authenticated', 'service_role')", True),
        ("(auth.jwt() ->> 'role') = 'authenticated'", True),
        ("auth.role() in ('service_role')", False),
        ("auth.role() = 'service_role'", False),
        (None, False),
    ],
)
def test_a_condition_that_requires_only_a_login(text: str | None, expected: bool) -> None:
    """A condition that every account satisfies asks for a login only."""
    assert needs_only_a_login(text) is expected


def test_calls_in_a_scalar_query_run_once() -> None:
    """Calls in a query with FROM, and calls outside of queries, run for each row."""
    text = "(select auth.uid()) = x or auth.jwt() is null or exists (select from t where t.x = auth.role())"
    assert calls_per_row(text) == ["auth.jwt", "auth.role"]


CONSTANTS = ("true", "false", "null::boolean", "1 = 1", "2 < 1", "'a' = 'b'", "1 in (1, 2)", "(select true)")
COLUMNS = ("id = id", "x = x", "id <> id", "x is null", "id is not null", "x = 1", "x is distinct from x")
OTHERS = (
    "coalesce(null, false)", "exists (select 1)", "case when 1 = 2 then true end", "'t'::boolean",
    "1 in (2, null)", "1 not in (2, x)", "x in (1, 5)",
    "'ab' like 'a_'", "'a' || x::text is null", "1 = any (array[1, x])",
    "null::int is distinct from x", "id is not distinct from id", "length('é') = 1", "2 = all (array[]::int[])",
    "2 <> all (array[1, 3])", "split_part('a,b', ',', 2) = 'b'", "'7'::int > 6", "1::text = '1'", "x::text like '%'",
)  # fmt: skip
ATOMS = st.sampled_from([*CONSTANTS, *COLUMNS, *OTHERS])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("(({}) is true)".format, inner),
        st.builds("(({}) is not unknown)".format, inner),
        st.builds("coalesce({}, {})".format, inner, inner),
        st.builds("(({}) is null)".format, inner),
    ),
    max_leaves=8,
)


def test_postgresql_agrees_with_what_is_constant(server: oracle.Server) -> None:
    """A condition that is constantly true lets every row through in PostgreSQL, a false one none."""
    with server.database() as connection:
        connection.execute("create table a (id int not null, x int)")
        connection.execute("insert into a values (1, 1), (2, null), (3, 5)")

        @given(EXPRESSIONS)
        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        def agrees(text: str) -> None:
            folded = constant_truth(text, {"id"})
            (rows,) = connection.execute(f"select count(*) from a where {text}").fetchone()
            assert folded is None or rows == (3 if folded else 0), (text, folded, rows)

        check: Callable[[], None] = agrees
        check()
