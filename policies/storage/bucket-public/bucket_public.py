"""Buckets that are open to the public, or that nothing prevents from becoming so."""

from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Truth, Violation
from iacpolicy.policy.library.custom_endpoints import has_custom_endpoint
from iacpolicy.policy.library.policy_documents import policy_document
from iacpolicy.policy.library.uninstalled_modules import check_uninstalled_modules

BLOCK = "aws_s3_bucket_public_access_block"
ACCOUNT_BLOCK = "aws_s3_account_public_access_block"
SWITCHES = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")
PUBLIC_GROUPS = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
# Condition keys that make a grant to everyone non-public:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
LIMITS = frozenset(
    [
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceowner",
        "aws:userid",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalaccount",
        "aws:principalarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
    ]
)

# The remediation by defect.
ADDED = f"Add an `{BLOCK}` for the bucket, with {', '.join(f'`{s}`' for s in SWITCHES)} set to `true`."
SWITCH = "Set {} to `true`."
ACL = "Remove the grant, or set `ignore_public_acls = true` in the public access block of the bucket."
POLICY = "Name the accounts or roles that need access, or limit the statement by a condition such as `aws:SourceVpce`."

META = Meta(
    id="bucket-public",
    title="Bucket is not closed to the public",
    severity=Severity.HIGH,
    on=("aws_s3_bucket", BLOCK, ACCOUNT_BLOCK, "aws_s3_bucket_acl", "aws_s3_bucket_policy"),
    why=(
        "Scanners find a public bucket within hours, and with it backups and customers' files. The public access "
        "block is the only setting that no ACL and no bucket policy can override."
    ),
    fix=f"{ADDED} Remove public ACLs and policies. Serve public files through a CDN.",
    references=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_public_access_block",
    ),
)


def check(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """Report a missing block at the bucket, and each switch, ACL and policy that opens it where it is written."""
    if has_custom_endpoint(resource, graph, "s3"):
        return
    if resource.type in (BLOCK, ACCOUNT_BLOCK):
        yield from _switches(resource)
    else:
        yield from _public_access(resource, graph)


def _public_access(resource: Resource, graph: Graph) -> Iterator[Violation]:
    blocks = list(_blocks(resource, graph))
    if resource.type == "aws_s3_bucket" and not blocks:
        check_uninstalled_modules(resource, graph, "its public access block")
        yield Violation(f"the bucket has no {BLOCK}", at=resource, fix=ADDED)
    if not _is_on(blocks, "ignore_public_acls"):
        yield from _acl(resource)
    policy = resource["policy"]
    if not policy.is_null and not _is_on(blocks, "restrict_public_buckets") and _allows_everybody(resource, graph):
        yield Violation("policy grants access to everyone", at=policy, fix=POLICY)


def _blocks(resource: Resource, graph: Graph) -> Iterator[Resource]:
    """Yield the public access blocks of a bucket, or of the bucket of an ACL or policy."""
    yield from graph.of(ACCOUNT_BLOCK)
    if resource.type == "aws_s3_bucket":
        yield from graph.naming(resource, BLOCK, "bucket")
    else:
        yield from graph.sharing(resource, BLOCK, "bucket")
        for bucket in graph.named(resource["bucket"], "aws_s3_bucket"):
            yield from graph.naming(bucket, BLOCK, "bucket")


def _is_on(blocks: list[Resource], switch: str) -> bool:
    return any(block[switch] == True for block in blocks)


def _switches(block: Resource) -> Iterator[Violation]:
    unset = [name for name in SWITCHES if block[name].is_null]
    if unset:
        yield Violation(
            f"{' and '.join(unset)} {'is' if len(unset) == 1 else 'are'} not set, which means false",
            at=block,
            fix=SWITCH.format(" and ".join(f"`{name}`" for name in unset)),
        )
    for name in SWITCHES:
        if name not in unset and not block[name] == True:
            yield Violation(f"{name} is not true", at=block[name], fix=SWITCH.format(f"`{name}`"))


def _acl(resource: Resource) -> Iterator[Violation]:
    if resource["acl"].is_one_of(PUBLIC_ACLS):
        yield Violation("acl opens the bucket to everyone", at=resource["acl"], fix=ACL)
    grants = resource["access_control_policy"]["grant"] if resource.type == "aws_s3_bucket_acl" else resource["grant"]
    for grant in grants:
        uri = grant["grantee"]["uri"] if resource.type == "aws_s3_bucket_acl" else grant["uri"]
        if uri.is_one_of(PUBLIC_GROUPS):
            yield Violation("a grant of the ACL opens the bucket to everyone", at=uri, fix=ACL)


def _allows_everybody(resource: Resource, graph: Graph) -> bool:
    document = policy_document(resource["policy"], graph)
    if document is not None:
        return any(
            _allows_in_document(statement) for part in _parts(document, graph) for statement in part["statement"]
        )
    statements = resource["policy"].json["Statement"]
    single = not statements["Effect"].is_absent
    return any(_allows(s) for s in ((statements,) if single else statements))


def _parts(document: Resource, graph: Graph) -> list[Resource]:
    """Return a document and the documents whose statements it includes."""
    parts = [document]
    for part in parts:
        for name in ("source_policy_documents", "override_policy_documents"):
            texts = part[name] if part[name].is_set else ()
            found = [inner for text in texts if (inner := policy_document(text, graph)) is not None]
            parts.extend(inner for inner in found if inner not in parts)
    return parts


def _allows(statement: Attribute) -> bool:
    """Return whether a statement of a JSON policy allows something to everyone."""
    if not statement["Effect"] == "Allow":
        return False
    principal = statement["Principal"]
    everyone = _has(principal, "*") | _has(principal["AWS"], "*")
    return bool(everyone) and not _is_limited(statement["Condition"])


def _has(value: Attribute, wanted: str) -> Truth:
    """Return whether a value equals a text or is a list that contains it; substrings do not count."""
    return value == wanted if value.is_text else value.contains(wanted)


def _is_limited(condition: Attribute) -> bool:
    return any(str(key).lower() in LIMITS for _, test in condition.items() for key, _ in test.items())


def _allows_in_document(statement: Attribute) -> bool:
    """Return whether a statement of an `aws_iam_policy_document` allows something to everyone."""
    effect = statement["effect"]
    if not effect.is_null and not effect == "Allow":
        return False
    if any(str(condition["variable"]).lower() in LIMITS for condition in statement["condition"]):
        return False
    return any(
        principals["type"].is_one_of(("*", "AWS")) & principals["identifiers"].contains("*")
        for principals in statement["principals"]
    )
