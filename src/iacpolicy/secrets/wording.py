"""The description of a secret without its value: its kind, the reason it counts as one, and its sinks."""

from collections.abc import Iterable

import msgspec

from iacpolicy.core.redaction import Redactor, mask
from iacpolicy.secrets.secret import BACKEND, DEFAULT, Secret
from iacpolicy.secrets.text.classify import Trust
from iacpolicy.secrets.text.embedded import trust_of
from iacpolicy.secrets.text.tokens import tokens, url_passwords

MAX_SHOWN = 10_000


class SecretDescription(msgspec.Struct, frozen=True):
    """The parts of a description; `shown` has at most the first two characters of the secret."""

    name: str
    shown: str
    kind: str
    why: str
    goes_to: tuple[str, ...]


def describe(secret: Secret) -> SecretDescription:
    """Return the description of a secret; its own file does not count as a sink."""
    whole = secret.text.strip()
    sinks = tuple(a for a in (secret.addresses or (secret.address,)) if a)
    if secret.attribute and sinks:
        sinks = (f"{sinks[0]} ({secret.attribute})", *sinks[1:])
    own = secret.place.path if secret.place is not None else ""
    goes_to = tuple(sink for sink in sinks if sink != own)
    return SecretDescription(secret.name, mask(whole), kind_of(secret), _reason(secret, whole), goes_to)


def kind_of(secret: Secret) -> str:
    """Return `private-key`, `token`, `url-password`, `default`, `backend` or `literal`."""
    text = secret.text
    if "PRIVATE KEY" in text:
        return "private-key"
    if any(True for _ in url_passwords(text)):
        return "url-password"
    if _is_token(text):
        return "token"
    return {DEFAULT: "default", BACKEND: "backend"}.get(secret.kind, "literal")


def _is_token(text: str) -> bool:
    return any(True for _ in tokens(text[:MAX_SHOWN]))


def _reason(secret: Secret, whole: str) -> str:
    if "PRIVATE KEY" in whole:
        return "it is a private key"
    if _is_token(whole):
        return "it has the format of a token"
    name = (secret.attribute or secret.name).rpartition(".")[2].partition("[")[0]
    if secret.kind == BACKEND:
        return "it is a credential of the backend"
    if trust_of(name) > Trust.NONE:
        return f"its name is {name}"
    last = secret.name.rpartition(".")[2]
    if trust_of(last) > Trust.NONE:
        return f"its name is {last}"
    if secret.attribute:
        return f"{secret.attribute} takes a secret"
    return "the text around it names a secret"


def redactor_of(secrets: Iterable[str]) -> Redactor:
    """Return a redactor for the output of a listing, given each secret as written and as evaluated."""
    return Redactor(dict.fromkeys(secrets))
