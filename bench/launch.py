"""Start a command, wait for it, and write its cost to a file: `launch.py FILE COMMAND...`.

The maximum resident set of a process starts with that of its parent, so a large parent cannot measure a small
child. This process is small, because it imports only what it needs.
"""

import os
import sys
import time


def main() -> None:
    """Write exit code, CPU seconds, wall-clock seconds and kibibytes, separated by spaces."""
    report, command = sys.argv[1], sys.argv[2:]
    began = time.perf_counter()
    _, status, usage = os.wait4(os.posix_spawnp(command[0], command, os.environ), 0)
    wall = time.perf_counter() - began
    with open(report, "w", encoding="ascii") as file:
        file.write(f"{os.waitstatus_to_exitcode(status)} {usage.ru_utime + usage.ru_stime} {wall} {usage.ru_maxrss}")


if __name__ == "__main__":
    main()
