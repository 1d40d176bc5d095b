"""State holds every attribute of every resource in plain text, passwords included."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Truth, Violation
from iacpolicy.policy.library.backend_settings import BackendSettings, backend_facts, backend_settings

META = Meta(
    id="state-encryption",
    title="State is not encrypted at rest",
    severity=Severity.HIGH,
    on=("backend",),
    why=(
        "State is a JSON document with every attribute in plain text, the passwords and keys among them. Where the "
        "backend does not ask for encryption, what encrypts it, and with whose key, is left to the bucket's settings."
    ),
    fix=(
        "Set `encrypt = true` in the backend, and name a key of your own with `kms_key_id`; a key alone does nothing "
        "while `encrypt` is off."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/state/sensitive-data",
        "https://developer.hashicorp.com/terraform/language/backend/s3#s3-state-storage",
        "https://opentofu.org/docs/language/state/encryption/",
    ),
)


def check(backend: Resource, graph: Graph) -> Iterator[Violation]:
    """Speaks of backends with a switch for it; the others encrypt by themselves, or as their service is set up."""
    if backend_facts(backend).encryption.how != "switch" or _is_encrypted_before(backend):
        return
    places = set()
    for settings in backend_settings(backend):
        encrypted = Truth(False)
        for switch in settings.facts.encryption.switches:
            encrypted = encrypted | settings.is_on(switch)
        if not encrypted:
            violation = _unencrypted(settings)
            if violation.at.at not in places:
                places.add(violation.at.at)
                yield violation


def _is_encrypted_before(backend: Resource) -> bool:
    """Whether OpenTofu encrypts the state itself, before any backend sees it."""
    blocks = backend.module.terraform_blocks if backend.module is not None else ()
    return any(inner.nested("state") for block in blocks for inner in block.nested("encryption"))


def _unencrypted(settings: BackendSettings) -> Violation:
    switch = settings.facts.encryption.switches[0].argument
    at = settings.written(switch)
    if isinstance(at, Resource):  # equivalent: words
        return Violation(f"the state is stored as it is: `{switch}` is not set", at=at, also=settings.also)
    return Violation(f"`{switch}` leaves the state unencrypted", at=at, also=settings.also)
