"""What a YAML policy says, once it is read: rules over attribute paths, and nothing that computes.

A condition is one of five: tests of an attribute, a quantifier over nested blocks or elements, a connection in the
graph, alternatives, a negation. What needs more than that is written in Python.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
EACH = "*"  # the part of a path that stands for every element
Mode = Literal["require", "forbid"]


@dataclass(frozen=True, slots=True)
class Operand:
    """A value that is written in the policy, or the name of an option that holds it."""

    value: Any
    option: str | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """One operator with its operand."""

    operator: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class Tested:
    """`attribute:` with operators, all of which hold together."""

    path: Path
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Quantified:
    """`any:` or `all:` of the nested blocks or elements at a path, `where` conditions hold in them."""

    quantifier: Literal["any", "all"]
    path: Path
    where: "Conditions"


@dataclass(frozen=True, slots=True)
class Connected:
    """`connected_to:` a resource of a type in which `where` conditions hold."""

    type: str
    where: "Conditions"


@dataclass(frozen=True, slots=True)
class Either:
    """`either:` at least one of several conditions."""

    options: "Conditions"


@dataclass(frozen=True, slots=True)
class Negated:
    """`not:` a condition."""

    condition: "Condition"


Condition: TypeAlias = Tested | Quantified | Connected | Either | Negated
Conditions: TypeAlias = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One item of `require:` or `forbid:` and its line in the file; `message` and `fix` are None if not written."""

    mode: Mode
    condition: Condition
    message: str | None
    fix: str | None
    line: int


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules, for those resources in which all conditions of `where` hold; that stands at `where_line`."""

    where: Conditions
    rules: tuple[PolicyRule, ...]
    where_line: int = 0


def shown(path: Path) -> str:
    """A path as it is written."""
    text = ""
    for part in path:
        if isinstance(part, int) or part == EACH:
            text += f"[{part}]"
        elif part.replace("-", "_").isidentifier():
            text += f".{part}" if text else part
        else:
            text += f'["{part}"]'
    return text
