"""Facts from Terraform joined to the model of a database: exposed schemas, roles, grants, default privileges."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.migrations.discover import SchemaModel, stored_setting, with_stored_setting
from iacpolicy.sql.migrations.supabase_config import DefaultGrants
from iacpolicy.sql.model.database import (
    Aspect,
    Database,
    Extension,
    Function,
    Grant,
    Membership,
    Role,
    SchemaDoubt,
    Table,
    View,
)
from iacpolicy.sql.state.tentative import with_reasons
from iacpolicy.sql.statements.privileges import ALL_PRIVILEGES, PrivilegeChange, apply


class RoleFact(msgspec.Struct, frozen=True):
    """A role that Terraform makes: its attributes by their names in the model, and the roles it is a member of.

    `doubt` is the reason why it may not be in the database.
    """

    name: str
    span: Span
    attributes: Mapping[str, bool]
    member_of: tuple[str, ...] = ()
    doubt: str | None = None


class GrantFact(msgspec.Struct, frozen=True):
    """Privileges of one role on objects of a kind; empty `objects` means all, empty `privileges` revokes all.

    With `defaults_of` it concerns the objects that this role will make. `doubt` is the reason why it may not apply.
    """

    role: str | None
    kind: str
    privileges: tuple[str, ...]
    span: Span
    schema: str | None = None
    objects: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    grantable: bool = False
    defaults_of: str | None = None
    doubt: str | None = None


class TerraformFacts(msgspec.Struct, frozen=True):
    """The facts about one database in the resources of a cell; `exposed` is None where no resource sets it.

    `doubts` are the reasons why there may be further facts.
    """

    exposed: tuple[str, ...] | None = None
    exposed_at: Span | None = None
    exposed_doubts: tuple[SchemaDoubt, ...] = ()
    roles: tuple[RoleFact, ...] = ()
    memberships: tuple[Membership, ...] = ()
    grants: tuple[GrantFact, ...] = ()
    extensions: tuple[Extension, ...] = ()
    anonymous_sign_in: bool | None = None
    anonymous_sign_in_at: Span | None = None
    doubts: tuple[SchemaDoubt, ...] = ()


def with_terraform(model: SchemaModel, facts: TerraformFacts) -> SchemaModel:
    """Return the model with the facts from Terraform: its settings win over config.toml, its objects are added."""
    database = _with_roles(model.database, facts)
    for grant in facts.grants:
        if grant.defaults_of is None or grant.privileges or model.default_grants is DefaultGrants.AUTO:
            database = _with_grant(database, grant)
    changes: dict[str, Any] = {"database": database}
    if stored_setting(model) is None:
        if facts.exposed is not None:
            changes.update(exposed_schemas=facts.exposed, exposed_at=facts.exposed_at)
        if facts.exposed is not None or facts.exposed_doubts:
            changes.update(exposed_doubts=facts.exposed_doubts, doubted=None)
    if facts.anonymous_sign_in is not None:
        changes.update(anonymous_sign_in=facts.anonymous_sign_in, anonymous_sign_in_at=facts.anonymous_sign_in_at)
    return with_stored_setting(msgspec.structs.replace(model, **changes))


def _with_roles(database: Database, facts: TerraformFacts) -> Database:
    roles = {role.name: role for role in database.roles}
    memberships = {(each.role, each.member): each for each in (*database.memberships, *facts.memberships)}
    for fact in facts.roles:
        known = roles.get(fact.name) or Role(fact.name, fact.span)
        doubts = (SchemaDoubt(Aspect.EXISTENCE, fact.doubt, fact.span),) if fact.doubt is not None else ()
        uncertain = with_reasons(known.uncertain, *doubts)
        roles[fact.name] = msgspec.structs.replace(
            known, **fact.attributes, created=True, decided_at=fact.span, uncertain=uncertain
        )
        for role in fact.member_of:
            memberships.setdefault((role, fact.name), Membership(role, fact.name, fact.span))
    extensions = {each.name: each for each in (*facts.extensions, *database.extensions)}
    return msgspec.structs.replace(
        database,
        roles=tuple(roles[name] for name in sorted(roles)),
        memberships=tuple(memberships[key] for key in sorted(memberships)),
        extensions=tuple(extensions[name] for name in sorted(extensions)),
        uncertain=tuple(dict.fromkeys((*database.uncertain, *facts.doubts))),
    )


def _with_grant(database: Database, fact: GrantFact) -> Database:
    match fact.kind:
        case "table" | "column":
            return msgspec.structs.replace(
                database,
                tables=tuple(_granted(table, fact) for table in database.tables),
                views=tuple(_granted(view, fact) for view in database.views),
            )
        case "function" | "procedure" | "routine":
            return msgspec.structs.replace(
                database, functions=tuple(_granted(function, fact) for function in database.functions)
            )
        case "schema":
            return _on_schema(database, fact)
        case _:
            return database


def _granted(item: Any, fact: GrantFact) -> Any:
    """Return a table, view or function with a grant, or with a doubt about the grant."""
    if fact.schema is not None and item.name.schema != fact.schema:
        return item
    if fact.objects and item.name.name not in {name.partition("(")[0] for name in fact.objects}:
        return item
    if fact.doubt is not None or fact.defaults_of is not None:
        return _doubted(item, fact)
    change = _change(fact, "function" if isinstance(item, Function) else "table")
    # The provider revokes the privileges that are not listed.
    revoked = msgspec.structs.replace(
        change, grants=False, privileges=_all("function" if isinstance(item, Function) else "table")
    )
    grants = apply(item.grants, revoked) if not fact.columns else item.grants
    return msgspec.structs.replace(item, grants=apply(grants, change) if fact.privileges else grants)


def _doubted(item: Table | View | Function, fact: GrantFact) -> Table | View | Function:
    if fact.defaults_of is not None and item.made_by != fact.defaults_of:
        return item
    aspect = Aspect.GRANTS if fact.privileges else Aspect.REVOKES
    held = [g for g in item.grants if g.role == fact.role and not g.column]
    if fact.role is not None and all(_settled(held, privilege, fact) for privilege in _wanted(fact)):
        return item  # The privilege is the same with and without the fact.
    why = fact.doubt or f"whether the default privileges of {fact.defaults_of} were set before it was made is unknown"
    return msgspec.structs.replace(item, uncertain=with_reasons(item.uncertain, SchemaDoubt(aspect, why, fact.span)))


def _settled(grants: Sequence[Grant], privilege: str, fact: GrantFact) -> bool:
    """Return whether a migration settles a privilege; against default privileges any GRANT or REVOKE does."""
    recorded = [grant.granted for grant in grants if grant.privilege == privilege]
    return bool(recorded) if fact.defaults_of is not None else bool(fact.privileges) in recorded


def _wanted(fact: GrantFact) -> tuple[str, ...]:
    kind = "function" if fact.kind in {"function", "procedure", "routine"} else "table"
    names = tuple(privilege.lower() for privilege in fact.privileges)
    return ALL_PRIVILEGES[kind] if not names or "all" in names else names


def _on_schema(database: Database, fact: GrantFact) -> Database:
    if fact.doubt is not None or fact.role is None:
        return msgspec.structs.replace(
            database,
            tables=tuple(_with_schema_doubt(table, fact) for table in database.tables),
            views=tuple(_with_schema_doubt(view, fact) for view in database.views),
        )
    if fact.defaults_of is not None:
        return database
    change = _change(fact, "schema")
    schemas = tuple(
        msgspec.structs.replace(schema, grants=apply(schema.grants, change)) if schema.name == fact.schema else schema
        for schema in database.schemas
    )
    return msgspec.structs.replace(database, schemas=schemas)


def _with_schema_doubt(item: Any, fact: GrantFact) -> Any:
    """Return a table or view with the doubt that its schema may be open or closed."""
    if fact.schema is not None and item.name.schema != fact.schema:
        return item
    why = fact.doubt or "the role that has these privileges on the schema is unknown"
    aspects = (Aspect.GRANTS,) if fact.privileges else (Aspect.REVOKES,)
    reasons = (SchemaDoubt(aspect, why, fact.span) for aspect in aspects)
    return msgspec.structs.replace(item, uncertain=with_reasons(item.uncertain, *reasons))


def _change(fact: GrantFact, kind: str) -> PrivilegeChange:
    names = [privilege.lower() for privilege in fact.privileges]
    spelt = ALL_PRIVILEGES[kind] if "all" in names else tuple(names)
    if not names:
        return PrivilegeChange(False, (fact.role or "",), _all(kind), False, fact.span)
    privileges = tuple((name, fact.columns) for name in spelt)
    return PrivilegeChange(True, (fact.role or "",), privileges, fact.grantable, fact.span)


def _all(kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, ()) for name in ALL_PRIVILEGES[kind])
