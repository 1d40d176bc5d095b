"""The query language of a data source, by its declaration or its name."""

from collections.abc import Mapping
from typing import Any, Final

from iacpolicy.observability.monitors import DataSourceKind

# Grafana's data source types with PromQL: https://grafana.com/docs/grafana/latest/datasources/
PROMETHEUS: Final = frozenset(
    {"prometheus", "grafana-amazonprometheus-datasource", "grafana-azureprometheus-datasource", "mimir", "thanos"}
)
_NAMES: Final = ("prom", "mimir", "thanos", "cortex")
_OTHERS: Final = ("loki", "tempo", "elastic", "influx", "graphite", "cloudwatch", "postgres", "mysql", "__expr__")

Known = Mapping[str, str]
"""The type of each source by its uid, and by its name."""


def kind_of_type(type_: Any) -> DataSourceKind:
    """Return the kind of a data source by Grafana's name of its type."""
    if not isinstance(type_, str) or not type_ or "$" in type_:
        return DataSourceKind.UNTOLD
    return DataSourceKind.PROMETHEUS if type_.lower() in PROMETHEUS else DataSourceKind.OTHER


def kind_of_name(name: Any, known: Known) -> DataSourceKind:
    """Return the kind of a data source by its uid or name: from its declaration, else from its name."""
    if not isinstance(name, str) or not name:
        return DataSourceKind.UNTOLD
    if name in known:
        return kind_of_type(known[name])
    if name in ("-100", "__expr__"):
        return DataSourceKind.OTHER
    text = name.lower()
    if any(word in text for word in _OTHERS):
        return DataSourceKind.OTHER
    return DataSourceKind.PROMETHEUS if any(word in text for word in _NAMES) else DataSourceKind.UNTOLD


def kind_of(reference: Any, known: Known) -> DataSourceKind:
    """Return the kind of the `datasource` of a target or panel: an object, or in older dashboards a name."""
    if not isinstance(reference, dict):
        return kind_of_name(_variable(reference), known)
    by_type = kind_of_type(reference.get("type"))
    return by_type if by_type is not DataSourceKind.UNTOLD else kind_of_name(_variable(reference.get("uid")), known)


def _variable(name: Any) -> Any:
    """Return the name of the variable that selects the source (`${DS_PROMETHEUS}`), else the name itself."""
    return name.strip("${}[]") if isinstance(name, str) else name
