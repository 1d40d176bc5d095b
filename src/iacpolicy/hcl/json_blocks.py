"""Blocks written in JSON: objects by label, and lists of them at any level.

Only the reader of a body knows which properties are blocks. This module returns the blocks of such a property.
"""

from collections.abc import Iterator

from iacpolicy.hcl.ast import (
    Attribute,
    Block,
    Body,
    Expression,
    KeyName,
    Node,
    Null,
    ObjectCons,
    ObjectItem,
    TupleCons,
)


def blocks_of(value: Expression, type: str, label_count: int) -> tuple[Block, ...]:
    """Return the blocks of a type in the value of its property; `misfits` returns the values that are no blocks."""
    blocks, _ = _read(value, type, label_count)
    return tuple(blocks)


def misfits(value: Expression, label_count: int) -> tuple[Node, ...]:
    """Return the values at the place of a block, or of its labels, that are no objects, so that they are reported."""
    _, wrong = _read(value, "", label_count)
    return tuple(wrong)


def body_attributes(content: Expression, wrong: list[Node]) -> list[Attribute]:
    """Return the properties of an object, or of a list of them, as arguments; `//` is a comment, as in Terraform."""
    attributes: list[Attribute] = []
    for item in _properties(content, wrong):
        if not isinstance(item.key, KeyName):
            wrong.append(item.key)
        elif item.key.name != "//":
            attributes.append(
                Attribute(start=item.start, end=item.end, name=item.key.name, name_end=item.key.end, value=item.value)
            )
    return attributes


def _read(value: Expression, type: str, label_count: int) -> tuple[list[Block], list[Node]]:
    blocks: list[Block] = []
    wrong: list[Node] = []
    # Each entry is a value, its labels so far with their places, and the place of the innermost key.
    pending: list[tuple[Expression, tuple[str, ...], tuple[int, ...], tuple[int, int]]] = [
        (value, (), (), _opening(value))
    ]
    while pending:
        value, labels, starts, header = pending.pop()
        if len(labels) < label_count:
            inner = []
            for item in _properties(value, wrong):
                if isinstance(item.key, KeyName):
                    if item.key.name != "//":
                        key = item.key
                        place = (key.start, key.end)
                        inner.append((item.value, (*labels, key.name), (*starts, key.start), place))
                else:
                    wrong.append(item.key)
            pending.extend(reversed(inner))
        elif isinstance(value, TupleCons):
            for content in value.items:
                place = header if labels else _opening(content)
                blocks.append(_block(type, labels, starts, place, content, wrong))
        elif isinstance(value, ObjectCons):
            blocks.append(_block(type, labels, starts, header, value, wrong))
        elif not isinstance(value, Null):
            wrong.append(value)
    return blocks, wrong


def _opening(value: Node) -> tuple[int, int]:
    return value.start, min(value.start + 1, value.end)


def _properties(value: Expression, wrong: list[Node]) -> Iterator[ObjectItem]:
    """Yield the properties of an object, or of the objects in a list, however deep the lists."""
    pending: list[Expression] = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, ObjectCons):
            yield from value.items
        elif isinstance(value, TupleCons):
            pending.extend(reversed(value.items))
        elif not isinstance(value, Null):
            wrong.append(value)


def _block(
    type: str,
    labels: tuple[str, ...],
    starts: tuple[int, ...],
    header: tuple[int, int],
    content: Expression,
    wrong: list[Node],
) -> Block:
    attributes = body_attributes(content, wrong)
    return Block(
        start=header[0],
        end=content.end,
        type=type,
        labels=labels,
        body=Body(start=content.start, end=content.end, attributes=tuple(attributes), blocks=(), json=True),
        header_end=header[1],
        label_starts=starts,
    )
