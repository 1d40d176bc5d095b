"""What monitoring consists of: rules, dashboards, and the expressions by which they ask."""

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
    """A place in a JSON file by the way of keys and indexes to it; its line is looked for when it is asked for."""

    source: SourceFile
    steps: Steps

    @property
    def span(self) -> Span:
        return locate(self.source, self.steps)


class InBlock(msgspec.Struct, frozen=True):
    """An attribute of the node's own block, by the way of names and indexes to it."""

    steps: Steps


MonitorPlace: TypeAlias = TextRange | JsonPath | InBlock


class DataSourceKind(StrEnum):
    """What a source of data speaks, as far as that is known."""

    PROMETHEUS = "prometheus"
    OTHER = "other"
    UNTOLD = "untold"


class ReplacedVariables(StrEnum):
    """Which of Grafana's variables are replaced before a source is asked."""

    NONE = "none"
    GLOBAL = "global"
    ALL = "all"


class Expression(msgspec.Struct, frozen=True):
    """One question to a source.

    `text` holds a mark for each part that is not known, and `parts` says by mark what that part hangs on. `variables`
    tells which of Grafana's variables stand in it. `whole` is set where not even that much is known of it.
    """

    text: str
    where: MonitorPlace
    kind: DataSourceKind = DataSourceKind.PROMETHEUS
    variables: ReplacedVariables = ReplacedVariables.NONE
    parts: Mapping[str, Term] = {}
    whole: Term | None = None


class Rule(msgspec.Struct, frozen=True):
    """An alerting or a recording rule.

    `labels` are those that the rule itself sets, None where they stand in the block of the node; `label_places` says
    where each is written, by its name, and where all of them are, by the empty one.
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
    """A dashboard; `unread` says what it hangs on where its text is not known."""

    title: str
    uid: str | None
    expressions: tuple[Expression, ...]
    variables: tuple[str, ...] = ()
    unread: Term | None = None
