"""What is said of a secret without saying it: what it looks like, why it is taken for one, where it goes."""

from collections.abc import Iterable

import msgspec

from iacpolicy.core.redaction import Redactor, mask
from iacpolicy.secrets.secret import BACKEND, DEFAULT, Secret
from iacpolicy.secrets.text.classify import Trust
from iacpolicy.secrets.text.embedded import trust_of
from iacpolicy.secrets.text.tokens import tokens, url_passwords

MAX_SHOWN = 10_000


class Words(msgspec.Struct, frozen=True):
    """A secret in words; `shown` are its first two characters at most."""

    name: str
    shown: str
    kind: str
    why: str
    goes_to: tuple[str, ...]


def words_for(secret: Secret) -> Words:
    """What may be told of a secret."""
    whole = secret.text.strip()
    goes = tuple(a for a in (secret.addresses or (secret.address,)) if a)
    if secret.attribute and goes:
        goes = (f"{goes[0]} ({secret.attribute})", *goes[1:])
    own = secret.place.path if secret.place is not None else ""
    return Words(secret.name, mask(whole), kind_of(secret), _why(secret, whole), tuple(g for g in goes if g != own))


def kind_of(secret: Secret) -> str:
    """What it is: `private-key`, `token`, `url-password`, `default`, `backend` or `literal`."""
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


def _why(secret: Secret, whole: str) -> str:
    if "PRIVATE KEY" in whole:
        return "it is a private key"
    if _is_token(whole):
        return "it has the format of a token"
    name = (secret.attribute or secret.name).rpartition(".")[2].partition("[")[0]
    if secret.kind == BACKEND:
        return "the backend logs in with it"
    if trust_of(name) > Trust.LOOK:
        return f"it is called {name}"
    last = secret.name.rpartition(".")[2]
    if trust_of(last) > Trust.LOOK:
        return f"it is called {last}"
    if secret.attribute:
        return f"{secret.attribute} takes a secret"
    return "it stands where a secret is given"


def redactor_of(secrets: Iterable[str]) -> Redactor:
    """What hides the secrets of a listing, as they are written and as they are meant."""
    return Redactor(dict.fromkeys(secrets))
