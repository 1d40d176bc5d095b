"""Remote backends that do not lock the state."""

from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Graph, Hint, Meta, Resource, Severity, Truth, Violation
from iacpolicy.policy.library.backend_settings import BackendSettings, backend_facts, backend_settings

# The remediation by backend type; for others, the switch of the backend is set to true.
SWITCHES = {
    "s3": "Set `use_lockfile = true` (Terraform 1.10 or later), or `dynamodb_table` with an older Terraform.",
    "http": "Set `lock_address` and `unlock_address` to addresses of a server that locks.",
    "oss": "Set `tablestore_table` and `tablestore_endpoint`.",
}
SWITCH = "Set `{} = true`."
MOVE = "Move the state to a backend that locks, such as s3, gcs or azurerm."

META = Meta(
    id="state-locking",
    title="State is not locked",
    severity=Severity.HIGH,
    on=("backend",),
    why=(
        "Without a lock, two runs at once read the same state. The run that ends last overwrites the result of the "
        "other. Resources then exist, and cost money, that no state knows."
    ),
    fix=(
        "Turn the lock of the backend on: `use_lockfile` for s3, `lock_address` for http, `tablestore_table` for oss. "
        "Replace a backend that cannot lock by one that can, such as s3, gcs or azurerm."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/state/locking",
        "https://developer.hashicorp.com/terraform/language/backend/s3#state-locking",
        "https://developer.hashicorp.com/terraform/language/backend/http",
    ),
)


def check(backend: Resource, graph: Graph) -> Iterator[Violation | Hint]:
    """Check remote backends only; `state-remote-backend` reports local state."""
    facts = backend_facts(backend)
    if not facts.remote or facts.locking.how in ("always", "service"):
        return
    if facts.locking.how == "never":
        yield Violation(f'the backend "{backend.name}" cannot lock the state', at=backend, fix=MOVE)
        return
    places = set()
    for settings in backend_settings(backend):
        if _is_locked(settings):
            yield from _deprecated(settings)  # equivalent: a hint is not a finding
            continue
        violation = _unlocked(settings)
        if violation.place not in places:
            places.add(violation.place)
            yield violation


def _is_locked(settings: BackendSettings) -> bool:
    locked = Truth(False)
    for switch in settings.facts.locking.switches:
        locked = locked | settings.is_on(switch)
    return bool(locked)


def _unlocked(settings: BackendSettings) -> Violation:
    switches = settings.facts.locking.switches
    at = settings.written(*(s.argument for s in switches))
    fix = SWITCHES.get(settings.facts.type, SWITCH.format(switches[0].argument))
    if isinstance(at, Resource):
        message = f"`{switches[0].argument}` is not set, so the backend does not lock the state"
    else:
        message = f"`{at.path}` turns locking off, so two runs can overwrite each other"
    return Violation(message, at=at, also=settings.also, fix=fix)


def _deprecated(settings: BackendSettings) -> Iterator[Hint]:
    new, *older = settings.facts.locking.switches
    for switch in older:
        at = settings.written(switch.argument)
        if switch.deprecated and isinstance(at, Attribute) and not settings.is_on(new):  # equivalent: as above
            yield Hint(  # equivalent: as above
                f"{switch.argument} is deprecated",
                f"It still locks the state. Add `{new.argument} = true`, and remove it once every run uses "
                "Terraform 1.10 or later.",
                at=at,
            )
