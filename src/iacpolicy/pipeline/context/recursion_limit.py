"""Room for deep references: our own bounds must be met before Python's."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

LIMIT = 20_000


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Allow deep recursion for the time of a run, and put the old limit back."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
