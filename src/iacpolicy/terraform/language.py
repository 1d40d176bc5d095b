"""The block types of the language: their arguments and nested blocks, and which stages of a scan read them.

This is the only list of them. The static checks, the evaluation and the search for secrets read it. A block type that
one of them does not handle has a reason for it in `unread`.

https://developer.hashicorp.com/terraform/language and https://opentofu.org/docs/language; the words of both tools are
accepted.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto
from functools import cache
from typing import Final, NamedTuple


class Holds(Enum):
    """The kind of value that an argument of the language holds."""

    EXPRESSION = auto()
    REPETITION = auto()
    """`count` or `for_each`: an expression that sees no instance."""

    REFERENCES = auto()
    """A list of references, such as `depends_on`."""

    STATIC = auto()
    """A keyword, an address, a type or a provider configuration, which is read and never evaluated."""

    LITERAL = auto()
    """A literal value, in which no name may be used."""


class Stage(StrEnum):
    """A stage that reads expressions of the configuration."""

    CHECKS = "static checks"
    EVALUATION = "evaluation"
    SECRETS = "search for secrets"


class BlockType(NamedTuple):
    """One block type.

    `blocks` are the nested blocks of the language by name. An open block also holds arguments and blocks that belong to
    a provider, a module or a tool. `required` arguments must be written, and a block in `once` may be written once.
    `sees` are those of `each`, `count` and `self` that its expressions may always use. The expressions of an `apart`
    block may refer to the block around it. `unread` has a reason for each stage that does not read it.
    """

    arguments: Mapping[str, Holds] = {}
    blocks: tuple[str, ...] = ()
    labels: int = 0
    is_top_level: bool = False
    is_open: bool = False
    takes_dynamic: bool = False
    is_overridable: bool = True
    is_apart: bool = False
    required: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()
    unread: Mapping[Stage, str] = {}


_VALUE, _REPETITION, _REFERENCES = Holds.EXPRESSION, Holds.REPETITION, Holds.REFERENCES
_STATIC, _LITERAL = Holds.STATIC, Holds.LITERAL
_OF_RESOURCES: Final = {"count": _REPETITION, "for_each": _REPETITION, "depends_on": _REFERENCES, "provider": _STATIC}
_LITERALS: Final = "it accepts only literal values"
_ADDRESSES: Final = "it contains addresses, which are no values"
_NO_NODE: Final = "no policy reads a value of it"
_HARMLESS: Final = "nothing that is written in it goes to a provider or into the state"
_ELSEWHERE: Final = "its content is read as blocks of their own"

_CONDITION: Final = BlockType(
    {"condition": _VALUE, "error_message": _VALUE},
    required=("condition", "error_message"),
    is_apart=True,
    unread={Stage.SECRETS: _HARMLESS},
)
_RESOURCE: Final = BlockType(
    _OF_RESOURCES,
    ("lifecycle",),
    labels=2,
    is_top_level=True,
    is_open=True,
    takes_dynamic=True,
    once=("lifecycle",),
)

BLOCKS: Final[Mapping[str, BlockType]] = {
    "terraform": BlockType(
        {"required_version": _LITERAL, "experiments": _STATIC, "language": _STATIC},
        ("required_providers", "backend", "cloud", "provider_meta", "encryption"),
        is_top_level=True,
        once=("required_providers",),
        unread={Stage.CHECKS: _LITERALS, Stage.EVALUATION: _LITERALS, Stage.SECRETS: _ELSEWHERE},
    ),
    "required_providers": BlockType(
        is_open=True,
        unread={Stage.CHECKS: _LITERALS, Stage.EVALUATION: _LITERALS, Stage.SECRETS: _LITERALS + ": sources, versions"},
    ),
    "backend": BlockType(
        labels=1, is_open=True, unread={Stage.CHECKS: "its evaluation reports references to undeclared names"}
    ),
    "cloud": BlockType(is_open=True, unread={Stage.CHECKS: "its evaluation reports references to undeclared names"}),
    "provider_meta": BlockType(labels=1, is_open=True, unread={Stage.CHECKS: _LITERALS, Stage.EVALUATION: _NO_NODE}),
    "encryption": BlockType(
        is_open=True,
        unread={
            Stage.CHECKS: "names of key providers and methods in it are references of their own",
            Stage.EVALUATION: _NO_NODE,
        },
    ),
    "provider": BlockType(
        {"alias": _LITERAL, "version": _LITERAL, "for_each": _REPETITION},
        labels=1,
        is_top_level=True,
        is_open=True,
        takes_dynamic=True,
    ),
    "variable": BlockType(
        {
            "type": _STATIC,
            "default": _VALUE,
            "description": _LITERAL,
            "sensitive": _LITERAL,
            "ephemeral": _LITERAL,
            "nullable": _LITERAL,
            "deprecated": _LITERAL,
            "const": _LITERAL,
        },
        ("validation",),
        labels=1,
        is_top_level=True,
    ),
    "validation": _CONDITION,
    "locals": BlockType(is_top_level=True, is_open=True),
    "output": BlockType(
        {
            "value": _VALUE,
            "description": _VALUE,
            "sensitive": _VALUE,
            "ephemeral": _VALUE,
            "depends_on": _REFERENCES,
            "deprecated": _VALUE,
            "type": _VALUE,
        },
        ("precondition", "postcondition"),
        labels=1,
        is_top_level=True,
        required=("value",),
    ),
    "module": BlockType(
        {
            "source": _STATIC,
            "version": _STATIC,
            "providers": _STATIC,
            "count": _REPETITION,
            "for_each": _REPETITION,
            "depends_on": _REFERENCES,
        },
        labels=1,
        is_top_level=True,
        is_open=True,
    ),
    "resource": _RESOURCE._replace(blocks=("lifecycle", "provisioner", "connection"), once=("lifecycle", "connection")),
    "data": _RESOURCE,
    "ephemeral": _RESOURCE,
    "lifecycle": BlockType(
        {
            "create_before_destroy": _LITERAL,
            "prevent_destroy": _LITERAL,
            "ignore_changes": _STATIC,
            "replace_triggered_by": _REFERENCES,
            "enabled": _VALUE,
            "destroy": _LITERAL,
        },
        ("precondition", "postcondition", "action_trigger"),
        unread={
            Stage.EVALUATION: "it says how a resource changes, not which values it has",
            Stage.SECRETS: _HARMLESS,
        },
    ),
    "precondition": _CONDITION,
    "postcondition": _CONDITION._replace(sees=("self",)),
    "action_trigger": BlockType(
        {"events": _STATIC, "actions": _STATIC, "condition": _VALUE},
        is_open=True,
        is_apart=True,
        unread={Stage.EVALUATION: _NO_NODE, Stage.SECRETS: _HARMLESS},
    ),
    "provisioner": BlockType(
        {"when": _STATIC, "on_failure": _STATIC},
        ("connection",),
        labels=1,
        is_open=True,
        is_apart=True,
        once=("connection",),
        sees=("self",),
    ),
    "connection": BlockType(is_open=True, takes_dynamic=True, is_apart=True, sees=("self",)),
    "dynamic": BlockType(
        {"for_each": _VALUE, "iterator": _STATIC, "labels": _VALUE},
        ("content",),
        labels=1,
        unread={Stage.SECRETS: "a secret in it is one of its content block, which refers to it"},
    ),
    "content": BlockType(is_open=True, takes_dynamic=True),
    "moved": BlockType(
        {"from": _STATIC, "to": _STATIC},
        is_top_level=True,
        is_overridable=False,
        required=("from", "to"),
        unread={Stage.CHECKS: _ADDRESSES, Stage.EVALUATION: _ADDRESSES, Stage.SECRETS: _ADDRESSES},
    ),
    "removed": BlockType(
        {"from": _STATIC},
        ("lifecycle", "provisioner", "connection"),
        is_top_level=True,
        is_overridable=False,
        required=("from",),
        sees=("each", "count"),
        unread={Stage.CHECKS: _ADDRESSES, Stage.EVALUATION: _ADDRESSES, Stage.SECRETS: _ELSEWHERE},
    ),
    "import": BlockType(
        {"to": _STATIC, "id": _VALUE, "identity": _VALUE, "for_each": _REPETITION, "provider": _STATIC},
        is_top_level=True,
        is_overridable=False,
        required=("to",),
        unread={Stage.EVALUATION: _NO_NODE, Stage.SECRETS: "an identifier of a resource is no secret"},
    ),
    "check": BlockType(
        {},
        ("assert", "data"),
        labels=1,
        is_top_level=True,
        is_overridable=False,
        unread={Stage.CHECKS: _ELSEWHERE, Stage.EVALUATION: _ELSEWHERE, Stage.SECRETS: _ELSEWHERE},
    ),
    "assert": _CONDITION,
    "action": BlockType(
        {"count": _REPETITION, "for_each": _REPETITION, "provider": _STATIC},
        labels=2,
        is_top_level=True,
        is_open=True,
        takes_dynamic=True,
        is_overridable=False,
        unread={Stage.EVALUATION: _NO_NODE},
    ),
    "list": BlockType(
        {"count": _REPETITION, "for_each": _REPETITION, "provider": _STATIC},
        labels=2,
        is_top_level=True,
        is_open=True,
        takes_dynamic=True,
        is_overridable=False,
        unread={Stage.EVALUATION: _NO_NODE},
    ),
}

PROVIDER_BLOCK: Final = BlockType(is_open=True, takes_dynamic=True)
"""A nested block whose type belongs to a provider."""

TOP_LEVEL: Final[Mapping[str, int]] = {name: block.labels for name, block in BLOCKS.items() if block.is_top_level}
"""The number of labels of each block type at the top level of a file."""

RESOURCES: Final = ("resource", "data", "ephemeral")
"""The block types of resources, which are also the first words of references with a type and a name."""

OBJECTS: Final = frozenset({"var", "local", "module", "path", "terraform", "tofu", "each", "count", "self"})
"""The first words of the other references. Any further first word is a resource type, or a name that a loop binds."""

REPETITIONS: Final = tuple(name for name, holds in BLOCKS["resource"].arguments.items() if holds is _REPETITION)
"""The arguments that repeat a block: `count` and `for_each`."""

CONDITIONS: Final = ("precondition", "postcondition")
NESTED_META_BLOCKS: Final = frozenset({"dynamic"})
"""The blocks of the language that each block of a provider can hold."""

META_BLOCKS: Final = NESTED_META_BLOCKS.union(BLOCKS["resource"].blocks)
"""The nested blocks of a resource that are the language's own."""

APART: Final = tuple(name for name in BLOCKS["resource"].blocks if BLOCKS[name].is_apart)
"""The nested blocks of a resource that are read apart from its values: `provisioner` and `connection`."""


OUT_OF_SCOPE: Final[Mapping[str, str]] = {
    "each": 'The "each" object is available only in blocks that have the "for_each" argument.',
    "count": 'The "count" object is available only in blocks that have the "count" argument.',
    "self": 'The "self" object is available only in provisioners, connections and conditions of a resource.',
}
"""The problem of a reference to an object that only some blocks have, in another block."""


def not_accessible(word: str) -> str:
    """Return the problem of a reference that is a first word alone."""
    if word in OBJECTS or word in RESOURCES:
        return f'The "{word}" object cannot be accessed directly; name one of its attributes.'
    return (
        "A reference to a resource type must be followed by at least one attribute access, specifying the "
        f"resource name; or quote it to write the string: {word!r} is no declared name."
    )


@cache
def meta_arguments(type_: str) -> frozenset[str]:
    """Return the meta-arguments of a block type, such as `count`, which are no values of the block itself."""
    block = BLOCKS.get(type_, PROVIDER_BLOCK)
    kinds = (_REPETITION, _REFERENCES, _STATIC) if block.is_open else (_REFERENCES,)
    return frozenset(name for name, holds in block.arguments.items() if holds in kinds)


def nested_labels(type_: str) -> Mapping[str, int]:
    """Return the number of labels of each nested block of the language that a block type may contain."""
    return {name: BLOCKS[name].labels for name in BLOCKS.get(type_, PROVIDER_BLOCK).blocks}


def is_read_by(stage: Stage, type_: str) -> bool:
    """Report whether a stage reads a block type; a type of a provider is read by all."""
    return stage not in BLOCKS.get(type_, PROVIDER_BLOCK).unread
