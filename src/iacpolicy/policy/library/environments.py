"""The option that decides which cells are production, shared by several policies."""

from functools import lru_cache
from typing import Any, Final

from iacpolicy.core.linear_regex import PatternError, linear_regex
from iacpolicy.policy.meta import Option
from iacpolicy.terraform.cells import Cell

PRODUCTION: Final = Option(
    "production",
    "^(prod|production|live)",
    "A regular expression for production workspaces. A root module counts as production too where it matches whole "
    "words of a directory in its path.",
)


_OTHERS = r"^(stag(e|ing)|dev(el|elop|elopment)?|test(ing|s)?|qa|uat|sandbox|preview|demo|non-?prod(uction)?)"


def is_production(cell: Cell, pattern: str) -> bool:
    """Report that a cell is production by its workspace or by a directory of its root.

    `environments/prod-eu` is production, `services/products` is not. The innermost directory that names an environment
    counts, so `live/stage` is not production.

    Raises:
        ValueError: the pattern is not a regular expression of RE2.
    """
    if cell.workspace is not None and _compiled(pattern).search(cell.workspace):
        return True
    word, other = _compiled(f"(?:{pattern})(?:[^A-Za-z]|$)"), _compiled(f"(?:{_OTHERS})(?:[^A-Za-z]|$)")
    for part in reversed(cell.root.split("/")):
        if word.search(part) or other.search(part):
            return bool(word.search(part))
    return False


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    try:
        return linear_regex(pattern)
    except PatternError as problem:
        raise ValueError(f"the option production is no regular expression: {pattern}") from problem
