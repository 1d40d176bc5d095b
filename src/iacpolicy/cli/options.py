"""Options that several commands share, and the request that they make."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from iacpolicy.hcl.parse import Parser
from iacpolicy.pipeline.context.repository import Repository, locate
from iacpolicy.pipeline.context.request import Request, trust_file
from iacpolicy.pipeline.context.usage_error import UsageError

if TYPE_CHECKING:
    from iacpolicy.pipeline.policies.select import PolicySources

F = TypeVar("F", bound=Callable[..., Any])


def input_options(function: F) -> F:
    """Add the options `--workspace`, `--var-file`, `--var` and `--parser` to a command."""
    for option in (
        click.option(
            "--parser",
            type=click.Choice([p.value for p in Parser]),
            default=Parser.TREE_SITTER.value,
            show_default=True,
            help="The parser for native syntax.",
        ),
        click.option("--var", "variables", multiple=True, metavar="K=V", help="Set a variable."),
        click.option(
            "--var-file",
            "var_files",
            multiple=True,
            metavar="F",
            help="Read variables from a file, in every root and workspace.",
        ),
        click.option(
            "--workspace", "workspaces", multiple=True, metavar="W", help="Evaluate this workspace only; repeatable."
        ),
    ):
        function = option(function)
    return function


def request_of(
    paths: Sequence[str],
    workspaces: Sequence[str] = (),
    var_files: Sequence[str] = (),
    variables: Sequence[str] = (),
    parser: str = Parser.TREE_SITTER.value,
    baseline: str | None = None,
    **more: Any,
) -> Request:
    """Return the request for the paths and the shared options.

    Raises:
        UsageError: a path or a var-file does not exist, or an assignment has no `=`.
    """
    root, selected = locate([Path(p) for p in paths] or [Path()])
    return Request(
        root=root,
        paths=selected,
        workspaces=tuple(workspaces),
        var_files=tuple(_inside("--var-file", f, root) for f in var_files),
        baseline=_inside("--baseline", baseline, root) if baseline is not None else None,
        variables=dict(_assignment(v) for v in variables),
        environment={k: v for k, v in os.environ.items() if k.startswith("TF_VAR_")},
        parser=Parser(parser),
        today=datetime.now(UTC).date(),
        trust_file=trust_file(os.environ),
        **more,
    )


def policy_folders(texts: Sequence[str]) -> tuple[Path, ...]:
    """Return the directories given with `--policies`, as absolute paths.

    Raises:
        UsageError: one of them is not a directory.
    """
    for text in texts:
        if not Path(text).is_dir():
            raise UsageError(f"--policies {text} is not a directory.")
    return tuple(Path(text).resolve() for text in texts)


def repository_policy_sources(policy_dirs: Sequence[str]) -> "PolicySources":
    """Return the sources of policies for the repository of the current directory.

    Raises:
        UsageError: its settings are wrong, or a directory contains no policy.
    """
    from iacpolicy.pipeline.policies.select import policy_sources
    from iacpolicy.pipeline.prepare.prepare import read_settings

    request = request_of(["."], policy_dirs=policy_folders(policy_dirs))
    return policy_sources(request, read_settings(Repository(request.root)))


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(f'--var "{text}" is not an assignment. Write --var name=value.')
    return name.strip(), value


def _inside(option: str, text: str, root: Path) -> str:
    """Return a path given with an option, relative to the root of the repository."""
    try:
        full = Path(text).resolve(strict=True)
    except OSError:
        raise UsageError(f"{option} {text} does not exist. The path is relative to the current directory.") from None
    if not full.is_relative_to(root):
        raise UsageError(f"{option} {text} is outside the repository {root}. Only files inside it are read.")
    return full.relative_to(root).as_posix()


class Progress:
    """A progress line on a terminal, shown after the first second; without a terminal nothing is printed."""

    def __init__(self, quiet: bool) -> None:
        self._started = time.monotonic()
        self._shown = False
        self._active = not quiet and sys.stderr.isatty()

    def __call__(self, text: str) -> None:
        if self._active and (self._shown or time.monotonic() - self._started > 1):
            self._shown = True
            print(f"\r\x1b[K{text} …", end="", file=sys.stderr, flush=True)

    def done(self) -> float:
        """Clear the line and return the seconds since the start."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        return time.monotonic() - self._started
