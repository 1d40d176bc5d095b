"""Words that are spelled alike, for suggestions."""

from collections.abc import Iterable


def get_close_matches(word: str, possibilities: Iterable[str], n: int = 3, cutoff: float = 0.6) -> list[str]:
    """`difflib.get_close_matches`, which is imported where somebody made a mistake, and not at every start."""
    import difflib

    return difflib.get_close_matches(word, list(possibilities), n, cutoff)
