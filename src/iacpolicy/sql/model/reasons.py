"""Why the model may be wrong, and who was granted what: the small values that every object of a database has."""

from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span

PUBLIC = "public"
"""The grantee that means every role; PostgreSQL allows no role of this name."""


class Aspect(StrEnum):
    """What about an object may be different from what the model says."""

    EXISTENCE = "existence"
    RLS = "row-level security"
    FORCE = "forced row-level security"
    POLICIES = "policies"
    GRANTS = "grants"
    REVOKES = "revoked grants"
    DEFINITION = "definition"


class SchemaDoubt(msgspec.Struct, frozen=True, gc=False):
    """Why an aspect is not known: what ran there, and where."""

    aspect: Aspect
    text: str
    span: Span


class Grant(msgspec.Struct, frozen=True, gc=False):
    """What the last GRANT or REVOKE of a privilege to a role said; `column` is empty for the whole object.

    `givers` are the roles whose grants of it stand, each with its grant option; the empty name means the owner.
    """

    role: str
    privilege: str
    granted: bool
    span: Span
    grantable: bool = False
    column: str = ""
    givers: tuple[tuple[str, bool], ...] = ()
