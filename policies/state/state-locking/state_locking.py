"""Two applies at once over a state without a lock overwrite each other's results."""

from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Graph, Hint, Meta, Resource, Severity, Truth, Violation
from iacpolicy.policy.library.backend_settings import BackendSettings, backend_facts, backend_settings

META = Meta(
    id="state-locking",
    title="State is not locked",
    severity=Severity.HIGH,
    on=("backend",),
    why=(
        "Without a lock, two runs at once read the same state, and the one that ends last overwrites what the other "
        "has made: resources exist that no state knows."
    ),
    fix=(
        "Turn the backend's lock on: `use_lockfile = true` for s3 (Terraform 1.10 and later; the older "
        "`dynamodb_table` works and is deprecated), `lock_address` for http, `tablestore_table` for oss. azurerm, gcs, "
        "consul, pg, kubernetes and Terraform Cloud lock by themselves."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/state/locking",
        "https://developer.hashicorp.com/terraform/language/backend/s3#state-locking",
        "https://developer.hashicorp.com/terraform/language/backend/http",
    ),
)


def check(backend: Resource, graph: Graph) -> Iterator[Violation | Hint]:
    """Local state is `state-remote-backend`'s matter."""
    facts = backend_facts(backend)
    if not facts.remote or facts.locking.how in ("always", "service"):
        return
    if facts.locking.how == "never":
        yield Violation(f'the backend "{backend.name}" cannot lock the state', at=backend)
        return
    places = set()
    for settings in backend_settings(backend):
        if _is_locked(settings):
            yield from _deprecated(settings)  # equivalent: a note, which is no finding
            continue
        violation = _unlocked(settings)
        if violation.at.at not in places:
            places.add(violation.at.at)
            yield violation


def _is_locked(settings: BackendSettings) -> bool:
    locked = Truth(False)
    for switch in settings.facts.locking.switches:
        locked = locked | settings.is_on(switch)
    return bool(locked)


def _unlocked(settings: BackendSettings) -> Violation:
    switches = settings.facts.locking.switches
    at = settings.written(*(s.argument for s in switches))
    if isinstance(at, Resource):
        message = f"nothing locks the state: `{switches[0].argument}` is not set"
    else:
        message = f"`{at.path}` leaves the state without a lock"
    return Violation(message, at=at, also=settings.also)


def _deprecated(settings: BackendSettings) -> Iterator[Hint]:
    new, *older = settings.facts.locking.switches
    for switch in older:
        at = settings.written(switch.argument)
        if switch.deprecated and isinstance(at, Attribute) and not settings.is_on(new):  # equivalent: as above
            yield Hint(  # equivalent: as above
                f"{switch.argument} is deprecated",
                f"It still locks the state. Set `{new.argument} = true` beside it, and drop it when every run uses "
                "Terraform 1.10 or later.",
                at=at,
            )
