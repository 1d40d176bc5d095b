"""The measured commands, and the budget of each."""

import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import Command, Cost, compare
from iacpolicy.checkov.environment import INSTALL_COMMAND, find_checkov

ROOT = Path(__file__).resolve().parents[1]
EKS_ADDRESS = "https://github.com/terraform-aws-modules/terraform-aws-eks"
# Exit codes of a scan: a public repository has findings, and modules that are not installed.
SCANNED = (0, 1, 3)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a measured command, and its budgets as pairs of text and result."""

    name: str
    cost: Cost
    budgets: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A measurement that was skipped, with the reason."""

    name: str
    reason: str


def iacpolicy(*arguments: str, directory: Path = ROOT, input: bytes = b"", codes: Collection[int] = SCANNED) -> Command:
    """Return a command of iacpolicy, called by its installed script."""
    return Command([str(Path(sys.executable).parent / "iacpolicy"), *arguments], directory, codes, input)


def scan(*paths: str, directory: Path = ROOT) -> Command:
    """A cold scan without Checkov."""
    return iacpolicy("scan", *paths, "--checkov", "off", "--no-cache", "--quiet", directory=directory)


def start(rounds: int) -> Iterator[Row]:
    """Return the lower bound of the cost: the start of the process, and a scan of `infra/`."""
    python, version, infra = "python -c pass", "iacpolicy --version", "iacpolicy scan infra"
    one = "iacpolicy scan, one resource"
    with TemporaryDirectory() as scratch:
        (Path(scratch) / "main.tf").write_text('resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}\n', "utf-8")
        commands = {
            python: Command([sys.executable, "-c", "pass"], ROOT),
            version: iacpolicy("--version"),
            one: scan(directory=Path(scratch)),
            infra: scan("infra"),
        }
        costs = compare(commands, rounds)
    yield Row(python, costs[python])
    times = costs[version].cpu / costs[python].cpu
    yield Row(version, costs[version], ((f"{times:.1f}x of python, at most 8x", times <= 8),))
    floor = costs[one].cpu / costs[python].cpu
    yield Row(one, costs[one], ((f"{floor:.1f}x of python, at most 15x", floor <= 15),))
    over = costs[infra].cpu - 2 * costs[version].cpu
    yield Row(infra, costs[infra], ((f"2x --version and {over:.2f} s, at most 1 s", over <= 1),))


def eks(checkout: Path, rounds: int, with_checkov: bool) -> Iterator[Row | Skipped]:
    """Return a scan of a public repository of 87 files, compared with Checkov."""
    name = "iacpolicy scan terraform-aws-eks"
    if not any(checkout.rglob("*.tf")):
        yield Skipped(name, f"no checkout at {checkout}: git clone {EKS_ADDRESS} {checkout}, or --eks DIRECTORY")
        return
    cost = compare({name: scan(directory=checkout)}, rounds)[name]
    budgets = [(f"{cost.memory:.0f} MiB, under 250 MiB", cost.memory < 250)]
    checkov = find_checkov().environment
    other = "checkov terraform-aws-eks"
    if checkov is None or not with_checkov:
        yield Row(name, cost, tuple(budgets))
        yield Skipped(other, "left out" if checkov else f"not installed: {INSTALL_COMMAND}")
        return
    arguments = [str(checkov.executable), "--directory", ".", "--framework", "terraform", "--quiet", "--compact"]
    # One round suffices for a minute of work. Without a warm-up it is slower by two seconds at most.
    theirs = compare({other: Command(arguments, checkout, (0, 1))}, 1, warm=False)[other]
    part = theirs.cpu / cost.cpu
    budgets.append((f"1/{part:.0f} of Checkov's CPU time, at most 1/12", part >= 12))
    yield Row(name, cost, tuple(budgets))
    yield Row(f"{other} ({checkov.version or 'unknown version'})", theirs)


def commit_of(checkout: Path) -> str | None:
    """Return the commit of a checkout, or None if the directory is not a checkout."""
    if not (checkout / ".git").exists():
        return None
    command = ["git", "-C", str(checkout), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or None
