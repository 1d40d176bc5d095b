"""The rules of a YAML policy: data about attribute paths, without any computation.

There are five kinds of conditions: tests of an attribute, a quantifier over nested blocks or elements, a connection in
the graph, alternatives, and a negation. A policy that needs more is written in Python.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
EACH = "*"  # the part of a path that selects every element
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
    """`attribute:` with operators, all of which must be true."""

    path: Path
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Quantified:
    """`any:` or `all:` of the nested blocks or elements at a path meet the conditions of `where`."""

    quantifier: Literal["any", "all"]
    path: Path
    where: "Conditions"


@dataclass(frozen=True, slots=True)
class Connected:
    """`connected_to:` a resource of a type that meets the conditions of `where`."""

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
    """The rules for resources that meet all conditions of `where`, which is at line `where_line` of the file."""

    where: Conditions
    rules: tuple[PolicyRule, ...]
    where_line: int = 0


def shown(path: Path) -> str:
    """Return a path as a policy writes it."""
    text = ""
    for part in path:
        if isinstance(part, int) or part == EACH:
            text += f"[{part}]"
        elif part.replace("-", "_").isidentifier():
            text += f".{part}" if text else part
        else:
            text += f'["{part}"]'
    return text
