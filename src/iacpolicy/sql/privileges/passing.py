"""Which rows a policy lets through, and for whom and what it is one."""

from iacpolicy.sql.expressions.conditions import constant_truth
from iacpolicy.sql.model.database import RowPolicy, Table


def applies(policy: RowPolicy, acts_as: frozenset[str], command: str) -> bool:
    """Whether a policy is one for a command by a role that acts as these."""
    return policy.command in {command, "all"} and not acts_as.isdisjoint(policy.roles)


def lets_through(policy: RowPolicy, table: Table, command: str) -> bool | None:
    """Whether a policy lets every row through (True), none (False), or some: of those read and, of a write, written."""
    fixed = tuple(column.name for column in table.columns if column.not_null)
    # A permissive policy without an expression lets nothing through, a restrictive one everything.
    using = constant_truth(policy.using, fixed) if policy.using is not None else not policy.permissive
    # Without WITH CHECK, USING holds for the new rows as well.
    check = constant_truth(policy.check, fixed) if policy.check is not None else using
    if command in {"select", "delete"}:
        return using
    if command == "insert":
        return check
    if False in (using, check):
        return False
    return True if using is True and check is True else None
