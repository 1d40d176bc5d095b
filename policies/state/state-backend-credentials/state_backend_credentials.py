"""Credentials in a backend are committed, and `terraform init` copies them into `.terraform` and every plan file."""

import re
from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.backend_settings import BackendSettings, backend_settings

META = Meta(
    id="state-backend-credentials",
    title="Backend holds credentials",
    severity=Severity.CRITICAL,
    on=("backend",),
    why=(
        "Whoever can read the repository can read and write the state, and with it every secret in it. `terraform "
        "init` also copies the backend's arguments in plain text to `.terraform/terraform.tfstate` and into plan files."
    ),
    fix=(
        "Take the credentials out and change them. Let the backend find them where it runs: a role of the machine or "
        "OIDC of the pipeline, else environment variables such as AWS_ACCESS_KEY_ID or TF_HTTP_PASSWORD."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data",
        "https://developer.hashicorp.com/terraform/language/backend/s3#credentials-and-shared-configuration",
    ),
)

# Values that a variable brought are the matter of the policies on variables and var-files.
OWNED_ELSEWHERE = frozenset({"default", "tfvars", "env", "cli"})
URL_PASSWORD = re.compile(r"^[a-z][a-z0-9+.-]*://[^/?#@:]*:[^/?#@]+@", re.IGNORECASE)
DSN_PASSWORD = re.compile(r"(?:^|[\s?&])password\s*=\s*(?!\s|&|$)", re.IGNORECASE)
FILE_PATH = re.compile(r"^[^{}\n]{1,400}\.(?:json|pem|key|crt|p12|pfx)$", re.IGNORECASE)


def check(backend: Resource, graph: Graph) -> Iterator[Violation]:
    """What a `*.tfbackend` file of the repository says is as public as what the block says."""
    places = set()
    for settings in backend_settings(backend):
        for at, message in _credentials(settings):
            if at.at not in places:
                places.add(at.at)
                yield Violation(message, at=at, cause=at.path)


def _credentials(settings: BackendSettings) -> Iterator[tuple[Attribute, str]]:
    for path in settings.facts.credentials:
        attribute = _at(settings, path)
        text = _literal(attribute)
        if text and not FILE_PATH.match(text):
            yield attribute, f"`{'.'.join(path)}` is written in the backend's configuration"
    for path in settings.facts.urls:
        attribute = _at(settings, path)
        text = _literal(attribute)
        if text and (URL_PASSWORD.search(text) or DSN_PASSWORD.search(text)):
            yield attribute, f"`{'.'.join(path)}` carries a password"


def _at(settings: BackendSettings, path: tuple[str, ...]) -> Attribute:
    attribute = settings.resource[path[0]]
    for name in path[1:]:
        attribute = attribute[name]
    return attribute


def _literal(attribute: Attribute) -> str:
    """The text that the repository says, empty where it says none."""
    if attribute.is_null or not attribute.is_known or attribute.origin_kinds & OWNED_ELSEWHERE:
        return ""
    value = attribute.value
    return value if isinstance(value, str) else ""
