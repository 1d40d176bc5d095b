"""A secret in a place that is made to be looked at is no secret, however well it was kept until there."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.secrets import exposed_secrets, secret_reference

META = Meta(
    id="secret-exposed",
    title="A secret is put where everybody sees it",
    severity=Severity.HIGH,
    on=("resource", "data", "provider"),
    why=(
        "Tags, names, descriptions and DNS records are listed by everybody who may look; user data is read by every "
        "process on the machine, a command line by everybody on it, a URL by every log on its way, a static site by "
        "the whole world. `sensitive` hides a value in Terraform's own output, and nowhere else."
    ),
    fix=(
        "Leave the secret out, and let what needs it ask a secret store. To a command give it by `environment`, to a "
        "request by a header, to a machine by its role. Change a secret that has been applied there."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/manage-sensitive-data",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
        "https://cwe.mitre.org/data/definitions/200.html",
    ),
)


def check(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """One violation for each attribute or key, whichever way the secrets came there and however many there are."""
    for one in exposed_secrets(resource, graph):
        at = one.at
        secret = secret_reference("exposed", resource, at.attribute, at.way, at.place)
        verb = "go" if at.are_several else "goes"
        yield Violation(f"{at.names} {verb} into {one.what}", at.place, secret=secret)
