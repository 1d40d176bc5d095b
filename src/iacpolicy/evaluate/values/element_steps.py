"""The hops of a container, on the elements that are taken out of it."""

from iacpolicy.evaluate.values.origins import Origin, OriginKind, Origins
from iacpolicy.evaluate.values.value import Value


def through(container: Value, element: Value) -> Value:
    """An element taken out of a container: the container's marks and the hops by which it came stay with it."""
    if container.marks:
        element = element.marked(container.marks)
    if len(container.origins) == 1:
        rewound = _rewound(container.origins[0], element.origins, 0)
        if rewound is not element.origins:
            return element.came_by(rewound)
    return element


def elements(container: Value) -> tuple[Value, ...]:
    """The elements of a known list, set or tuple by the hops of the whole; its marks stay with it."""
    if len(container.origins) != 1 or container.origins[0].kind is OriginKind.LITERAL:
        return container.data  # type: ignore[no-any-return] # the payload of a sequence
    plain = container.unmarked()
    return tuple(through(plain, element) for element in container.data)


def _rewound(hop: Origin, written: Origins, depth: int) -> Origins:
    """The hops of a container with the place where the element was written at their beginning."""
    if hop.kind is OriginKind.LITERAL or depth > 30 or (len(written) == 1 and _are_one_hop(hop, written[0])):
        return written
    if len(hop.parents) == 1:
        parents = _rewound(hop.parents[0], written, depth + 1)
    else:
        parents = written
    return (Origin(hop.kind, hop.name, hop.source, hop.start, hop.end, parents),)


def _are_one_hop(left: Origin, right: Origin) -> bool:
    """Whether two hops stand at one place: then an element came by that of its container already."""
    return left.kind is right.kind and left.source is right.source and left.start == right.start
