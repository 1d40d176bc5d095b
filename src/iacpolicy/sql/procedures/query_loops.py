"""Loops in PL/pgSQL: the rows of a query, the elements of an array, or the numbers of a range."""

from iacpolicy.core.spans import Span
from iacpolicy.sql.expressions.values import MAX_VALUES, flattened, is_known
from iacpolicy.sql.procedures import queries
from iacpolicy.sql.procedures.blocks import PlpgsqlStep, query_of
from iacpolicy.sql.procedures.plpgsql_variables import PlpgsqlVariables
from iacpolicy.sql.procedures.queries import QueryRow


def rows(step: PlpgsqlStep, variables: PlpgsqlVariables, span: Span) -> list[QueryRow] | None:
    """Return the rows that a loop binds to its variable, in order; None where they are unknown.

    Rows for unknown objects of the platform are left out, because no migration makes those.
    """
    fields = step.fields
    scope = variables.scope()
    match step.kind:
        case "PLpgSQL_stmt_foreach_a":
            values = queries.evaluated(query_of(fields.get("expr")), scope, span)
            if not isinstance(values, list) or "slice" in fields:
                return None
            return [QueryRow({"value": value}, certain=True) for value in flattened(values)]
        case "PLpgSQL_stmt_fori":
            bounds = [queries.evaluated(query_of(fields.get(key)), scope, span) for key in ("lower", "upper")]
            if "step" in fields or fields.get("reverse") or not all(isinstance(bound, int) for bound in bounds):
                return None
            first, last = (int(str(bound)) for bound in bounds)
            if last - first >= MAX_VALUES:
                return None
            return [QueryRow({"value": number}, certain=True) for number in range(first, last + 1)]
        case "PLpgSQL_stmt_fors":
            query = query_of(fields.get("query"))
        case "PLpgSQL_stmt_dynfors":
            text = queries.evaluated(query_of(fields.get("query")), scope, span)
            if not isinstance(text, str) or not is_known(text):
                return None
            query = text
        case _:
            return None
    found = queries.select(query, scope, span)
    return None if found is None else [each for each in found if not each.others]
