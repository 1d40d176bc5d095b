"""Origins of elements: the steps of their container."""

from iacpolicy.evaluate.values.origins import Origin, OriginKind, Origins
from iacpolicy.evaluate.values.value import Value


def through(container: Value, element: Value) -> Value:
    """Return an element of a container with the marks of the container and its steps as origins."""
    if container.marks:
        element = element.marked(container.marks)
    if len(container.origins) == 1:
        rewound = _rewound(container.origins[0], element.origins, 0)
        if rewound is not element.origins:
            return element.with_origins(rewound)
    return element


def elements(container: Value) -> tuple[Value, ...]:
    """Return the elements of a known list, set or tuple with the steps of the whole; marks stay on the whole."""
    if len(container.origins) != 1 or container.origins[0].kind is OriginKind.LITERAL:
        return container.data  # type: ignore[no-any-return] # the payload of a sequence
    plain = container.unmarked()
    return tuple(through(plain, element) for element in container.data)


def _rewound(step: Origin, written: Origins, depth: int) -> Origins:
    """Return the steps of a container from the place where the element is written."""
    if step.kind is OriginKind.LITERAL or depth > 30 or (len(written) == 1 and _are_one_step(step, written[0])):
        return written
    if len(step.parents) == 1:
        parents = _rewound(step.parents[0], written, depth + 1)
    else:
        parents = written
    return (Origin(step.kind, step.name, step.source, step.start, step.end, parents),)


def _are_one_step(left: Origin, right: Origin) -> bool:
    """Report whether two steps are at one place: then the element already has the steps of its container."""
    return left.kind is right.kind and left.source is right.source and left.start == right.start
