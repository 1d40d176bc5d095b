"""Print the cost of iacpolicy as ratios to other commands of the same run."""

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.cases import ROOT, Row, Skipped, commit_of, eks, start
from bench.history import history
from bench.language import console, root_module
from bench.measure import CommandError
from bench.scale import growth, judging, secrets, statements, worlds
from bench.secrets import table
from iacpolicy import __version__

RESULTS = ROOT / "bench" / "results.md"
EKS_VARIABLE = "IACPOLICY_BENCH_EKS"


def main() -> int:
    """Measure, print a table in Markdown, and write bench/results.md if `--write` is given."""
    default = os.environ.get(EKS_VARIABLE) or ROOT / "bench" / "work" / "terraform-aws-eks"
    parser = argparse.ArgumentParser(prog="bench.run", description=main.__doc__)
    parser.add_argument(
        "--eks",
        type=Path,
        default=Path(default),
        metavar="DIRECTORY",
        help=f"a checkout of terraform-aws-eks (or ${EKS_VARIABLE})",
    )
    parser.add_argument("--rounds", type=int, default=7, help="how often each short command runs (default: 7)")
    parser.add_argument("--no-checkov", action="store_true", help="leave Checkov's minute and a half out")
    parser.add_argument("--write", action="store_true", help="write the table to bench/results.md")
    options = parser.parse_args()
    try:
        rows: list[Row | Skipped] = list(start(options.rounds))
        few = max(1, options.rounds // 2)
        rows += console(few)
        rows += history(few)
        rows += root_module(options.eks.resolve(), few)
        rows += judging(few)
        rows += worlds(options.rounds)
        rows += growth(1)
        rows += statements(few)
        rows += secrets(options.eks.resolve(), few)
        rows += eks(options.eks.resolve(), few, not options.no_checkov)
    except CommandError as failure:
        print(failure, file=sys.stderr)
        return 1
    text = page(rows, commit_of(options.eks))
    text += "\n" + table()
    print(text, end="")
    if options.write:
        RESULTS.write_text(text, encoding="utf-8")
    return 0


def page(rows: Sequence[Row | Skipped], commit: str | None) -> str:
    """Return the table, with the machine and the versions."""
    at = f", terraform-aws-eks at {commit}" if commit else ""
    lines = [
        "| command | CPU time | clock | memory | budget |",
        "|---|---:|---:|---:|---|",
        *(line(row) for row in rows if isinstance(row, Row)),
        "",
        *(f"Not measured: {row.name} ({row.reason})." for row in rows if isinstance(row, Skipped)),
        f"Medians of one run: iacpolicy {__version__}, Python {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} CPUs{at}. Read them as ratios.",
    ]
    return "\n".join(lines) + "\n"


def line(row: Row) -> str:
    """Return a line of the table. A missed budget is marked."""
    budgets = "; ".join(text if holds else f"**over:** {text}" for text, holds in row.budgets)
    cost = row.cost
    memory = f"{cost.memory:.0f} MiB" if cost.memory else ""
    return f"| `{row.name}` | {cost.cpu:.3f} s | {cost.wall:.3f} s | {memory} | {budgets} |"


if __name__ == "__main__":
    sys.exit(main())
