"""The rule that an argument is set once."""

from iacpolicy.hcl.ast import Attribute
from iacpolicy.hcl.shared.conversion import Conversion


def without_duplicates(cx: Conversion, attributes: list[Attribute]) -> list[Attribute]:
    """As in Terraform, the first definition of a name holds and each further one is an error."""
    first: dict[str, Attribute] = {}
    for attribute in attributes:
        earlier = first.setdefault(attribute.name, attribute)
        if earlier is not attribute:
            line = cx.source.position(earlier.start)[0]
            cx.problem(
                attribute.start,
                attribute.name_end,
                "Argument set twice",
                f"{attribute.name} was already set on line {line}. Remove one of the two.",
            )
    return list(first.values())
