"""Helpers for libpg_query's nodes: names, options, types, roles."""

from collections.abc import Iterable, Iterator
from typing import Any

from iacpolicy.sql.model.database import PUBLIC
from iacpolicy.sql.syntax.grammar import Node

_TYPE_NAMES = {
    "int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real", "float8": "double precision",
    "bool": "boolean", "bpchar": "character", "varchar": "character varying", "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone", "timetz": "time with time zone", "time": "time without time zone",
}  # fmt: skip


def strings(nodes: Iterable[Node] | None) -> list[str]:
    """Return the texts of a list of String nodes; `*` and other nodes are left out."""
    return [str(node["String"].get("sval", "")) for node in nodes or () if "String" in node]


def call_of(parts: Iterable[str]) -> Node:
    """Return a FuncCall node without arguments for the parts of a name."""
    return {"funcname": [{"String": {"sval": part}} for part in parts]}


def items(node: Node) -> list[Node]:
    """Return the members of a List node; the node itself where it is no list."""
    return list(node["List"].get("items", ())) if "List" in node else [node]


def options(nodes: Iterable[Node] | None) -> dict[str, Any]:
    """Return the DefElem options of a statement by name, each with its argument node (None where it has none)."""
    return {node["DefElem"]["defname"]: node["DefElem"].get("arg") for node in nodes or () if "DefElem" in node}


def truth(argument: Node | None) -> bool:
    """Return an option's argument as a boolean; an option without one is true."""
    if argument is None:
        return True
    ((kind, value),) = argument.items()
    if kind == "Boolean":
        return bool(value.get("boolval"))
    if kind == "Integer":
        return bool(value.get("ival"))
    if kind == "TypeName":
        return (strings(value.get("names")) or [""])[-1].lower() in {"true", "on", "yes"}
    return str(value.get("sval", "")).lower() in {"true", "on", "yes", "1", "t", "y"}


def text(argument: Node | None) -> str:
    """Return the text of a String, a constant or a one-word type name."""
    if argument is None:
        return ""
    ((kind, value),) = argument.items()
    if kind == "A_Const":
        return str(value.get("sval", {}).get("sval", "")) if "sval" in value else ""
    if kind == "TypeName":
        return (strings(value.get("names")) or [""])[-1]
    return str(value.get("sval", ""))


def constant(fields: Node, null: Any, other: Any) -> Any:
    """Return the value of an A_Const: a bool, an int or a str, `null` for NULL, and `other` for other constants."""
    if fields.get("isnull"):
        return null
    if "boolval" in fields:
        return bool(fields["boolval"].get("boolval"))
    if "ival" in fields:
        return int(fields["ival"].get("ival", 0))
    if "sval" in fields:
        return str(fields["sval"].get("sval", ""))
    return other


def constants(arguments: Iterable[Node] | None) -> list[str]:
    """Return the string constants among a list of nodes."""
    return [text(node) for node in arguments or () if "A_Const" in node or "String" in node]


def role(spec: Node, current: str) -> str:
    """Return the name in a RoleSpec; `current_user` and the like are the role that runs the migration."""
    inner: Node = spec.get("RoleSpec", spec)
    match inner.get("roletype"):
        case "ROLESPEC_CSTRING":
            return str(inner["rolename"])
        case "ROLESPEC_PUBLIC":
            return PUBLIC
        case _:
            return current


def type_text(type_name: Node) -> str:
    """Return a type as PostgreSQL prints it, without modifiers such as lengths."""
    names = strings(type_name.get("names"))
    if names[:1] == ["pg_catalog"]:
        names = names[1:]
    if len(names) == 1:
        names = [_TYPE_NAMES.get(names[0], names[0])]
    return ".".join(names) + "[]" * len(type_name.get("arrayBounds", ()))


def walk(tree: object) -> Iterator[tuple[str, Node]]:
    """Yield every typed node below as `(type, fields)`, without recursion, mostly in the order of the text."""
    pending: list[object] = [tree]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            for child in reversed(value.values()):
                if isinstance(child, dict | list):
                    pending.append(child)
            if len(value) == 1:
                ((key, child),) = value.items()
                if isinstance(child, dict) and key[:1].isupper():
                    yield key, child
        elif isinstance(value, list):
            pending.extend(reversed(value))
