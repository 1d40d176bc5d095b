"""Backends that store the state without encryption at rest."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Truth, Violation
from iacpolicy.policy.library.backend_settings import BackendSettings, backend_facts, backend_settings

# The remediation by backend type; for others, the switch of the backend is set to true.
SWITCHES = {"s3": "Set `encrypt = true`, and name a key of your own in `kms_key_id`."}
SWITCH = "Set `{} = true`."

META = Meta(
    id="state-encryption",
    title="State is not encrypted at rest",
    severity=Severity.HIGH,
    on=("backend",),
    why=(
        "State holds every attribute of every resource in plain text, including passwords and keys. Without the "
        "backend's own encryption, the settings of the bucket alone decide who can read it."
    ),
    fix=(
        f"s3: {SWITCHES['s3']} A key has no effect while `encrypt` is off. Other backends: turn on their encryption "
        "switch."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/state/sensitive-data",
        "https://developer.hashicorp.com/terraform/language/backend/s3#s3-state-storage",
        "https://opentofu.org/docs/language/state/encryption/",
    ),
)


def check(backend: Resource, graph: Graph) -> Iterator[Violation]:
    """Check backends with an encryption switch; the others always encrypt or leave it to their service."""
    if backend_facts(backend).encryption.how != "switch" or _is_encrypted_before(backend):
        return
    places = set()
    for settings in backend_settings(backend):
        encrypted = Truth(False)
        for switch in settings.facts.encryption.switches:
            encrypted = encrypted | settings.is_on(switch)
        if not encrypted:
            violation = _unencrypted(settings)
            if violation.place not in places:
                places.add(violation.place)
                yield violation


def _is_encrypted_before(backend: Resource) -> bool:
    """Return whether OpenTofu encrypts the state itself, before it reaches the backend."""
    blocks = backend.module.terraform_blocks if backend.module is not None else ()
    return any(inner.nested("state") for block in blocks for inner in block.nested("encryption"))


def _unencrypted(settings: BackendSettings) -> Violation:
    switch = settings.facts.encryption.switches[0].argument
    at = settings.written(switch)
    fix = SWITCHES.get(settings.facts.type, SWITCH.format(switch))
    if isinstance(at, Resource):  # equivalent: wording
        return Violation(
            f"`{switch}` is not set, so the backend stores the state unencrypted", at=at, also=settings.also, fix=fix
        )
    return Violation(
        f"`{switch}` is not true, so the backend stores the state unencrypted", at=at, also=settings.also, fix=fix
    )
