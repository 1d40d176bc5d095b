"""The result of a search, made of the secrets and diagnostics that its parts yield."""

from collections.abc import Iterable

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.secrets.secret import UNSHOWN, FoundSecrets, Secret
from iacpolicy.secrets.text.limits import distinct_problems


def found_secrets(items: Iterable[Secret | Diagnostic]) -> FoundSecrets:
    """Return what a search yields as one result; the secrets keep the order of the search."""
    secrets: list[Secret] = []
    hidden: dict[Secret, None] = {}
    problems: list[Diagnostic] = []
    for item in items:
        if isinstance(item, Diagnostic):
            problems.append(item)
        elif item.place is None or item.kind == UNSHOWN:
            hidden.setdefault(item)
        else:
            secrets.append(item)
    return FoundSecrets(tuple(secrets), tuple(hidden), distinct_problems(problems))
