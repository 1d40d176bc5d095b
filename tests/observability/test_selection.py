"""Selection of services by name."""

from typing import Any

import pytest
from tests.observability.cases import cases

from iacpolicy.observability.monitors import ReplacedVariables
from iacpolicy.observability.promql.parse import Query, parse
from iacpolicy.observability.promql.selectors import ServiceNames, selects

NAMES = ServiceNames(
    "lss-production-api",
    frozenset({"lss-production-api", "lss-production-web", "worker"}),
    frozenset({"service", "job"}),
)
RECORDED = {
    "service:errors:rate5m": 'sum by (service) (rate(errors_total{service=~"lss-.+-api"}[5m]))',
    "service:errors:rate1h": "avg_over_time(service:errors:rate5m[1h])",
    "circle:a": "circle:b",
    "circle:b": "circle:a",
}


def _query(text: str, variables: ReplacedVariables = ReplacedVariables.NONE) -> Query:
    parsed = parse(text, variables)
    assert isinstance(parsed, Query), parsed
    return parsed


@pytest.mark.parametrize("case", cases("selection"), ids=lambda case: case["text"])
def test_case(case: dict[str, Any]) -> None:
    """Each expression selects the service, or does not, as the table says."""
    recorded = {name: (_query(text),) for name, text in RECORDED.items()}
    query = _query(case["text"], ReplacedVariables(case.get("variables", "none")))
    assert selects(query, NAMES, recorded) is case["selects"]
