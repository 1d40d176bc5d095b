"""Run commands and measure their cost.

The cost is the CPU time of a process and its children, and the largest resident set of any of them. The kernel reports
both (`wait4`). Compared commands run in turns, so that a slow period of the machine affects all of them.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its directory, allowed exit codes and standard input."""

    arguments: Sequence[str]
    directory: Path
    codes: Collection[int] = (0,)
    input: bytes = b""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds, wall-clock seconds, mebibytes (0: measured in this process), and the exit code."""

    cpu: float
    wall: float
    memory: float
    code: int


class CommandError(Exception):
    """A command ended with an unexpected exit code."""


def run(command: Command) -> Cost:
    """Run a command once.

    Raises:
        CommandError: the command cannot start, or ends with another exit code; the message quotes its output.
    """
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report"
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(LAUNCH), str(report), *command.arguments],
            cwd=command.directory,
            env=environment(),
            input=command.input,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        said = done.stderr[-2000:].decode(errors="replace")
        if not report.is_file():
            raise CommandError(f"{command.arguments[0]} cannot be started: {said}")
        code, cpu, wall, memory = report.read_text(encoding="ascii").split()
    if int(code) not in command.codes:
        raise CommandError(f"{' '.join(command.arguments)} ended with {code}: {said}")
    # Darwin reports bytes, other systems report kibibytes.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Cost(float(cpu), float(wall), int(memory) / unit, int(code))


def environment() -> dict[str, str]:
    """Return the environment of a user: bytecode is cached, and Terraform does not check for updates."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "PYTHONDONTWRITEBYTECODE"))}
    return kept | {"CHECKPOINT_DISABLE": "1"}


def compare(commands: Mapping[str, Command], rounds: int, warm: bool = True) -> dict[str, Cost]:
    """Return the median cost of each command over some rounds, after an uncounted round if `warm` is set.

    The first round compiles modules to bytecode and fills the disk cache.

    Raises:
        CommandError: a command ended with an unexpected exit code.
    """
    if warm:
        for command in commands.values():
            run(command)
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(run(command))
    return {name: _median(found) for name, found in costs.items()}


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(c.cpu for c in costs),
        statistics.median(c.wall for c in costs),
        statistics.median(c.memory for c in costs),
        costs[-1].code,
    )
