"""Policies that let everyone list the files of a public bucket."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain
from iacpolicy.policy.library.sql import PUBLIC, QualifiedName, constant_truth, only_equals

META = Meta(
    id="public-bucket-allows-listing",
    title="Everyone can list a public bucket",
    severity=Severity.LOW,
    on=("sql.policy",),
    why=(
        "A public bucket serves each file to anyone who knows its name, without a policy. A SELECT policy on "
        "`storage.objects` only adds the list of all names, and so access to everyone's files."
    ),
    fix=(
        "Drop the policy: reading a public bucket needs none. Where users need a list, restrict the policy to the "
        "caller's own folder."
    ),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0025_public_bucket_allows_listing",
        "https://supabase.com/docs/guides/storage/buckets/fundamentals",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Check buckets that a migration creates, and policies whose only condition is the bucket."""
    policy, model = subject.payload
    if (
        policy.table != QualifiedName("storage", "objects")
        or policy.command not in {"select", "all"}
        or not policy.permissive
    ):
        return
    if not {*model.platform.api_roles, PUBLIC} & set(policy.roles):
        return
    is_open = constant_truth(policy.using) is True
    named = only_equals(policy.using or "", "bucket_id")
    for bucket in model.database.buckets:
        if bucket.public and (is_open or named == bucket.name):
            ensure_certain(subject, policy.uncertain)
            also = (("the bucket", bucket.made_at),)
            yield Violation(
                f"{subject.name} lets {', '.join(policy.roles)} list the bucket {bucket.name}", at=subject, also=also
            )
            return
