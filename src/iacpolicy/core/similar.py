"""Suggestions for misspelt names."""

from collections.abc import Iterable
from enum import StrEnum

MAX_LENGTH = 100
MAX_CANDIDATES = 2_000
"""Comparing a name with more candidates would take too long."""


class HintForm(StrEnum):
    """The text around a suggestion; each form begins with a blank, so that it can follow the message directly."""

    SENTENCE = ' Did you mean "{}"?'
    ASIDE = ' (did you mean "{}"?)'
    CODE_ASIDE = " (did you mean `{}`?)"


def did_you_mean(name: str, candidates: Iterable[str], form: HintForm = HintForm.SENTENCE, cutoff: float = 0.6) -> str:
    """Return a question that names the candidate most similar to a name, or "" where none is similar enough.

    Case does not count, and `-` is the same as `_`. A name of more than `MAX_LENGTH` characters, or more than
    `MAX_CANDIDATES` candidates, give no suggestion. `cutoff` is the least similarity by `difflib`, from 0 to 1.
    """
    known = list(candidates)
    if len(name) > MAX_LENGTH or len(known) > MAX_CANDIDATES:
        return ""
    import difflib  # takes milliseconds to import, and only a misspelt name needs it

    spellings = {_folded(candidate): candidate for candidate in sorted(known)}
    close = difflib.get_close_matches(_folded(name), spellings, 1, cutoff)
    return form.format(spellings[close[0]]) if close else ""


def _folded(name: str) -> str:
    return name.replace("-", "_").lower()
