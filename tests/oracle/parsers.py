"""Compare the parser with Terraform and with the second parser over checkouts: `python -m tests.oracle.parsers`.

Terraform's answer is whether `terraform fmt` accepts a file. The second parser's answer is its tree, if it finishes in
time. Each difference is fixed or becomes a case of `fixtures/syntax`.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import FrameType

from tests.oracle.checkouts import distinct, read, terraform_files
from tests.oracle.terraform import TERRAFORM

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.parse import Parser, parse

LARGEST = 20_000
SECONDS = 5.0


class TooSlowError(BaseException):
    """The second parser exceeded its time. No base of it is `Exception`, so that no handler catches it."""


def compare(source: SourceFile) -> str:
    """Return the outcome of the second parser, in the words of `fixtures/syntax/differences.toml`."""
    first = parse(source)
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        second = parse(source, Parser.PYTHON_HCL2)
    except TooSlowError:
        return "slow"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if first.diagnostics:
        return "refused by both" if second.diagnostics else "accepted"
    if second.diagnostics:
        return f"refused: {second.diagnostics[0].detail}"
    return "equal" if first.file == second.file else "different"


def _stop(signum: int, frame: FrameType | None) -> None:
    raise TooSlowError


def refused_by_terraform(directory: Path) -> set[Path]:
    """Return the files under a directory that `terraform fmt` refuses."""
    assert TERRAFORM is not None
    run = subprocess.run(
        [TERRAFORM, "fmt", "-write=false", "-list=false", "-recursive", "-no-color", "."],
        cwd=directory,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return {directory / found for found in re.findall(r"^[│ ]*on (.+?\.tf) line \d+", run.stdout + run.stderr, re.M)}


def against_terraform(directories: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Yield each text file, and whether Terraform and the parser accept it."""
    for directory in directories:
        refused = refused_by_terraform(directory)
        for path in terraform_files(directory):
            source = read(path)
            if source is None:
                continue
            problems = parse(source).diagnostics
            if (path in refused) == bool(problems):
                yield path, "refused by both" if problems else "accepted by both"
            elif problems:
                yield path, f"only Terraform accepts it: {problems[0].location}: {problems[0].summary}"
            else:
                yield path, "only the parser accepts it"


def against_second(directories: Sequence[Path], most: int) -> Iterator[tuple[Path, str]]:
    """Yield each distinct file with the outcome of the second parser."""
    files = [found for found, _ in zip(distinct(directories, LARGEST), range(most), strict=False)]
    with ProcessPoolExecutor() as pool:
        answers = pool.map(compare, (source for _, source in files), chunksize=8)
        yield from zip((path for path, _ in files), answers, strict=True)


def main() -> int:
    """Print each difference and the counts; return 1 for a difference from Terraform or between two trees."""
    options = argparse.ArgumentParser(prog="tests.oracle.parsers", description=main.__doc__)
    options.add_argument("directories", nargs="+", type=Path, metavar="DIR", help="a checkout")
    options.add_argument("--most", type=int, default=3_000, help="how many files the second parser reads")
    options.add_argument("--only", choices=("terraform", "second"), help="leave the other comparison out")
    chosen = options.parse_args()
    directories = [d.resolve() for d in chosen.directories]
    failed = False
    if chosen.only != "second" and TERRAFORM is not None:
        failed |= _report("terraform fmt", against_terraform(directories), ("only",))
    if chosen.only != "terraform":
        failed |= _report("python-hcl2", against_second(directories, chosen.most), ("different",))
    return int(failed)


def _report(title: str, answers: Iterator[tuple[Path, str]], wrong: tuple[str, ...]) -> bool:
    """Print the differences and the number of files with each outcome."""
    counts: Counter[str] = Counter()
    for path, answer in answers:
        counts[answer.partition(":")[0]] += 1
        if answer.startswith((*wrong, "refused:", "accepted")) and answer != "accepted by both":
            print(f"{path}: {answer}", flush=True)
    print(f"{title}: {sum(counts.values())} files: {', '.join(f'{n} {word}' for word, n in counts.most_common())}")
    return any(word.startswith(wrong) for word in counts)


if __name__ == "__main__":
    sys.exit(main())
