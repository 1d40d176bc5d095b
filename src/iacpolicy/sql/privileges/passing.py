"""The rows that a policy allows, and the commands and roles that it applies to."""

from iacpolicy.sql.expressions.conditions import constant_truth
from iacpolicy.sql.model.database import RowPolicy, Table


def applies(policy: RowPolicy, acts_as: frozenset[str], command: str) -> bool:
    """Return whether a policy applies to a command by a role that acts as these roles."""
    return policy.command in {command, "all"} and not acts_as.isdisjoint(policy.roles)


def lets_through(policy: RowPolicy, table: Table, command: str) -> bool | None:
    """Return whether a policy allows every row (True), none (False), or some (None), for rows read and rows written."""
    fixed = tuple(column.name for column in table.columns if column.not_null)
    # A permissive policy without an expression allows no row, a restrictive one every row.
    using = constant_truth(policy.using, fixed) if policy.using is not None else not policy.permissive
    # Without WITH CHECK, USING applies to the new rows as well.
    check = constant_truth(policy.check, fixed) if policy.check is not None else using
    if command in {"select", "delete"}:
        return using
    if command == "insert":
        return check
    if False in (using, check):
        return False
    return True if using is True and check is True else None
