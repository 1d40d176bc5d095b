"""Policies that trust `user_metadata`, which users write themselves."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain
from iacpolicy.policy.library.sql import called_functions

META = Meta(
    id="rls-references-user-metadata",
    title="Policy trusts data that users write themselves",
    severity=Severity.HIGH,
    on=("sql.policy",),
    why=(
        "Every user can change the `user_metadata` in their token with a call to `auth.updateUser`. A policy that "
        "reads a role or tenant from it lets users choose their own."
    ),
    fix="Store roles and tenants in `app_metadata`, which only the server writes, or in a table of your own.",
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0015_rls_references_user_metadata",
        "https://supabase.com/docs/guides/database/postgres/row-level-security",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Check uses of `auth.jwt()` and of the setting `request.jwt.claims`: both contain the metadata."""
    policy, _ = subject.payload
    for clause, text in (("USING", policy.using), ("WITH CHECK", policy.check)):
        if text is None or "user_metadata" not in text:
            continue
        if called_functions(text) & {"auth.jwt", "current_setting", "pg_catalog.current_setting"}:
            ensure_certain(subject, policy.uncertain)
            yield Violation(f"{clause} of {subject.name} reads user_metadata, which users write themselves", at=subject)
            return
