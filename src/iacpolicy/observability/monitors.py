"""Rules, dashboards, and their expressions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

import msgspec

from iacpolicy.core.places.json_places import locate
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.terms import Term

Steps = tuple[str | int, ...]


class TextRange(msgspec.Struct, frozen=True):
    """A place in a file by its offsets."""

    source: SourceFile
    start: int
    end: int

    @property
    def span(self) -> Span:
        return self.source.span(self.start, self.end)


class JsonPath(msgspec.Struct, frozen=True):
    """A place in a JSON file by its path of keys and indexes; its span is computed on demand."""

    source: SourceFile
    steps: Steps

    @property
    def span(self) -> Span:
        return locate(self.source, self.steps)


class InBlock(msgspec.Struct, frozen=True):
    """An attribute of the node's own block, by its path of names and indexes."""

    steps: Steps


MonitorPlace: TypeAlias = TextRange | JsonPath | InBlock


class DataSourceKind(StrEnum):
    """The query language of a data source, as far as it is known."""

    PROMETHEUS = "prometheus"
    OTHER = "other"
    UNTOLD = "untold"


class ReplacedVariables(StrEnum):
    """The variables of Grafana that are replaced before a query is sent."""

    NONE = "none"
    GLOBAL = "global"
    ALL = "all"


class Expression(msgspec.Struct, frozen=True):
    """One query to a data source.

    `text` holds a mark for each unknown part, and `parts` has the term of each mark. `variables` are the kinds
    of Grafana's variables in it. `whole` is the term of a text that is unknown as a whole.
    """

    text: str
    where: MonitorPlace
    kind: DataSourceKind = DataSourceKind.PROMETHEUS
    variables: ReplacedVariables = ReplacedVariables.NONE
    parts: Mapping[str, Term] = {}
    whole: Term | None = None


class Rule(msgspec.Struct, frozen=True):
    """An alerting or a recording rule.

    `labels` are those that the rule itself sets, None where they are in the block of the node. `label_places` has the
    place of each label by its name, and the place of all of them by the empty name.
    """

    name: str
    group: str
    is_alert: bool
    expressions: tuple[Expression, ...]
    records: str | None = None
    labels: Mapping[str, str] | None = None
    label_places: Mapping[str, TextRange] = {}
    place: TextRange | None = None


class Dashboard(msgspec.Struct, frozen=True):
    """A dashboard; `unread` is the term that an unknown text depends on."""

    title: str
    uid: str | None
    expressions: tuple[Expression, ...]
    variables: tuple[str, ...] = ()
    unread: Term | None = None
