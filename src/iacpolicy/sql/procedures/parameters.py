"""The function that a call means, and the values of its parameters."""

from iacpolicy.sql.expressions.evaluation import evaluate
from iacpolicy.sql.expressions.values import Value
from iacpolicy.sql.model.database import Function
from iacpolicy.sql.procedures.scope import CatalogueScope
from iacpolicy.sql.syntax.grammar import Node, SqlRefusedError
from iacpolicy.sql.syntax.parse import parse_text

_INPUT = frozenset({"FUNC_PARAM_IN", "FUNC_PARAM_INOUT", "FUNC_PARAM_VARIADIC", "FUNC_PARAM_DEFAULT"})


def chosen(overloads: tuple[Function, ...], arguments: list[Node]) -> tuple[Function, ...]:
    """Return the overloads that take as many arguments, or more where defaults fill the rest."""
    exact = tuple(function for function in overloads if len(function.arguments) == len(arguments))
    if exact:
        return exact
    return tuple(function for function in overloads if len(function.arguments) > len(arguments)) or overloads


def bound(function: Function, arguments: list[Node], scope: CatalogueScope) -> dict[str, Value]:
    """Return the values of a function's parameters, by name and as `$1`; UNKNOWN where they are unknown."""
    values: dict[str, Value] = {}
    positional = [argument for argument in arguments if "NamedArgExpr" not in argument]
    named = {
        argument["NamedArgExpr"]["name"]: argument["NamedArgExpr"].get("arg")
        for argument in arguments
        if "NamedArgExpr" in argument
    }
    for number, (name, default) in enumerate(_parameters(function)):
        node = positional[number] if number < len(positional) else named.get(name)
        value = evaluate(node, scope) if node is not None else evaluate(default, CatalogueScope(scope.state, {}))
        values[f"${number + 1}"] = value
        if name:
            values[name] = value
    return values


def _parameters(function: Function) -> list[tuple[str, Node | None]]:
    """Return names and defaults of the input parameters up to a variadic one, which is always unknown."""
    try:
        statements = parse_text(function.definition, function.made_at)
    except SqlRefusedError:
        return [("", None) for _ in function.arguments]
    found: list[tuple[str, Node | None]] = []
    for item in statements[0].node.get("parameters", ()) if statements else ():
        parameter: Node = item["FunctionParameter"]
        mode = parameter.get("mode", "FUNC_PARAM_DEFAULT")
        if mode == "FUNC_PARAM_VARIADIC":
            break
        if mode in _INPUT:
            found.append((str(parameter.get("name", "")), parameter.get("defexpr")))
    return found
