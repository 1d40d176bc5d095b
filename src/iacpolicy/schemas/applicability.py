"""Comparison of the shipped facts with the provider and the version that a module requires.

https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.hcl.shared.text import template_text
from iacpolicy.schemas.schema import Source
from iacpolicy.terraform.config import Module

_CLAUSE: Final = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d{1,9})((?:\.\d{1,9}){0,2})(?:[-+][\w.-]*)?\s*\Z", re.ASCII)
_HOSTS: Final = ("registry.terraform.io/", "registry.opentofu.org/")


class Requirement(NamedTuple):
    """A requirement of a provider: its address and its version constraint, each None where it is not written."""

    source: str | None
    version: str | None


def requirements(module: Module) -> Mapping[str, Requirement]:
    """Return the `required_providers` of a module by their local names."""
    found: dict[str, Requirement] = {}
    for block in module.terraform_blocks:
        for inner in block.nested("required_providers"):
            for name, argument in inner.attributes.items():
                found[name] = _requirement(argument.value, argument.source)
    return found


def is_applicable(facts: Source, wanted: Requirement | None) -> bool:
    """Report whether facts may apply to the required provider: same address, and a possible major version."""
    if wanted is None:
        return True
    if wanted.source is not None and _address(wanted.source) != _address(facts.provider):
        return False
    major = facts.version.partition(".")[0]
    return wanted.version is None or not major.isdecimal() or may_be_of_major(wanted.version, int(major))


def may_be_of_major(constraint: str, major: int) -> bool:
    """Report whether a version of a major version satisfies a constraint; an unreadable constraint allows all."""
    return all(_allows(clause, major) for clause in constraint.split(","))


def _allows(clause: str, major: int) -> bool:
    match = _CLAUSE.match(clause)
    if match is None:
        return True
    operator, number, rest = match[1] or "=", int(match[2]), match[3]
    match operator:
        case "=":
            return major == number
        case "~>":
            return major == number if rest else major >= number
        case ">=" | ">":
            return major >= number
        case "<=":
            return major <= number
        case "<":
            return major < number or (major == number and any(part.strip("0") for part in rest.split(".")))
        case _:
            return True


def _address(source: str) -> str:
    for host in _HOSTS:
        source = source.removeprefix(host)
    return (source if "/" in source else f"hashicorp/{source}").lower()


def _requirement(value: ast.Expression, source: SourceFile) -> Requirement:
    if isinstance(value, ast.Template):
        return Requirement(None, template_text(value, source.text))
    texts: dict[str, str | None] = {}
    if isinstance(value, ast.ObjectCons):
        for item in value.items:
            if isinstance(item.key, ast.KeyName) and isinstance(item.value, ast.Template):
                texts[item.key.name] = template_text(item.value, source.text)
    return Requirement(texts.get("source"), texts.get("version"))
