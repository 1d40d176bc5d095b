"""Runs commands and says what they cost.

CPU time of a process and of all that it started, and the largest resident set of any of them, as the kernel counts
them when the process is waited for (`wait4`). Commands that are compared run in turns, so that a machine that slows
down slows all of them.
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
    """What is run, where, with which exit codes it may end, and what it reads on standard input."""

    arguments: Sequence[str]
    directory: Path
    codes: Collection[int] = (0,)
    input: bytes = b""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU time and of the clock, mebibytes (0: no process of its own), and how the process ended."""

    cpu: float
    wall: float
    memory: float
    code: int


class CommandError(Exception):
    """A command ended as it should not have."""


def run(command: Command) -> Cost:
    """Runs a command once.

    Raises:
        CommandError: it cannot be started, or ends with another exit code; the message has the end of what it said.
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
    # Darwin counts in bytes, the others in kibibytes.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Cost(float(cpu), float(wall), int(memory) / unit, int(code))


def environment() -> dict[str, str]:
    """The environment of a user: modules are compiled once, and Terraform asks nobody for news."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "PYTHONDONTWRITEBYTECODE"))}
    return kept | {"CHECKPOINT_DISABLE": "1"}


def compare(commands: Mapping[str, Command], rounds: int, warm: bool = True) -> dict[str, Cost]:
    """The median cost of each command over some rounds, after one that is not counted where `warm` is set.

    The first round compiles modules to bytecode and fills the disk's cache.

    Raises:
        CommandError: one of the commands ended as it should not have.
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
