"""Starts a command, waits for it, and writes what it cost to a file: `launch.py FILE COMMAND...`.

A process begins with the resident set of the one that started it as its largest, so that a big one cannot measure a
small one. This is as small as a Python process gets, and imports nothing that it does not need.
"""

import os
import sys
import time


def main() -> None:
    """Writes exit code, CPU seconds, seconds, and kibibytes, separated by spaces."""
    report, command = sys.argv[1], sys.argv[2:]
    began = time.perf_counter()
    _, status, usage = os.wait4(os.posix_spawnp(command[0], command, os.environ), 0)
    wall = time.perf_counter() - began
    with open(report, "w", encoding="ascii") as file:
        file.write(f"{os.waitstatus_to_exitcode(status)} {usage.ru_utime + usage.ru_stime} {wall} {usage.ru_maxrss}")


if __name__ == "__main__":
    main()
