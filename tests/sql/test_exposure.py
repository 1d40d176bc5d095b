"""Verdicts on the exposure of tables, case by case."""

import pytest
from tests.sql import cases

from iacpolicy.core.tree import MemoryTree
from iacpolicy.sql.migrations.discover import load
from iacpolicy.sql.privileges.exposure import Verdict, exposures


@pytest.mark.parametrize("name", cases.NAMES)
def test_each_case_has_the_expected_verdicts(name: str) -> None:
    """The verdicts of a case are exactly those that its comments expect."""
    model, _ = cases.load(name)
    assert cases.decided(model) == cases.expected(name)


@pytest.mark.parametrize("name", cases.NAMES)
def test_an_uncertain_answer_gives_its_reasons(name: str) -> None:
    """No table is undecided without a reason that has a place in one of the case's files."""
    model, _ = cases.load(name)
    for answer in exposures(model):
        assert bool(answer.reasons) == (answer.verdict is Verdict.UNCERTAIN)
        assert all(reason.span.path in model.migrations.files for reason in answer.reasons)


def place(text: str) -> tuple[str, int]:
    """Return the exposed table, and the line of its finding."""
    (model,), _ = load(MemoryTree({"supabase/migrations/1_a.sql": text}))
    (answer,) = exposures(model)
    assert answer.verdict is Verdict.EXPOSED
    return answer.table.name.name, answer.place.line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("create table a (id int);\nalter table a rename to b;\n", ("b", 1)),
        ("create table a (id int);\nalter table a rename column id to i;\n", ("a", 1)),
        ("create table a (id int);\nalter table a disable row level security;\nalter table a rename to b;\n", ("b", 2)),
        ("create table s.a (id int);\nalter table s.a set schema public;\ngrant select on a to anon;\n"
         "alter table a rename to b;\n", ("b", 2)),
        ("create table s.a (id int);\nalter table s.a disable row level security;\nalter table s.a set schema public;\n"
         "grant select on a to anon;",
         ("a", 3)),
        ("create table a (id int);\nalter schema public rename to x;\nalter schema x rename to public;\n", ("a", 3)),
    ],
)  # fmt: skip
def test_a_finding_is_at_the_deciding_statement(text: str, expected: tuple[str, int]) -> None:
    """A finding is at the CREATE, the last switch, or the last move into the API, never at a rename."""
    assert place(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "create role app;\nset role app;\ncreate table a (id int);",
        "create role app;\nset role app;\ncreate table a (id int);\nreset role;\nalter table a owner to postgres;",
        "create schema s;\ncreate table s.a (id int);\nalter table s.a set schema public;",
    ],
)
def test_a_missing_grant_proves_nothing(text: str) -> None:
    """The creator and schema of a table decide its default grants; the migrations do not show grants in a console."""
    (model,), _ = load(MemoryTree({"supabase/migrations/1_a.sql": text}))
    (answer,) = exposures(model)
    assert (answer.verdict, answer.because) == (
        Verdict.EXPOSED,
        "API roles may have grants on it that no migration shows",
    )


def test_a_schema_exposed_by_config_counts_as_granted() -> None:
    """A missing GRANT proves nothing where config.toml exposes a schema, until a privilege is revoked."""
    config = '[api]\nschemas = ["api"]\n'
    texts = ["create schema api;\ncreate table api.a (id int);"]
    texts.append(f"{texts[0]}\nrevoke all on api.a from anon, authenticated;")
    verdicts: list[Verdict] = []
    for text in texts:
        (model,), _ = load(MemoryTree({"supabase/migrations/1_a.sql": text, "supabase/config.toml": config}))
        verdicts.extend(answer.verdict for answer in exposures(model))
    assert verdicts == [Verdict.EXPOSED, Verdict.FINE]
