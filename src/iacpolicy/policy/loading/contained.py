"""Prevents that a policy prints into the report or ends the process by mistake.

This is not a sandbox: only trusted policies run.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any, NoReturn


@contextmanager
def contained() -> Iterator[None]:
    """Redirect `print` to standard error and let `os._exit` raise SystemExit while policies run."""
    module: dict[str, Any] = vars(os)
    before = module["_exit"]
    module["_exit"] = _refuse
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        module["_exit"] = before


def _refuse(code: int = 0) -> NoReturn:
    raise SystemExit(f"os._exit({code}) was called")
