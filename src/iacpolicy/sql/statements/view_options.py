"""The options, owner and rules of views: ALTER VIEW, and the options of CREATE VIEW."""

from typing import Any

import msgspec

from iacpolicy.sql.model.database import View
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.statements import rules
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement


def altered(state: ReplayState, view: View, command: Node, at: Statement) -> View:
    """Return a view after one command of ALTER VIEW or ALTER TABLE."""
    match command["subtype"]:
        case "AT_SetRelOptions":
            return with_options(view, parse_nodes.options(command["def"]["List"].get("items")), at)
        case "AT_ResetRelOptions":
            names = parse_nodes.options(command["def"]["List"].get("items"))
            reset = {name: False for name in ("security_invoker", "security_barrier") if name in names}
            return msgspec.structs.replace(view, **reset, decided_at=at.span) if reset else view
        case "AT_ChangeOwner":
            return msgspec.structs.replace(view, owner=parse_nodes.role(command["newowner"], state.role))
        case subtype if subtype in rules.SWITCHES:
            return msgspec.structs.replace(view, rules=rules.switched(view, command))
        case _:
            return view


def with_options(view: View, options: dict[str, Any], at: Statement) -> View:
    """Return a view with the options of `WITH (…)` or `SET (…)`."""
    given = {
        name: parse_nodes.truth(options[name]) for name in ("security_invoker", "security_barrier") if name in options
    }
    return msgspec.structs.replace(view, **given, decided_at=at.span) if given else view
