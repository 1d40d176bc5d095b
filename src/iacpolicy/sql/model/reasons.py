"""Doubts about the model, and grants: small values that every object of a database has."""

from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span

PUBLIC = "public"
"""The grantee that means every role; PostgreSQL allows no role of this name."""


class Aspect(StrEnum):
    """The aspect of an object that may differ from the model."""

    EXISTENCE = "existence"
    RLS = "row-level security"
    FORCE = "forced row-level security"
    POLICIES = "policies"
    GRANTS = "grants"
    REVOKES = "revoked grants"
    DEFINITION = "definition"


class SchemaDoubt(msgspec.Struct, frozen=True, gc=False):
    """The reason why an aspect is unknown: a description of the statement, and its place."""

    aspect: Aspect
    text: str
    span: Span


class Grant(msgspec.Struct, frozen=True, gc=False):
    """The last GRANT or REVOKE of a privilege to a role; `column` is empty for the whole object.

    `givers` are the roles whose grants are in force, each with its grant option; the empty name means the owner.
    """

    role: str
    privilege: str
    granted: bool
    span: Span
    grantable: bool = False
    column: str = ""
    givers: tuple[tuple[str, bool], ...] = ()
