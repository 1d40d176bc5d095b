"""One secret for each literal, out of everything that the search comes upon."""

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

import msgspec

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.addresses import within
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.secrets.flow.literal_places import Part, way_from
from iacpolicy.secrets.flow.pieces import ELEMENT, Leaf, Steps
from iacpolicy.secrets.search.token_scan import Spot, spot
from iacpolicy.secrets.secret import BACKEND, DEFAULT, LITERAL, UNSHOWN, Secret
from iacpolicy.secrets.sinks.sinks import Sink
from iacpolicy.secrets.text.classify import UNKNOWN, is_varied
from iacpolicy.secrets.text.tokens import Stretch
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.files import ParsedFiles

MAX_MADE = 100_000
LONG = 12


class Candidate(msgspec.Struct, frozen=True):
    """A stretch of a string at a sink that is a secret, and the literals it is made of."""

    sink: Sink
    module: str
    leaf: Leaf
    stretch: Stretch
    parts: list[Part]
    order: int

    @property
    def address(self) -> str:
        return within(self.module, self.sink.place)

    @property
    def attribute(self) -> str:
        return path_text((*self.sink.path, *self.leaf.steps))

    @property
    def longest(self) -> Part:
        return max(self.parts, key=lambda p: len(p.text))


_start, _end = attrgetter("start"), attrgetter("end")


class _Found(msgspec.Struct):
    start: int
    end: int
    part: Part
    candidate: Candidate
    addresses: dict[str, None] = {}


class Gathered:
    """The secrets of one root; `add` takes what was found in any order."""

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
        self._candidates: list[Candidate] = []
        self._tokens: list[tuple[SourceFile, Stretch, Spot, bool]] = []

    def add(self, candidate: Candidate) -> None:
        """Take a secret that reaches a sink."""
        self._candidates.append(candidate)

    def add_token(self, source: SourceFile, stretch: Stretch, place: Spot, is_assignments: bool) -> None:
        """Take a token found in a file's text."""
        self._tokens.append((source, stretch, place, is_assignments))

    def secrets(self) -> Iterator[Secret]:
        """One secret for a literal: with its first sink, those of resources before names."""
        ordered = sorted(self._candidates, key=lambda c: (len(c.parts) > 1, c.sink.rank, c.order))
        taken: dict[str, list[_Found]] = {}
        for candidate in ordered:
            self._take(candidate, taken)
        for entries in taken.values():
            for found in entries:
                yield self._secret(found)
        for candidate in ordered:
            yield from _made(candidate)
        for source, stretch, place, is_assignments in self._tokens:
            if _overlapping(taken.get(source.path, []), *stretch) is None:
                yield self._token(source, stretch, place, is_assignments)

    def _take(self, candidate: Candidate, taken: dict[str, list[_Found]]) -> None:
        if len(candidate.parts) > 1:
            known = [f for p in candidate.parts if (f := _overlapping(taken.get(_path(p), []), p.start, p.end))]
            if known:
                known[0].addresses.setdefault(candidate.address)
                return
        part = candidate.longest
        entries = taken.setdefault(_path(part), [])
        found = _overlapping(entries, part.start, part.end)
        if found is None:
            found = _Found(part.start, part.end, part, candidate)
            insort(entries, found, key=_start)
        found.addresses.setdefault(candidate.address)

    def _secret(self, found: _Found) -> Secret:
        candidate, part = found.candidate, found.part
        sink, source = candidate.sink, part.piece.source
        assert source is not None
        name = sink.path[-1] if sink.path else sink.place.rpartition(".")[2]
        before = way_from(part.piece, part.start, part.end)
        parents = (before,) if before is not None else ()
        trace = Origin(OriginKind.ATTRIBUTE, name, sink.source, sink.start, sink.end, parents)
        kind = DEFAULT if self._is_default(source.path, part.start) else BACKEND if sink.kind == "backend" else LITERAL
        parsed = self.files.parsed(source.path) if source.path in self.files.read_paths else None
        names = spot(source, parsed[1], part.start).names if parsed is not None else (source.path,)
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

    def _token(self, source: SourceFile, stretch: Stretch, place: Spot, is_assignments: bool) -> Secret:
        text, span = source.text[stretch[0] : stretch[1]], source.span(*stretch)
        if place.literal is None or place.attribute is None:
            return Secret(text, span, UNSHOWN)
        address, attribute = place.split(is_assignments)
        literal = Origin(OriginKind.LITERAL, "", source, place.literal.start, place.literal.end)
        trace = Origin(
            OriginKind.ATTRIBUTE, place.names[-1], source, place.attribute.start, place.attribute.end, (literal,)
        )
        kind = DEFAULT if self._is_default(source.path, stretch[0]) else LITERAL
        if address.startswith("backend."):
            kind = BACKEND
        cells = self.var_files.get(source.path, self.cells)
        return Secret(text, span, kind, address, attribute, (address,), trace, ".".join(place.names), cells)

    def _is_default(self, path: str, offset: int) -> bool:
        stretches = self.defaults.get(path, [])
        at = bisect_right(stretches, (offset, 1 << 60)) - 1
        return at >= 0 and stretches[at][0] <= offset < stretches[at][1]


def _defaults(modules: Sequence[Module]) -> dict[str, list[Stretch]]:
    """Where the defaults of variables stand, by file."""
    found: dict[str, set[Stretch]] = {}
    for module in modules:
        for variable in module.variables.values():
            if variable.default is not None:
                node = variable.default.node
                found.setdefault(variable.default.source.path, set()).add((node.start, node.end))
    return {path: sorted(stretches) for path, stretches in found.items()}


def _path(part: Part) -> str:
    assert part.piece.source is not None
    return part.piece.source.path


def _overlapping(entries: Sequence[_Found], start: int, end: int) -> _Found | None:
    """The first that overlaps a stretch of some that are sorted and apart."""
    at = bisect_right(entries, start, key=_end)
    return entries[at] if at < len(entries) and entries[at].start < end else None


def _made(candidate: Candidate) -> Iterator[Secret]:
    """The texts that are made from a secret's literals, and the places of those that are only parts of it."""
    leaf = candidate.leaf
    if leaf.made is not None and UNKNOWN not in leaf.made and len(leaf.made) <= MAX_MADE:
        yield Secret(leaf.made, None, UNSHOWN)
    for part in candidate.parts:
        if part.piece.written is not None:
            yield Secret(part.piece.text, None, UNSHOWN)
    if len(candidate.parts) < 2:
        return
    whole = leaf.text[candidate.stretch[0] : candidate.stretch[1]]
    if UNKNOWN not in whole and len(whole) <= MAX_MADE:
        yield Secret(whole, None, UNSHOWN)
    for part in candidate.parts:
        is_telling = len(part.text) >= LONG or is_varied(part.text)
        span: Span = part.span
        yield Secret(part.text if is_telling else "", span, UNSHOWN)


def path_text(steps: Steps) -> str:
    """The trace to a part of a value, as an attribute's path is written."""
    text = ""
    for step in steps:
        if step is ELEMENT:
            text += "[*]"
        elif isinstance(step, int):
            text += f"[{step}]"
        elif isinstance(step, str) and step.replace("-", "_").isidentifier():
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text
