"""CREATE and ALTER FUNCTION, and extensions."""

from typing import Any

import msgspec

from iacpolicy.sql.model.database import Extension, Function
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.statements.privileges import initial
from iacpolicy.sql.statements.renames import signature_functions
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

_INPUT = frozenset({"FUNC_PARAM_IN", "FUNC_PARAM_INOUT", "FUNC_PARAM_VARIADIC", "FUNC_PARAM_DEFAULT"})


def create(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE FUNCTION and PROCEDURE; OR REPLACE keeps grants and owner."""
    parts = parse_nodes.strings(node.get("funcname"))
    schema = parts[-2] if len(parts) > 1 else next(state.search_path(), "public")
    name = QualifiedName(schema, parts[-1])
    arguments = tuple(
        parse_nodes.type_text(parameter["FunctionParameter"].get("argType", {}))
        for parameter in node.get("parameters", ())
        if parameter["FunctionParameter"].get("mode", "FUNC_PARAM_DEFAULT") in _INPUT
    )
    known = next((function for function in state.functions.get(name, ()) if function.arguments == arguments), None)
    options = parse_nodes.options(node.get("options"))
    function = Function(
        name=name,
        arguments=arguments,
        language=parse_nodes.text(options.get("language")).lower() or "sql",
        security_definer=parse_nodes.truth(options["security"]) if "security" in options else False,
        search_path=None,
        body="\n".join(parse_nodes.strings(parse_nodes.items(options["as"]))) if options.get("as") else "",
        definition=at.text,
        made_at=at.span,
        owner=known.owner if known else state.role,
        made_by=known.made_by if known else state.role,
        made_in=known.made_in if known else name.schema,
        returns=parse_nodes.type_text(node.get("returnType", {})),
        grants=known.grants if known else initial(state, schema, state.role, "function"),
    )
    state.put_function(_altered(state, function, node.get("options", ())))


def alter(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER FUNCTION with options such as SET search_path or SECURITY INVOKER."""
    for function in signature_functions(state, node["func"]):
        state.put_function(_altered(state, function, node.get("actions", ())))


def _altered(state: ReplayState, function: Function, actions: Any) -> Function:
    changes: dict[str, Any] = {}
    for action in actions:
        option: Node = action["DefElem"]
        if option["defname"] == "security":
            changes["security_definer"] = parse_nodes.truth(option.get("arg"))
        elif option["defname"] == "set":
            setting: Node = option["arg"]["VariableSetStmt"]
            if setting.get("kind") == "VAR_RESET_ALL":
                changes["search_path"] = None
            elif setting.get("name") == "search_path":
                changes["search_path"] = _fixed_path(state, setting)
    return msgspec.structs.replace(function, **changes)


def _fixed_path(state: ReplayState, setting: Node) -> str | None:
    match setting["kind"]:
        case "VAR_SET_VALUE":
            return ", ".join(parse_nodes.constants(setting.get("args")))
        case "VAR_SET_CURRENT":
            return ", ".join(state.session["search_path"])
        case _:
            return None


def create_extension(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE EXTENSION; IF NOT EXISTS changes nothing for an extension of the platform."""
    name = str(node["extname"])
    options = parse_nodes.options(node.get("options"))
    if name in state.extensions:
        return
    schema = state.platform.extensions.get(name) if node.get("if_not_exists") else None
    if schema is None:
        schema = parse_nodes.text(options["schema"]) if "schema" in options else next(state.search_path(), "public")
    state.set(state.extensions, name, Extension(name, schema, at.span))
