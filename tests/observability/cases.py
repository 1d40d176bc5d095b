"""The tables of cases about PromQL."""

import tomllib
from pathlib import Path
from typing import Any

from iacpolicy.observability.marks import ANY
from iacpolicy.observability.promql.parse import Query, Selector

FIXTURES = Path(__file__).parents[2] / "fixtures" / "observability"


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a table."""
    return list(tomllib.loads((FIXTURES / f"{name}.toml").read_text(encoding="utf-8"))["case"])


def told(query: Query) -> list[str]:
    """The selectors of a query as text, variables written as <any>."""
    return [_told(selector).replace(ANY, "<any>") for selector in query.selectors]


def _told(selector: Selector) -> str:
    groups = [",".join(f'{m.label}{m.operator}"{m.value}"' for m in group) for group in selector.alternatives]
    return (selector.metric or "") + "|".join(f"{{{group}}}" for group in groups)
