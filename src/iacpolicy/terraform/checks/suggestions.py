"""What a misspelt name was probably meant to be."""

from collections.abc import Iterable

from iacpolicy.core.similar import get_close_matches

MAX_NAMES = 2_000


def meant(name: str, names: Iterable[str]) -> str:
    """A sentence with the nearest of the declared names, a blank before it; empty where none is near.

    Nothing is suggested among more than `MAX_NAMES` names: comparing with all of them would take too long.
    """
    known = list(names)
    close = get_close_matches(name, known, 1) if len(known) <= MAX_NAMES and len(name) <= 100 else []
    return f' Did you mean "{close[0]}"?' if close else ""
