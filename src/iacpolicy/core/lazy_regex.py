"""Regular expressions that are compiled when they are first used.

A run uses only some of the expressions in its modules, and compiling all of them takes longer than a small scan.
"""

import re
from typing import Any, cast


class _Lazy:
    """A placeholder for a compiled expression; each of its methods is looked up once."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text, self._flags), name)  # `re` caches compiled expressions
        setattr(self, name, found)
        return found


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return an object with the methods of a compiled regular expression; the functions of `re` do not accept it.

    A syntax error in `text` is raised on first use, so `text` must be a literal.
    """
    return cast("re.Pattern[str]", _Lazy(text, flags))
