"""Secrets in arguments whose values are listed, logged or published."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.secrets import exposed_secrets, secret_reference

META = Meta(
    id="secret-exposed",
    title="A secret is in a place that many people can read",
    severity=Severity.HIGH,
    on=("resource", "data", "provider"),
    why=(
        "Everyone who may list a resource reads its tags, names and descriptions, and DNS records are public. Every "
        "process on a machine reads its user data and its command lines. URLs are logged by each server that handles "
        "them, and a static site is public. `sensitive` only hides a value in Terraform's own output."
    ),
    fix=(
        "Remove the secret, and let the program that needs it read a secret store. Pass it to a command in "
        "`environment`, to a request in a header, and to a machine by its role. Rotate a secret that was applied there."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/manage-sensitive-data",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
        "https://cwe.mitre.org/data/definitions/200.html",
    ),
)


def check(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """Yield a violation for each attribute or key with secrets, however many secrets reach it."""
    for one in exposed_secrets(resource, graph):
        at = one.at
        secret = secret_reference("exposed", resource, at.attribute, at.trace, at.place)
        verb = "are" if at.are_several else "is"
        yield Violation(f"{at.names} {verb} in {one.what}", at.place, secret=secret)
