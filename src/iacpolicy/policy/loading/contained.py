"""What a policy does by mistake and must not do to a run: print into the report, or end the process unseen.

This is no sandbox: a policy runs because somebody trusts it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any, NoReturn


@contextmanager
def contained() -> Iterator[None]:
    """While policies run, `print` writes to standard error, and `os._exit` is an exception like `sys.exit`."""
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
