"""The collection of secrets at sinks and of tokens into one secret for each literal."""

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

import msgspec

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.addresses import within
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.secrets.flow.literal_places import LiteralRange, trace_from
from iacpolicy.secrets.flow.literals import LiteralString, path_text
from iacpolicy.secrets.search.syntax_positions import SyntaxPosition, position_at
from iacpolicy.secrets.secret import BACKEND, DEFAULT, LITERAL, UNSHOWN, Secret
from iacpolicy.secrets.sinks.sinks import Sink
from iacpolicy.secrets.text.classify import UNKNOWN, is_varied
from iacpolicy.secrets.text.tokens import TextRange
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.files import ParsedFiles

MAX_MADE = 100_000
LONG = 12


class SinkSecret(msgspec.Struct, frozen=True):
    """A secret at a sink: a range of the text that reaches the sink, and the literals that the range is made of."""

    sink: Sink
    module: str
    string: LiteralString
    text_range: TextRange
    parts: list[LiteralRange]
    order: int

    @property
    def address(self) -> str:
        return within(self.module, self.sink.place)

    @property
    def attribute(self) -> str:
        return path_text((*self.sink.path, *self.string.path))

    @property
    def longest(self) -> LiteralRange:
        return max(self.parts, key=lambda p: len(p.text))


_start, _end = attrgetter("start"), attrgetter("end")


class _LiteralSecret(msgspec.Struct):
    start: int
    end: int
    part: LiteralRange
    candidate: SinkSecret
    addresses: dict[str, None] = {}


class SecretCollector:
    """Collects the secrets of one root, in any order, and joins those of one literal."""

    def __init__(
        self,
        cells: tuple[int, ...],
        var_files: Mapping[str, tuple[int, ...]],
        files: ParsedFiles,
        modules: Sequence[Module],
    ) -> None:
        self.cells = cells
        self.var_files = var_files
        self.files = files
        self.defaults = _defaults(modules)
        self._candidates: list[SinkSecret] = []
        self._tokens: list[tuple[SourceFile, TextRange, SyntaxPosition, bool]] = []

    def add(self, candidate: SinkSecret) -> None:
        """Add a secret that reaches a sink."""
        self._candidates.append(candidate)

    def add_token(self, source: SourceFile, text_range: TextRange, place: SyntaxPosition, is_assignments: bool) -> None:
        """Add a token in the text of a file."""
        self._tokens.append((source, text_range, place, is_assignments))

    def secrets(self) -> Iterator[Secret]:
        """Yield one secret for each literal with its first sink; sinks of resources come before those of names."""
        ordered = sorted(self._candidates, key=lambda c: (len(c.parts) > 1, c.sink.rank, c.order))
        taken: dict[str, list[_LiteralSecret]] = {}
        for candidate in ordered:
            self._take(candidate, taken)
        for entries in taken.values():
            for found in entries:
                yield self._secret(found)
        for candidate in ordered:
            yield from _made(candidate)
        for source, text_range, place, is_assignments in self._tokens:
            if _overlapping(taken.get(source.path, []), *text_range) is None:
                yield self._token(source, text_range, place, is_assignments)

    def _take(self, candidate: SinkSecret, taken: dict[str, list[_LiteralSecret]]) -> None:
        if len(candidate.parts) > 1:
            known = [f for p in candidate.parts if (f := _overlapping(taken.get(_path(p), []), p.start, p.end))]
            if known:
                known[0].addresses.setdefault(candidate.address)
                return
        part = candidate.longest
        entries = taken.setdefault(_path(part), [])
        found = _overlapping(entries, part.start, part.end)
        if found is None:
            found = _LiteralSecret(part.start, part.end, part, candidate)
            insort(entries, found, key=_start)
        found.addresses.setdefault(candidate.address)

    def _secret(self, found: _LiteralSecret) -> Secret:
        candidate, part = found.candidate, found.part
        sink, source = candidate.sink, part.piece.source
        assert source is not None
        name = sink.path[-1] if sink.path else sink.place.rpartition(".")[2]
        before = trace_from(part.piece, part.start, part.end)
        parents = (before,) if before is not None else ()
        trace = Origin(OriginKind.ATTRIBUTE, name, sink.source, sink.start, sink.end, parents)
        kind = DEFAULT if self._is_default(source.path, part.start) else BACKEND if sink.kind == "backend" else LITERAL
        parsed = self.files.parsed(source.path) if source.path in self.files.read_paths else None
        names = position_at(source, parsed[1], part.start).names if parsed is not None else (source.path,)
        return Secret(
            part.text,
            part.span,
            kind,
            candidate.address,
            candidate.attribute,
            tuple(found.addresses),
            trace,
            ".".join(names),
            self.var_files.get(source.path, self.cells),
        )

    def _token(self, source: SourceFile, text_range: TextRange, place: SyntaxPosition, is_assignments: bool) -> Secret:
        text, span = source.text[text_range[0] : text_range[1]], source.span(*text_range)
        if place.literal is None or place.attribute is None:
            return Secret(text, span, UNSHOWN)
        address, attribute = place.split(is_assignments)
        literal = Origin(OriginKind.LITERAL, "", source, place.literal.start, place.literal.end)
        trace = Origin(
            OriginKind.ATTRIBUTE, place.names[-1], source, place.attribute.start, place.attribute.end, (literal,)
        )
        kind = DEFAULT if self._is_default(source.path, text_range[0]) else LITERAL
        if address.startswith("backend."):
            kind = BACKEND
        cells = self.var_files.get(source.path, self.cells)
        return Secret(text, span, kind, address, attribute, (address,), trace, ".".join(place.names), cells)

    def _is_default(self, path: str, offset: int) -> bool:
        ranges = self.defaults.get(path, [])
        at = bisect_right(ranges, (offset, 1 << 60)) - 1
        return at >= 0 and ranges[at][0] <= offset < ranges[at][1]


def _defaults(modules: Sequence[Module]) -> dict[str, list[TextRange]]:
    """Return the ranges of the defaults of variables by file, sorted."""
    found: dict[str, set[TextRange]] = {}
    for module in modules:
        for variable in module.variables.values():
            if variable.default is not None:
                node = variable.default.node
                found.setdefault(variable.default.source.path, set()).add((node.start, node.end))
    return {path: sorted(ranges) for path, ranges in found.items()}


def _path(part: LiteralRange) -> str:
    assert part.piece.source is not None
    return part.piece.source.path


def _overlapping(entries: Sequence[_LiteralSecret], start: int, end: int) -> _LiteralSecret | None:
    """Return the first of the sorted, disjoint entries that overlaps a range."""
    at = bisect_right(entries, start, key=_end)
    return entries[at] if at < len(entries) and entries[at].start < end else None


def _made(candidate: SinkSecret) -> Iterator[Secret]:
    """Yield the texts made from the literals of a secret, and the places of literals that are parts of it."""
    string = candidate.string
    if string.made is not None and UNKNOWN not in string.made and len(string.made) <= MAX_MADE:
        yield Secret(string.made, None, UNSHOWN)
    for part in candidate.parts:
        if part.piece.written is not None:
            yield Secret(part.piece.text, None, UNSHOWN)
    if len(candidate.parts) < 2:
        return
    whole = string.text[candidate.text_range[0] : candidate.text_range[1]]
    if UNKNOWN not in whole and len(whole) <= MAX_MADE:
        yield Secret(whole, None, UNSHOWN)
    for part in candidate.parts:
        is_telling = len(part.text) >= LONG or is_varied(part.text)
        span: Span = part.span
        yield Secret(part.text if is_telling else "", span, UNSHOWN)
