"""From an expression to its value: one function a kind of node."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from iacpolicy.core.types import BOOL, DYNAMIC, STRING, TupleType
from iacpolicy.evaluate import access, loops, numbers, operators, templates, values
from iacpolicy.evaluate.choices import choose, distribute, is_refused, refused_arm, summary
from iacpolicy.evaluate.context import CONSOLE, Context
from iacpolicy.evaluate.convert import convert, unify
from iacpolicy.evaluate.errors import ConversionError, EvaluationError, StaticError
from iacpolicy.evaluate.functions import registry
from iacpolicy.evaluate.functions.frame import Function, call
from iacpolicy.evaluate.lazy import LazyObject
from iacpolicy.evaluate.origins import Origin, OriginKind, Origins
from iacpolicy.evaluate.sizes import check_size, size
from iacpolicy.evaluate.terms import Apply, Cause, Leaf, Reason, Term, apply, at_place, loop
from iacpolicy.evaluate.values import Unknown, Value, first_unsettled, unknown, unknown_terms
from iacpolicy.hcl import ast
from iacpolicy.hcl.text import number_text
from iacpolicy.terraform.config import Mode


def evaluate(node: ast.Expression, context: Context) -> Value:
    """The value of an expression.

    Raises:
        EvaluationError: Terraform would refuse it; `place` is the innermost node that is wrong.
    """
    try:
        return _EVALUATORS[type(node)](node, context)
    except EvaluationError as error:
        if error.place is None:
            error.place = (context.source, node.start, node.end)
        raise


def _written(node: ast.Node, context: Context) -> Origins:
    return (Origin(OriginKind.LITERAL, "", context.source, node.start, node.end),)


def _null(node: ast.Null, context: Context) -> Value:
    return Value(DYNAMIC, None, 0, _written(node, context))


def _bool(node: ast.Bool, context: Context) -> Value:
    return Value(BOOL, node.value, 0, _written(node, context))


def _number(node: ast.Number, context: Context) -> Value:
    parsed = numbers.parse(number_text(context.source.text, node))
    if parsed is None:
        raise EvaluationError(
            "Number out of bounds",
            f"A number may have an exponent of at most {numbers.MAX_EXPONENT} (limit: size of numbers).",
        )
    return values.number(parsed, _written(node, context))


def _template(node: ast.Template, context: Context) -> Value:
    return templates.render(node.parts, context, evaluate, _written(node, context))


def _template_wrap(node: ast.TemplateWrap, context: Context) -> Value:
    return evaluate(node.value, context)


def _parens(node: ast.Parens, context: Context) -> Value:
    return evaluate(node.value, context)


def _name(node: ast.Name, context: Context) -> Value:
    bound = context.bindings.get(node.name)
    if bound is not None:
        return bound
    raise StaticError("Invalid reference", _name_hint(node.name))


def _name_hint(name: str) -> str:
    match name:
        case "each":
            return 'The "each" object is available only in blocks that have the "for_each" argument.'
        case "count":
            return 'The "count" object is available only in blocks that have the "count" argument.'
        case "self":
            return 'The "self" object is available only in provisioners, connections and conditions of a resource.'
        case "var" | "local" | "module" | "data" | "path" | "terraform":
            return f'The "{name}" object cannot be accessed directly; name one of its attributes.'
        case _:
            return (
                "A reference to a resource type must be followed by at least one attribute access, specifying the "
                f"resource name; or quote it to write the string: {name!r} is no declared name."
            )


def _get_attr(node: ast.GetAttr, context: Context) -> Value:
    target = node.target
    if type(target) is ast.Name and target.name not in context.bindings:
        return _reference(target.name, node.name, context)
    if type(target) is ast.GetAttr:
        first = target.target
        if type(first) is ast.Name and first.name not in context.bindings:
            if first.name in ("data", "ephemeral"):
                return context.module.resource(Mode(first.name), target.name, node.name)
            if first.name not in _ROOTS:  # a type of resources
                return _of_resource(evaluate(target, context), node.name)
        elif (
            type(first) is ast.GetAttr
            and type(first.target) is ast.Name
            and first.target.name in ("data", "ephemeral")
            and first.target.name not in context.bindings
        ):
            return _of_resource(evaluate(target, context), node.name)
    return access.attribute(evaluate(target, context), node.name)


_ROOTS = frozenset({"var", "local", "module", "path", "terraform", "tofu", "each", "count", "self"})


def _of_resource(target: Value, name: str) -> Value:
    """An attribute of a resource's own reference, which Terraform checks before it evaluates anything."""
    data = target.data
    if type(data) is LazyObject and data.keyed:
        raise StaticError(
            "Missing resource instance key",
            f'Because the resource has "for_each" set, its attributes are of its instances: name one, as in '
            f'["{name}"].',
        )
    if type(data) is LazyObject and data.open is None and name not in data:
        raise StaticError("Unsupported attribute", access.no_attribute(name, list(data), True))
    return access.attribute(target, name)


def _reference(root: str, name: str, context: Context) -> Value:
    module = context.module
    match root:
        case "var":
            return module.variable(name)
        case "local":
            return module.local(name)
        case "module":
            return module.call(name)
        case "path":
            return module.path(name)
        case "terraform" | "tofu":
            return module.terraform(name)
        case "each" | "count" | "self":
            raise StaticError("Invalid reference", _name_hint(root))
        case "data" | "ephemeral":
            raise EvaluationError(
                "Invalid reference",
                f'The "{root}" object must be followed by two attribute names: the type and the name.',
            )
        case "resource":
            raise EvaluationError("Invalid reference", "Name a resource by its type and name, without `resource`.")
        case _:
            return module.resource(Mode.MANAGED, root, name)


def _index(node: ast.Index, context: Context) -> Value:
    target, key = evaluate(node.target, context), evaluate(node.key, context)
    if type(target.data) is LazyObject and not target.data.keyed and _is_resource(node.target, context):
        raise StaticError(
            "Unexpected resource instance key",
            'Because the resource has neither "count" nor "for_each" set, references to it must not have a key.',
        )
    return access.index(target, key)


def _is_resource(node: ast.Expression, context: Context) -> bool:
    """Whether an expression is the plain reference to a resource that is managed: its type and name."""
    if type(node) is not ast.GetAttr or type(node.target) is not ast.Name:
        return False
    return node.target.name not in _ROOTS and node.target.name not in context.bindings


def _splat(node: ast.Splat, context: Context) -> Value:
    target = evaluate(node.target, context)
    if isinstance(target.data, tuple):
        context.module.spend(len(target.data))
    return access.splat(target, lambda item: evaluate(node.each, context.over(item)))


def _splat_item(node: ast.SplatItem, context: Context) -> Value:
    assert context.item is not None
    return context.item


def _unary(node: ast.Unary, context: Context) -> Value:
    return operators.unary(node.operator, evaluate(node.operand, context))


def _binary(node: ast.Binary, context: Context) -> Value:
    left, right = evaluate(node.left, context), evaluate(node.right, context)
    work = _work(left)
    if work:
        context.module.spend(work)
    return operators.binary(node.operator, left, right)


def _conditional(node: ast.Conditional, context: Context) -> Value:
    condition = evaluate(node.condition, context)
    then, then_error = _arm(node.then, context)
    otherwise, otherwise_error = _arm(node.otherwise, context)

    def choice(decided: Value) -> Value:
        return _conditional_value(node, context, decided, (then, then_error), (otherwise, otherwise_error))

    return distribute(choice, condition)


_Arm = tuple[Value, EvaluationError | None]


def _arm(node: ast.Expression, context: Context) -> _Arm:
    """An arm's value; the error of one that is not taken does not count, as in HCL.

    What fails inside of a tuple or an object is unknown there: the arm's type still counts.
    """
    try:
        if isinstance(node, ast.TupleCons):
            items = [_arm(item, context) for item in node.items]
            made = Value(
                TupleType(tuple(v.type for v, _ in items)), tuple(v for v, _ in items), 0, _written(node, context)
            )
            return check_size(made), next((error for _, error in items if error is not None), None)
        if isinstance(node, ast.ObjectCons):
            named = {i.key.name: _arm(i.value, context) for i in node.items if isinstance(i.key, ast.KeyName)}
            if len(named) == len(node.items):
                made = values.object_of({name: value for name, (value, _) in named.items()}, _written(node, context))
                return check_size(made), next((error for _, error in named.values() if error is not None), None)
        return evaluate(node, context), None
    except StaticError:
        raise
    except EvaluationError as error:
        return _failed(node, context, error), error


def _failed(node: ast.Expression, context: Context, error: EvaluationError) -> Value:
    text = f"{error.summary}: {error.detail}"
    leaf = Leaf(f"error({context.source.path}:{node.start})", text, (Reason(Cause.ERROR, text),))
    return unknown(DYNAMIC, leaf)


def _conditional_value(node: ast.Conditional, context: Context, condition: Value, then: _Arm, otherwise: _Arm) -> Value:
    try:
        decided = convert(condition, BOOL)
    except ConversionError as error:
        raise EvaluationError(
            "Incorrect condition type", f"The condition value must be a bool: {error.detail}."
        ) from None
    if decided.data is None:
        raise EvaluationError("Null condition", "The condition value is null. Conditions must either be true or false.")
    if isinstance(decided.data, Unknown) and then[1] is not None and otherwise[1] is not None:
        raise then[1]
    chosen = then if decided.data is True else otherwise
    if not isinstance(decided.data, Unknown) and chosen[1] is not None:
        raise chosen[1]
    if isinstance(decided.data, Unknown):
        a, b = (
            arm if error is None else _failed(written, context, error)
            for (arm, error), written in ((then, node.then), (otherwise, node.otherwise))
        )
        a, b = _same_type(a, b)
        return choose(decided.data.term, a, b).marked(decided.marks)
    a, b = _same_type(then[0], otherwise[0])
    result = a if decided.data else b
    return result.marked(decided.marks | a.marks | b.marks)


def _same_type(then: Value, otherwise: Value) -> tuple[Value, Value]:
    """Both arms in the type they share.

    Raises:
        EvaluationError: they share none.
    """
    if then.type == otherwise.type:
        return then, otherwise
    if then.data is None and then.type is DYNAMIC:
        return Value(otherwise.type, None, then.marks, then.origins), otherwise
    if otherwise.data is None and otherwise.type is DYNAMIC:
        return then, Value(then.type, None, otherwise.marks, otherwise.origins)
    shared = unify([then.type, otherwise.type])
    if shared is None:
        raise EvaluationError(
            "Inconsistent conditional result types",
            "The true and false result expressions must have consistent types.",
        )
    if shared is DYNAMIC:
        return then, otherwise
    try:
        return convert(then, shared), convert(otherwise, shared)
    except ConversionError as error:
        raise EvaluationError(
            "Inconsistent conditional result types",
            f"The true and false result expressions must have consistent types: {error.detail}.",
        ) from None


def _call(node: ast.Call, context: Context) -> Value:
    if node.name in ("try", "can", "core::try", "core::can"):
        return _special(node, context)
    if node.name.startswith("provider::"):
        given = [summary(evaluate(argument, context)).key for argument in node.arguments]
        return context.module.provider_function(node.name, ",".join(given))
    function = registry.lookup(node.name, console=context.source.path == CONSOLE)
    if function is None:
        raise EvaluationError("Call to unknown function", registry.suggest(node.name))
    arguments = [evaluate(a, context) for a in node.arguments]
    if node.expand_final:
        last = arguments.pop()

        def called(final: Value) -> Value:
            expanded = _expanded(final)
            if expanded is None:
                given = (*(summary(a) for a in arguments), summary(final))
                return unknown(DYNAMIC, apply(f"{node.name}...", *given), final.origins, final.marks)
            return _called(function, [*arguments, *(e.marked(final.marks) for e in expanded)], context)

        return distribute(called, last)
    return _called(function, arguments, context)


def _called(function: Function, arguments: list[Value], context: Context) -> Value:
    result = call(function, arguments, context.module.files)
    context.module.spend(1 + sum(_work(v) for v in arguments) + _work(result))
    return check_size(result)


def _work(value: Value) -> int:
    """About how many steps a function takes over a value."""
    data = value.data
    if type(data) is str:
        return len(data) >> 6
    return size(value) if type(data) is tuple or type(data) is dict else 0


def _expanded(last: Value) -> tuple[Value, ...] | None:
    """The elements that `...` makes arguments of; None where they are not known."""
    if last.data is None:
        raise EvaluationError("Invalid expanding argument value", "The expanding argument must not be null.")
    if not last.is_settled:
        return None
    if not isinstance(last.data, tuple):
        raise EvaluationError(
            "Invalid expanding argument value",
            "The expanding argument (indicated by ...) must be of a tuple, list, or set type.",
        )
    return last.data


def _special(node: ast.Call, context: Context) -> Value:
    """`try` and `can`, whose arguments may fail: https://developer.hashicorp.com/terraform/language/functions/try."""
    if node.name.removeprefix("core::") == "can":
        if len(node.arguments) != 1:
            raise EvaluationError("Invalid function call", 'Function "can" expects one argument.')
        return _can(node.arguments[0], context)
    if not node.arguments:
        raise EvaluationError("Invalid function call", 'Function "try" expects at least one argument.')
    return _try(node.arguments, context, [])


def _can(argument: ast.Expression, context: Context) -> Value:
    try:
        value = evaluate(argument, context)
    except StaticError:
        raise
    except EvaluationError:
        return values.FALSE
    if _cannot_fail(argument):
        return values.TRUE.came_by(value.origins)
    condition = _succeeds(value, argument, context)
    if isinstance(condition, bool):
        return values.boolean(condition)
    return unknown(BOOL, condition, value.origins)


def _cannot_fail(node: ast.Expression) -> bool:
    """Whether an expression is a plain reference or a literal, which only a static check may refuse."""
    while isinstance(node, ast.Parens):
        node = node.value
    if isinstance(node, ast.GetAttr):
        return isinstance(node.target, ast.Name) and node.target.name in ("var", "local", "path", "terraform")
    return isinstance(node, ast.Null | ast.Bool | ast.Number)


def _succeeds(value: Value, node: ast.Expression, context: Context) -> Term | bool:
    """Whether an expression that came to this value succeeds, whatever is put in the place of what is not known.

    Whatever is not known might still be refused: another operand be null, an element be missing. The value's term
    does not tell all that was done, so the condition is the same only for the same place, or the same function.
    """
    if is_refused(value):
        return False
    if first_unsettled(value) is None:
        return True
    term = summary(value)
    if isinstance(node, ast.Call) and isinstance(term, Apply) and term.operator == node.name:
        return apply("can", term)
    return at_place("can", context.place(node.start), term)


def _try(arguments: Sequence[ast.Expression], context: Context, failures: list[str]) -> Value:
    """The first argument that does not fail; under each condition of a choice, the first that does not fail there."""
    if not arguments:
        raise EvaluationError(
            "Error in function call", "No expression given to `try` succeeded: " + "; ".join(failures)
        )
    try:
        value = evaluate(arguments[0], context)
    except StaticError:
        raise
    except EvaluationError as error:
        return _try(arguments[1:], context, [*failures, error.detail or error.summary])
    if len(arguments) == 1 or _cannot_fail(arguments[0]):
        return value

    def tried(one: Value) -> Value:
        return _try(arguments[1:], context, failures) if is_refused(one) else one

    condition = _succeeds(value, arguments[0], context)
    if condition is True:
        return value
    value = distribute(tried, value)
    if isinstance(condition, bool):
        return value
    try:
        otherwise = _try(arguments[1:], context, failures)
    except StaticError:
        raise
    except EvaluationError as error:
        otherwise = refused_arm(error, condition)
    return choose(condition, value, otherwise)


def _tuple_cons(node: ast.TupleCons, context: Context) -> Value:
    items = tuple(evaluate(i, context) for i in node.items)
    return check_size(Value(TupleType(tuple(i.type for i in items)), items, 0, _written(node, context)))


def _object_cons(node: ast.ObjectCons, context: Context) -> Value:
    found: dict[str, Value] = {}
    marks = 0
    missing: Value | None = None
    for item in node.items:
        key = _object_key(item.key, context)
        value = evaluate(item.value, context)
        if key.data is None:
            raise EvaluationError("Null value as key", "Can't use a null value as a key.")
        if not key.is_settled:
            missing = key
            continue
        marks |= key.marks
        found[key.data] = value
    if missing is not None:
        terms = unknown_terms(missing)
        term = loop(f"object {context.place(node.start)}", "{", terms)
        return unknown(DYNAMIC, term, _written(node, context), missing.marks | marks)
    result = check_size(values.object_of(found, _written(node, context)))
    return result.marked(marks) if marks else result


def _object_key(node: ast.Expression, context: Context) -> Value:
    if isinstance(node, ast.KeyName):
        return values.string(node.name)
    if isinstance(node, ast.GetAttr | ast.Index):
        raise StaticError(
            "Ambiguous attribute key",
            "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as a "
            "literal name containing periods, wrap it in quotes to create a string constant.",
        )
    key = evaluate(node, context)
    try:
        return distribute(lambda k: convert(k, STRING), key)
    except ConversionError as error:
        raise EvaluationError("Incorrect key type", f"Can't use this value as a key: {error.detail}.") from None


def _key_name(node: ast.KeyName, context: Context) -> Value:
    return values.string(node.name, _written(node, context))


def _for_tuple(node: ast.ForTuple, context: Context) -> Value:
    collection = evaluate(node.collection, context)
    return distribute(lambda c: loops.for_tuple(node, c, context, evaluate), collection)


def _for_object(node: ast.ForObject, context: Context) -> Value:
    collection = evaluate(node.collection, context)
    return distribute(lambda c: loops.for_object(node, c, context, evaluate), collection)


def _invalid(node: ast.Invalid, context: Context) -> Value:
    reason = Reason(Cause.ERROR, "the expression has a syntax error", context.source.span(node.start, node.end))
    return unknown(DYNAMIC, Leaf(f"syntax({context.source.path}:{node.start})", "a syntax error", (reason,)))


_EVALUATORS: Mapping[type, Callable[[Any, Context], Value]] = {
    ast.Null: _null,
    ast.Bool: _bool,
    ast.Number: _number,
    ast.Template: _template,
    ast.TemplateWrap: _template_wrap,
    ast.Parens: _parens,
    ast.Name: _name,
    ast.GetAttr: _get_attr,
    ast.Index: _index,
    ast.Splat: _splat,
    ast.SplatItem: _splat_item,
    ast.Unary: _unary,
    ast.Binary: _binary,
    ast.Conditional: _conditional,
    ast.Call: _call,
    ast.TupleCons: _tuple_cons,
    ast.ObjectCons: _object_cons,
    ast.KeyName: _key_name,
    ast.ForTuple: _for_tuple,
    ast.ForObject: _for_object,
    ast.Invalid: _invalid,
}
