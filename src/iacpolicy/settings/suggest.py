"""The nearest known name to a wrong one."""

from collections.abc import Iterable

MAX_LENGTH = 100


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, or None where none is like it."""
    if len(word) > MAX_LENGTH:
        return None
    from difflib import get_close_matches  # costs milliseconds, and only a mistake needs it

    matches = get_close_matches(word.replace("-", "_").lower(), list(spelled := _spellings(known)), n=1)
    return spelled[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The question to put behind a wrong word, or nothing where no known word is like it."""
    match = nearest(word, known)
    return f' (did you mean "{match}"?)' if match is not None else ""


def _spellings(known: Iterable[str]) -> dict[str, str]:
    return {word.replace("-", "_").lower(): word for word in sorted(known)}
