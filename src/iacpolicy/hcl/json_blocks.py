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


def body_attributes(content: Expression) -> tuple[list[Attribute], list[Node]]:
    """Return the properties of an object, or of a list of them, as arguments, and the values that are no properties."""
    attributes: list[Attribute] = []
    wrong: list[Node] = []
    for found in _properties(content):
        if isinstance(found, Attribute):
            attributes.append(found)
        else:
            wrong.append(found)
    return attributes, wrong


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
            properties, problems = body_attributes(value)
            wrong.extend(problems)
            pending.extend(
                (each.value, (*labels, each.name), (*starts, each.start), (each.start, each.name_end))
                for each in reversed(properties)
            )
        elif isinstance(value, TupleCons | ObjectCons):
            for content in value.items if isinstance(value, TupleCons) else (value,):
                place = header if labels or content is value else _opening(content)
                attributes, problems = body_attributes(content)
                wrong.extend(problems)
                blocks.append(_block(type, labels, starts, place, content, attributes))
        elif not isinstance(value, Null):
            wrong.append(value)
    return blocks, wrong


def _opening(value: Node) -> tuple[int, int]:
    return value.start, min(value.start + 1, value.end)


def _properties(value: Expression) -> Iterator[Attribute | Node]:
    """Yield the properties of an object, or of the objects in a list, however deep the lists.

    A property named `//` is a comment, as in Terraform. A value that is no object, and a key that is no fixed text,
    are yielded as they are.
    """
    pending: list[Expression] = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, ObjectCons):
            for item in value.items:
                key = item.key
                if not isinstance(key, KeyName):
                    yield key
                elif key.name != "//":
                    yield Attribute(start=item.start, end=item.end, name=key.name, name_end=key.end, value=item.value)
        elif isinstance(value, TupleCons):
            pending.extend(reversed(value.items))
        elif not isinstance(value, Null):
            yield value


def _block(
    type: str,
    labels: tuple[str, ...],
    starts: tuple[int, ...],
    header: tuple[int, int],
    content: Expression,
    attributes: list[Attribute],
) -> Block:
    return Block(
        start=header[0],
        end=content.end,
        type=type,
        labels=labels,
        body=Body(start=content.start, end=content.end, attributes=tuple(attributes), blocks=(), json=True),
        header_end=header[1],
        label_starts=starts,
    )
