"""Find the active waivers: the waivers of a head that its base has too.

A change cannot waive its own violations, so a waiver that the head adds is inactive. Two waivers are the same if they
have the same policy, file and scope. The scope is the chain of names of blocks, attributes and items around the line.
If no named element begins on the line, the scope includes its text. Siblings with the same name are identified by their
text. If the head extends the last day of a waiver, the day of the base counts.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from iacpolicy.core.sources import SourceFile
from iacpolicy.gate.waiver_comments import InlineWaiver
from iacpolicy.hcl import ast
from iacpolicy.hcl.visit import walk
from iacpolicy.sql.syntax.lexer import TokenKind, tokens

Scope = tuple[str, ...]
ScopedWaiver = tuple[InlineWaiver, Scope]
NamedNode = ast.Attribute | ast.Block | ast.ObjectItem


class ActiveWaivers(msgspec.Struct, frozen=True):
    """The active waivers, with the policies and the last day that count, and the waivers that the head adds."""

    active: tuple[InlineWaiver, ...]
    added: tuple[InlineWaiver, ...]


def active_waivers(head: Iterable[ScopedWaiver], base: Iterable[ScopedWaiver]) -> ActiveWaivers:
    """Split the waivers of the head into the active ones, which the base has too, and the added ones."""
    days: dict[tuple[str, Scope, str], date] = {}
    for waiver, scope in base:
        for policy in waiver.policies:
            key = (waiver.location.path, scope, policy)
            days[key] = max(days.get(key, date.min), waiver.until or date.max)
    active: list[InlineWaiver] = []
    added: list[InlineWaiver] = []
    for waiver, scope in head:
        by_day: dict[date | None, list[str]] = {}
        for policy in waiver.policies:
            day = days.get((waiver.location.path, scope, policy))
            by_day.setdefault(None if day is None else min(day, waiver.until or date.max), []).append(policy)
        for day, policies in by_day.items():
            until = day if day != date.max else None
            one = msgspec.structs.replace(waiver, policies=tuple(policies))
            if day is None:
                added.append(one)
            else:
                active.append(msgspec.structs.replace(one, until=until))
    return ActiveWaivers(tuple(active), tuple(added))


def hcl_scopes(waivers: Sequence[InlineWaiver], source: SourceFile, file: ast.File) -> Iterator[ScopedWaiver]:
    """Yield each waiver of an HCL file with its scope."""
    parts = _named_parts(source, file) if waivers else ()
    comments = [(c.start, c.end) for c in file.comments]
    for waiver in waivers:
        around = [c for c in parts if c.first <= waiver.first_line <= c.last]
        names = tuple(c.name for c in around)
        begins = any(c.first == waiver.first_line for c in around)
        yield waiver, names if begins else (*names, _line(source, waiver.first_line, comments))


def sql_scopes(waivers: Sequence[InlineWaiver], source: SourceFile) -> Iterator[ScopedWaiver]:
    """Yield each waiver of an SQL file; its scope is its statement up to the first parenthesis."""
    comments = [(t.start, t.end) for t in tokens(source.text) if t.kind is TokenKind.COMMENT] if waivers else []
    for waiver in waivers:
        parts: list[str] = []
        for line in range(waiver.first_line, waiver.last_line + 1):
            head, parenthesis, _ = _line(source, line, comments).partition("(")
            parts += head.split()
            if parenthesis:
                break
        yield waiver, (" ".join(parts),)


def line_scopes(waivers: Sequence[InlineWaiver], source: SourceFile) -> Iterator[ScopedWaiver]:
    """Yield each waiver of a file that is read line by line; its scope is the first covered line."""
    for waiver in waivers:
        yield waiver, (source.line(waiver.first_line).partition(" #")[0].strip(),)


def block_at(source: SourceFile, file: ast.File, line: int) -> Scope | None:
    """Return the scope of the top-level block that contains a line; None if there is none."""
    return next(((c.name,) for c in _named_parts(source, file) if c.is_top and c.first <= line <= c.last), None)


def skips(source: SourceFile, file: ast.File, check: str) -> frozenset[Scope]:
    """Return the scopes of the blocks in which a comment `checkov:skip=` skips a check."""
    mark = f"checkov:skip={check}"
    marked = [c.start for c in file.comments if _has(source.text[c.start : c.end], mark)]
    lines = [source.position(at)[0] for at in marked]
    return frozenset(scope for line in lines if (scope := block_at(source, file, line)) is not None)


def _has(comment: str, mark: str) -> bool:
    _, found, rest = comment.partition(mark)
    return bool(found) and not rest[:1].isalnum() and rest[:1] != "_"


class _NamedPart(msgspec.Struct, frozen=True, gc=False):
    """A named element of a file: its lines, and its name, unique among its siblings."""

    first: int
    last: int
    name: str
    is_top: bool


def _named_parts(source: SourceFile, file: ast.File) -> tuple[_NamedPart, ...]:
    """Return the named elements of a file, parents before children."""
    nodes = sorted((n for n in walk(file.body) if isinstance(n, NamedNode)), key=lambda n: (n.start, -n.end))
    open_nodes: list[int] = []
    parents: list[int] = []
    for index, node in enumerate(nodes):
        while open_nodes and nodes[open_nodes[-1]].end <= node.start:
            open_nodes.pop()
        parents.append(open_nodes[-1] if open_nodes else -1)
        open_nodes.append(index)
    labels = [_label(node, source) for node in nodes]
    siblings: Mapping[tuple[int, str], int] = Counter(zip(parents, labels, strict=True))
    found = []
    for node, up, label in zip(nodes, parents, labels, strict=True):
        name = label
        if siblings[up, label] > 1:
            name = f"{label} {' '.join(source.text[node.start : node.end].split())}"
        first = source.position(node.start)[0]
        last = source.position(max(node.end - 1, node.start))[0]
        found.append(_NamedPart(first, last, name, up == -1))
    return tuple(found)


def _label(node: NamedNode, source: SourceFile) -> str:
    match node:
        case ast.Block():
            return " ".join((node.type, *(f'"{label}"' for label in node.labels)))
        case ast.Attribute():
            return node.name
        case _:
            return source.text[node.key.start : node.key.end].strip('"')


def _line(source: SourceFile, line: int, comments: Sequence[tuple[int, int]]) -> str:
    """Return the text of a line without comments; `comments` are sorted offsets."""
    if line > len(source.line_starts):
        return ""
    start = source.line_starts[line - 1]
    end = start + len(source.line(line))
    kept, at = [], start
    for first, last in comments[max(bisect_right(comments, (start, start)) - 1, 0) :]:
        if first >= end:
            break
        if last > at:
            kept.append(source.text[at : max(first, at)])
            at = min(last, end)
    kept.append(source.text[at:end])
    return " ".join("".join(kept).split())
