"""Values of input variables: from a call, a var-file, the environment or an option, or the default.

https://developer.hashicorp.com/terraform/language/values/variables
"""

from typing import Protocol

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.types import DYNAMIC, Primitive
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.repository_files import RepositoryFiles
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.evaluate.modules.type_constraints import ANY, Defaulter, TypeConstraint, parse_constraint
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.convert import convert, has_dynamic, plain
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError
from iacpolicy.evaluate.values.identities import InputVariable
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.evaluate.values.terms import Cause, Reason, fact_symbol
from iacpolicy.evaluate.values.value import EPHEMERAL, SENSITIVE, Value, unknown
from iacpolicy.hcl import ast
from iacpolicy.hcl.json.parse import literally
from iacpolicy.hcl.parse import parse_expression
from iacpolicy.hcl.visit import walk
from iacpolicy.terraform.config import ModuleCall, Variable
from iacpolicy.terraform.variables import AssignedBy, Assignment, expression_source


class CallContext(Protocol):
    """The call block of a module, and the context in which its arguments are evaluated."""

    @property
    def call(self) -> ModuleCall: ...

    @property
    def context(self) -> Context: ...


class CalledModule(Protocol):
    """The parts of a module instance on which the values of its variables depend. `site` is None for a root module."""

    session: Session
    address: str

    @property
    def site(self) -> CallContext | None: ...

    @property
    def files(self) -> RepositoryFiles: ...

    def context(self, source: SourceFile) -> Context: ...


def input_value(module: CalledModule, variable: Variable) -> Value:
    """Return the value of a variable in one call of its module, converted to its type, with its marks.

    Raises:
        EvaluationError: the value cannot be converted to the type.
    """
    constraint = ANY
    if variable.type is not None:
        constraint = parse_constraint(variable.type.value, variable.type.source)
    given = _given(module, variable, constraint)
    if given is None or (given.is_null and not variable.nullable and variable.default is not None):
        given = _default(module, variable) or given
    if given is None:
        given = _missing(module, variable, constraint)
    if constraint.defaults:
        defaulter = Defaulter(lambda node, source: evaluate(node, module.context(source)))
        given = defaulter.fill(given, constraint.defaults)
    try:
        value = convert(given, constraint.type)
    except ConversionError as error:
        raise _unsuitable(variable, given, error) from None
    if value.is_null and not variable.nullable:
        raise _unsuitable(variable, given, ConversionError("required variable may not be set to null"))
    if variable.sensitive:
        value = value.marked(SENSITIVE)
    return value.marked(EPHEMERAL) if variable.ephemeral else value


def _given(module: CalledModule, variable: Variable, constraint: TypeConstraint) -> Value | None:
    if module.site is None:
        assignment = module.session.assignments.get(variable.name)
        return None if assignment is None else _assigned(module, assignment, variable, constraint)
    argument = module.site.call.block.attributes.get(variable.name)
    if argument is None:
        return None
    value = evaluate(argument.value, module.site.context.within(argument.source))
    source, start, end = argument.source, argument.node.start, argument.node.end
    return value.with_origins((Origin(OriginKind.ARGUMENT, variable.name, source, start, end, value.origins),))


def _assigned(module: CalledModule, assignment: Assignment, variable: Variable, constraint: TypeConstraint) -> Value:
    if assignment.argument is not None:
        argument = assignment.argument
        _refuse_calls(argument.value, argument.source)
        value = evaluate(argument.value, Context(_NoNames(module.files), argument.source, {}))
        source, start, end = argument.source, argument.node.start, argument.node.end
        return value.with_origins((Origin(OriginKind.TFVARS, variable.name, source, start, end, value.origins),))
    kind = OriginKind.ENVIRONMENT if assignment.by is AssignedBy.ENVIRONMENT else OriginKind.COMMAND_LINE
    origin = Origin(kind, variable.name, None)
    is_literal = variable.type is None or (isinstance(constraint.type, Primitive) and constraint.type is not DYNAMIC)
    if is_literal:
        return values.string(assignment.text, (origin,))
    source = expression_source(assignment)
    node, problems = parse_expression(source)
    if problems:
        raise EvaluationError(
            "Invalid value for input variable",
            f"The text given for var.{variable.name} is not an expression: {problems[0].summary}.",
        )
    _refuse_calls(node, source)
    return evaluate(node, Context(_NoNames(module.files), source, {})).with_origins((origin,))


def _refuse_calls(node: ast.Expression, source: SourceFile) -> None:
    """Refuse functions in the values of var-files and options.

    Raises:
        EvaluationError: a function is called.
    """
    for inner in walk(node):
        if isinstance(inner, ast.Call):
            problem = EvaluationError(
                "Function calls not allowed", "Functions may not be called here; write the value itself."
            )
            problem.place = (source, inner.start, inner.end)
            raise problem


def _default(module: CalledModule, variable: Variable) -> Value | None:
    default = variable.default
    if default is None:
        return None
    node = default.value
    if default.source.path.endswith(".json"):
        node = literally(default.source, node)  # a default cannot contain references
    value = evaluate(node, module.context(default.source))
    source, start, end = default.source, default.node.start, default.node.end
    return value.with_origins((Origin(OriginKind.DEFAULT, variable.name, source, start, end, value.origins),))


def _missing(module: CalledModule, variable: Variable, constraint: TypeConstraint) -> Value:
    """Return the unknown value of a variable without a value; a missing argument of a call is reported."""
    fact = InputVariable(module.address, variable.name)
    if module.site is not None:
        problem = EvaluationError(
            "Missing required argument",
            f'The argument "{variable.name}" is required by the module, but no definition was found.',
        )
        diagnostic = module.session.report(problem, module.site.call.block.header)
        reason = Reason(Cause.ERROR, f"{diagnostic.summary}: {diagnostic.detail}", diagnostic.location)
    else:
        workspace = module.session.cell.workspace
        where = f" in workspace `{workspace}`" if workspace else ""
        reason = Reason(Cause.VARIABLE, f"`{fact.text}` has no value{where}", variable.block.header)
    type_ = DYNAMIC if has_dynamic(constraint.type) else plain(constraint.type)
    return unknown(type_, fact_symbol(fact, reason, nullable=variable.nullable))


def _unsuitable(variable: Variable, given: Value, error: ConversionError) -> EvaluationError:
    problem = EvaluationError(
        "Invalid value for input variable",
        f"The given value is not suitable for var.{variable.name} declared at {variable.block.header}: {error.detail}.",
    )
    origin = given.origins[0] if given.origins else None
    if origin is not None and origin.source is not None:
        problem.place = (origin.source, origin.start, origin.end)
    else:
        problem.place = (variable.block.source, variable.block.node.start, variable.block.node.header_end)
    return problem


class _NoNames:
    """The scope for values of var-files and options, in which no name is defined."""

    def __init__(self, files: RepositoryFiles) -> None:
        self.files = files
        self.is_of_opentofu = False

    def _refuse(self, *_: object) -> Value:
        raise EvaluationError("Variables not allowed", "Variables may not be used here; write the value itself.")

    def spend(self, steps: int) -> None:
        self.files.spend(steps)

    variable = local = call = resource = path = terraform = provider_function = _refuse
