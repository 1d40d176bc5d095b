"""Raise Python's recursion limit above the limits of the evaluator, which report an error instead of a crash."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

LIMIT = 20_000


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Allow deep recursion inside the context, and restore the old limit afterwards."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
