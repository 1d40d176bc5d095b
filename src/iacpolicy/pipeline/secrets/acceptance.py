"""The acceptance of a secret by a setting or by a waiver comment, with its reason."""

from datetime import date

import msgspec

from iacpolicy.core.sources import SourceFile
from iacpolicy.gate.waiver_comments import waivers_of
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.allowed_secrets import allowed
from iacpolicy.pipeline.prepare.prepare import Prepared
from iacpolicy.pipeline.secrets.search_history import HistorySecrets
from iacpolicy.secrets.history.lifetimes import SecretLifetime
from iacpolicy.secrets.secret import BACKEND, DEFAULT, Secret

_POLICIES = {DEFAULT: "secret-default", BACKEND: "state-backend-credentials"}


class Acceptance(msgspec.Struct, frozen=True):
    """`open`, `allowed` by a setting or `waived` by a comment, and the reason that the setting or comment gives."""

    name: str = "open"
    reason: str | None = None


OPEN = Acceptance()


def acceptance_of(secret: Secret, prepared: Prepared) -> Acceptance:
    """Return the acceptance of a secret in the work tree."""
    if secret.allowed is not None:
        return Acceptance("allowed", secret.allowed)
    place = secret.place
    source = prepared.tree.read(place.path) if place is not None else None
    if place is None or not isinstance(source, SourceFile):
        return OPEN
    return _waived(source, place.line, secret, prepared.request.today)


def acceptance_of_lifetime(lifetime: SecretLifetime, found: HistorySecrets, request: Request) -> Acceptance:
    """Return the acceptance of a secret of the history, by the last version that has it."""
    secret = allowed(lifetime.sighting.secret, found.settings.secrets)
    places = {lifetime.path, *(lifetime.present or ())[:1]}
    reason = next((r for place in places if (r := found.allowed.get((str(place), secret.text)))), None)
    if reason is not None:
        return Acceptance("allowed", reason)
    if secret.allowed is not None:
        return Acceptance("allowed", secret.allowed)
    last = found.last(lifetime)
    if last is None:
        return OPEN
    source, line = last
    return _waived(source, line, secret, request.today)


def _waived(source: SourceFile, line: int, secret: Secret, today: date) -> Acceptance:
    for waiver in waivers_of(source):
        names = ("plaintext-secret", _POLICIES.get(secret.kind, "plaintext-secret"))
        is_valid = waiver.until is None or waiver.until >= today
        if is_valid and waiver.first_line <= line <= waiver.last_line and set(names) & set(waiver.policies):
            return Acceptance("waived", waiver.reason)
    return OPEN
