"""Policies for `authenticated` that also apply to anonymous users."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain, is_exposed
from iacpolicy.policy.library.sql import PUBLIC, Aspect, Table, TableKind, relation_named

META = Meta(
    id="auth-allow-anonymous-sign-ins",
    title="Policy also admits anonymous users",
    severity=Severity.LOW,
    on=("sql.policy",),
    why=(
        "With anonymous sign-ins, every visitor gets the role `authenticated` without an e-mail address. A policy "
        "that was written for customers then applies to all visitors."
    ),
    fix=(
        "Add `(select (auth.jwt() ->> 'is_anonymous')::boolean) is false` to the policy where an account is "
        "required. Or set `external_anonymous_users_enabled` to false."
    ),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0012_auth_allow_anonymous_sign_ins",
        "https://supabase.com/docs/guides/auth/auth-anonymous",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Check projects whose settings, in Terraform or config.toml, allow anonymous sign-ins."""
    policy, model = subject.payload
    table = relation_named(model, policy.table)
    if not model.anonymous_sign_in or not policy.permissive or not isinstance(table, Table):
        return
    if table.kind is TableKind.EXTERNAL or not is_exposed(subject, table.name, model):
        return
    if not table.rls_enabled and not table.doubts(Aspect.RLS):
        return
    if not {"authenticated", PUBLIC} & set(policy.roles):
        return
    guards = [policy, *(other for other in table.policies if not other.permissive)]
    if any("is_anonymous" in (text or "") for guard in guards for text in (guard.using, guard.check)):
        return
    ensure_certain(subject, policy.uncertain, table.doubts(Aspect.RLS, Aspect.POLICIES))
    place = model.anonymous_sign_in_at
    also = (("the setting that allows anonymous sign-ins", place),) if place else ()  # equivalent: wording
    yield Violation(f"{subject.name} also applies to anonymous users", at=subject, also=also)
