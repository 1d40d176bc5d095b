"""Which cells are production, in the words of an option that several policies share."""

from functools import lru_cache
from typing import Any, Final

from iacpolicy.policy.meta import Option
from iacpolicy.terraform.cells import Cell

PRODUCTION: Final = Option(
    "production",
    "^(prod|production|live)",
    "A regular expression for the workspaces that are production; a root is production too where it matches "
    "whole words of a directory of its path.",
)


def is_production(cell: Cell, pattern: str) -> bool:
    """By its workspace, or by a directory of its root: `environments/prod-eu` is, `services/products` is not.

    Raises:
        ValueError: the pattern is no regular expression of RE2.
    """
    if cell.workspace is not None and _compiled(pattern).search(cell.workspace):
        return True
    word = _compiled(f"(?:{pattern})(?:[^A-Za-z]|$)")
    return any(word.search(part) for part in cell.root.split("/"))


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except re2.error as problem:
        raise ValueError(f"the option production is no regular expression: {pattern}") from problem
