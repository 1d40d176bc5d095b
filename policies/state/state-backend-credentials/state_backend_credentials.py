"""Credentials that are written in the configuration of a backend."""

import re
from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.backend_settings import BackendSettings, backend_settings

# Where each backend finds credentials at run time, by type.
SOURCES = {
    "s3": "a role of the machine, OIDC of the pipeline, or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`",
    "gcs": "a service account of the machine, or `GOOGLE_CREDENTIALS`",
    "azurerm": "a managed identity, OIDC of the pipeline, or `ARM_CLIENT_SECRET`",
    "http": "`TF_HTTP_USERNAME` and `TF_HTTP_PASSWORD`",
    "pg": "`PG_CONN_STR` or `PGPASSWORD`",
    "consul": "`CONSUL_HTTP_TOKEN`",
    "remote": "`terraform login` or a `TF_TOKEN_…` variable",
    "cloud": "`terraform login` or a `TF_TOKEN_…` variable",
}
FIX = "Remove the credentials from the backend and rotate them. Supply the new ones by {}."
ANY = "an environment variable or a role of the machine"

META = Meta(
    id="state-backend-credentials",
    title="Backend configuration contains credentials",
    severity=Severity.CRITICAL,
    on=("backend",),
    why=(
        "Anyone who can read the repository can read and change the state, and every secret in it. `terraform init` "
        "also copies these arguments in plain text into `.terraform/terraform.tfstate` and into plan files."
    ),
    fix=FIX.format(ANY),
    references=(
        "https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data",
        "https://developer.hashicorp.com/terraform/language/backend/s3#credentials-and-shared-configuration",
    ),
)

# Origins of values that the policies on variables and var-files report.
OWNED_ELSEWHERE = frozenset({"default", "tfvars", "env", "cli"})
URL_PASSWORD = re.compile(r"^[a-z][a-z0-9+.-]*://[^/?#@:]*:[^/?#@]+@", re.IGNORECASE)
DSN_PASSWORD = re.compile(r"(?:^|[\s?&])password\s*=\s*(?!\s|&|$)", re.IGNORECASE)
FILE_PATH = re.compile(r"^[^{}\n]{1,400}\.(?:json|pem|key|crt|p12|pfx)$", re.IGNORECASE)


def check(backend: Resource, graph: Graph) -> Iterator[Violation]:
    """Check the backend block and the `*.tfbackend` files of the repository."""
    places = set()
    for settings in backend_settings(backend):
        for at, message in _credentials(settings):
            if at.at not in places:
                fix = FIX.format(SOURCES.get(settings.facts.type, ANY))
                places.add(at.at)
                yield Violation(message, at=at, cause=at.path, fix=fix)


def _credentials(settings: BackendSettings) -> Iterator[tuple[Attribute, str]]:
    for path in settings.facts.credentials:
        attribute = _at(settings, path)
        text = _literal(attribute)
        if text and not FILE_PATH.match(text):
            yield attribute, f"`{'.'.join(path)}` of the backend is a literal in the repository"
    for path in settings.facts.urls:
        attribute = _at(settings, path)
        text = _literal(attribute)
        if text and (URL_PASSWORD.search(text) or DSN_PASSWORD.search(text)):
            yield attribute, f"`{'.'.join(path)}` of the backend contains a password"


def _at(settings: BackendSettings, path: tuple[str, ...]) -> Attribute:
    attribute = settings.resource[path[0]]
    for name in path[1:]:
        attribute = attribute[name]
    return attribute


def _literal(attribute: Attribute) -> str:
    """Return the literal text of an attribute, empty where the repository holds none."""
    if attribute.is_null or not attribute.is_known or attribute.origin_kinds & OWNED_ELSEWHERE:
        return ""
    value = attribute.value
    return value if isinstance(value, str) else ""
