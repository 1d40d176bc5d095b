"""The result of each stage of a scan is immutable, so that no later stage can change it."""

from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

from iacpolicy.gate.report import Report
from iacpolicy.pipeline.context.run_rules import RulesRevision, RunRules
from iacpolicy.pipeline.judge.checkov_outcome import CheckovOutcome
from iacpolicy.pipeline.judge.compare_base import Compared
from iacpolicy.pipeline.judge.judge import Judged
from iacpolicy.pipeline.policies.select import PolicySources
from iacpolicy.pipeline.policies.trust import RepositoryPolicies
from iacpolicy.pipeline.prepare.evaluate_cells import Evaluated
from iacpolicy.pipeline.prepare.prepare import Prepared
from iacpolicy.pipeline.scan import Scanned

RESULTS: list[type[msgspec.Struct]] = [
    RunRules,
    RulesRevision,
    PolicySources,
    RepositoryPolicies,
    Evaluated,
    Prepared,
    CheckovOutcome,
    Judged,
    Compared,
    Report,
    Scanned,
]


def _collections(hint: Any) -> set[type]:
    """Return all generic types in a type hint."""
    origin = get_origin(hint)
    return ({origin} if isinstance(origin, type) else set()).union(*map(_collections, get_args(hint)))


@pytest.mark.parametrize("result", RESULTS)
def test_results_are_immutable(result: type[msgspec.Struct]) -> None:
    """A result is frozen and has no list, set or dict, which a later stage could fill."""
    assert result.__struct_config__.frozen
    assert not {list, set, dict} & {c for hint in get_type_hints(result).values() for c in _collections(hint)}
