"""The patterns of `fileset`: `*`, `?`, `[a-z]`, `[^a]`, `{a,b}`, and `**` for any number of directories.

https://developer.hashicorp.com/terraform/language/functions/fileset
"""

from collections.abc import Callable

from iacpolicy.core.globs import FILESET, MalformedGlobError, glob_matcher
from iacpolicy.evaluate.values.errors import FunctionError

MAX_PATTERN = 1_000
MAX_WILDCARDS = 64


def fileset_matcher(pattern: str) -> Callable[[str], bool]:
    """Return a function that reports whether a whole path matches a pattern, in time linear in the path.

    Raises:
        FunctionError: the pattern is malformed, or a limit is reached.
    """
    if len(pattern) > MAX_PATTERN or pattern.count("{") + pattern.count(",") + pattern.count("*") > MAX_WILDCARDS:
        raise FunctionError(
            f"a pattern may have {MAX_PATTERN} characters and {MAX_WILDCARDS} wildcards (limit: size of patterns)", 1
        )
    try:
        return glob_matcher(pattern, FILESET)
    except MalformedGlobError:
        raise FunctionError(f'the pattern "{pattern}" is malformed', 1) from None
