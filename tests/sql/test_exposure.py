"""Which tables are open, case by case."""

import pytest
from tests.sql import cases

from iacpolicy.sql.exposure import Verdict, exposures


@pytest.mark.parametrize("name", cases.NAMES)
def test_each_case_is_judged_as_its_lines_say(name: str) -> None:
    """The verdicts of a case are exactly those its comments expect."""
    model, _ = cases.load(name)
    assert cases.decided(model) == cases.expected(name)


@pytest.mark.parametrize("name", cases.NAMES)
def test_an_uncertain_answer_gives_its_reasons(name: str) -> None:
    """No table is undecided without a reason that has a place in one of the case's files."""
    model, _ = cases.load(name)
    for answer in exposures(model):
        assert bool(answer.reasons) == (answer.verdict is Verdict.UNCERTAIN)
        assert all(reason.span.path in model.migrations.files for reason in answer.reasons)
