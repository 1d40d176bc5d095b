"""Regular expressions that are compiled when they are first used.

A run uses a part of the expressions that its modules name, and compiling all of them takes longer than a small scan.
"""

import re
from typing import Any, cast


class _Lazy:
    """A placeholder for a compiled expression; each of its methods is looked up once."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text, self._flags), name)  # the module remembers what it has compiled
        setattr(self, name, found)
        return found


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression, by its methods; it is no argument for the functions of `re`.

    A mistake in `text` shows when it is first used, so only expressions that are written out belong here.
    """
    return cast("re.Pattern[str]", _Lazy(text, flags))
