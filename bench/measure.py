"""Runs commands and says what they cost.

CPU time of a process and of all that it started, and the largest resident set of any of them, as the kernel counts
them when the process is waited for (`wait4`). Commands that are compared run in turns, so that a machine that slows
down slows all of them.
"""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Command:
    """What is run, where, and with which exit codes it may end."""

    arguments: Sequence[str]
    directory: Path
    codes: Collection[int] = (0,)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU time and of the clock, mebibytes, and how the process ended."""

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
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        try:
            process = subprocess.Popen(
                command.arguments,
                cwd=command.directory,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
        except OSError as problem:
            raise CommandError(f"{command.arguments[0]}: {problem}") from problem
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        # Popen has not seen the end; without this it would wait for a process that is gone.
        process.returncode = code = os.waitstatus_to_exitcode(status)
        if code not in command.codes:
            said.seek(0)
            raise CommandError(
                f"{' '.join(command.arguments)} ended with {code}: {said.read()[-2000:].decode(errors='replace')}"
            )
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, code)


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
