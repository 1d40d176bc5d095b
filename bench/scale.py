"""Growth of costs: policies, possible worlds, ten times the files, and the search for secrets."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from bench import replay
from bench.cases import Row, Skipped, scan
from bench.generated import KINDS, write_policies, write_resources, write_services
from bench.measure import Cost, compare
from iacpolicy.core.tree import WorkTree
from iacpolicy.engine.run import run
from iacpolicy.engine.verdicts import MAX_WORLDS
from iacpolicy.pipeline.commands.show import STAGES
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.prepare import Prepared, prepare
from iacpolicy.pipeline.scan import scan as scan_whole
from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.loading.load import load_policies
from iacpolicy.policy.loading.policy import Policy
from iacpolicy.secrets.find import find_secrets

POLICIES = 200
RESOURCES = 5_000
UNKNOWNS = 10
MILLISECONDS = 50
FILES = 200
GROWTH = 12
SHARE = 0.25


@dataclass(slots=True)
class _Clock:
    cpu: float = 0.0
    wall: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            yield
        finally:
            self.cpu += time.process_time() - cpu
            self.wall += time.perf_counter() - wall

    @property
    def cost(self) -> Cost:
        return Cost(self.cpu, self.wall, 0, 0)


def judging(rounds: int) -> Iterator[Row]:
    """Return the cost of 200 policies over 5,000 resources, compared with evaluating all their values."""
    evaluated, judged = [], []
    with TemporaryDirectory() as scratch:
        root = Path(scratch).resolve()
        write_resources(root / "repository", RESOURCES)
        write_policies(root / "policies", POLICIES)
        policies, broken = load_policies([root / "policies"], {})
        assert not broken, broken[0].reason
        for _ in range(rounds):
            clock = _Clock()
            with clock.running():
                STAGES["values"](_prepared(root / "repository"))
            evaluated.append(clock)
            prepared = _prepared(root / "repository")
            clock = _Clock()
            with clock.running():
                results = run(policies, prepared.graphs, prepared.secrets, {})
            judged.append(clock)
            assert not results.crashes
            assert len(results.passed) == RESOURCES * POLICIES // KINDS
    alone, ours = (min(clocks, key=lambda c: c.cpu).cost for clocks in (evaluated, judged))
    yield Row(f"evaluating {RESOURCES:,} resources", alone)
    times = ours.cpu / alone.cpu
    budget = (f"{times:.2f}x of evaluating them, at most 2x", times <= 2)
    yield Row(f"{POLICIES} policies over {RESOURCES:,} resources", ours, (budget,))


def worlds(rounds: int) -> Iterator[Row]:
    """Return the cost of a policy that reads ten independent unknowns."""
    names = [f"fact_{number}" for number in range(UNKNOWNS)]
    runs = 0

    def check(resource: Resource, _graph: Graph, _options: Any) -> Iterator[Violation]:
        nonlocal runs
        runs += 1
        for name in names:
            if resource[name] == True:  # noqa: E712 - a Truth
                yield Violation("is on", at=resource[name])

    meta = Meta(id="facts", title="", severity=Severity.LOW, on=("example_thing",), why="", fix="")
    policy = Policy(meta, check, Path(), {})
    clocks = []
    with TemporaryDirectory() as scratch:
        root = Path(scratch).resolve()
        variables = "".join(f'variable "{name}" {{\n  type = bool\n}}\n' for name in names)
        arguments = "".join(f"  {name} = var.{name}\n" for name in names)
        text = f'{variables}resource "example_thing" "it" {{\n{arguments}}}\n'
        (root / "main.tf").write_text(text, encoding="utf-8")
        for _ in range(rounds):
            prepared = _prepared(root)
            runs = 0
            clock = _Clock()
            with clock.running():
                results = run([policy], prepared.graphs, prepared.secrets, {})
            clocks.append(clock)
            assert results.findings or results.undecided
    cost = min(clocks, key=lambda c: c.cpu).cost
    milliseconds = cost.cpu * 1000
    bounded = (f"{runs} worlds tried, at most {MAX_WORLDS}", runs <= MAX_WORLDS)
    quick = (f"{milliseconds:.0f} ms, under {MILLISECONDS} ms", milliseconds < MILLISECONDS)
    yield Row(f"a policy with {UNKNOWNS} independent unknowns", cost, (bounded, quick))


def growth(rounds: int) -> Iterator[Row]:
    """Return the cost of a repository, and of one with ten times its files."""
    with TemporaryDirectory() as scratch:
        commands = {}
        for files in (FILES, 10 * FILES):
            directory = Path(scratch).resolve() / f"files_{files}"
            write_services(directory, files)
            commands[f"iacpolicy scan, {files:,} files"] = scan(directory=directory)
        (small, less), (large, more) = compare(commands, rounds, warm=False).items()
    yield Row(small, less)
    cpu, memory = more.cpu / less.cpu, more.memory / less.memory
    text = f"{cpu:.1f}x the time and {memory:.1f}x the memory, at most {GROWTH}x each"
    yield Row(large, more, ((text, max(cpu, memory) <= GROWTH),))


def secrets(checkout: Path, rounds: int) -> Iterator[Row | Skipped]:
    """Return the share of the search for secrets in a cold scan of terraform-aws-eks."""
    name = "finding secrets in terraform-aws-eks"
    if not any(checkout.rglob("*.tf")):
        yield Skipped(name, f"no checkout at {checkout}")
        return
    whole, part = [], []
    for _ in range(rounds):
        clock, all_of_it = _Clock(), _Clock()
        timed = patch("iacpolicy.pipeline.prepare.prepare.find_secrets", _timed(find_secrets, clock))
        with timed, TemporaryDirectory() as scratch:
            copy = Path(scratch).resolve() / "eks"
            shutil.copytree(checkout, copy, ignore=shutil.ignore_patterns(".git"))
            with all_of_it.running():
                scan_whole(Request(copy, ("",), checkov="off"))
        whole.append(all_of_it.cpu)
        part.append(clock)
    cost = min(part, key=lambda c: c.cpu).cost
    share = cost.cpu / (min(whole) - cost.cpu)
    yield Row(name, cost, ((f"+{share:.0%} of the rest of the scan, at most +{SHARE:.0%}", share <= SHARE),))


def statements(rounds: int) -> Iterator[Row]:
    """Return the cost of 10,000 SQL statements, compared with parsing alone."""
    measured = replay.measure(max(rounds, 5))
    alone, whole = min(measured.alone), min(measured.whole)
    yield Row(f"PostgreSQL's grammar, {replay.STATEMENTS:,} statements", Cost(alone, alone, 0, 0))
    times = whole / alone
    budget = (f"{times:.1f}x of the grammar, under {replay.LIMIT:.0f}x", times < replay.LIMIT)
    yield Row(f"migrations read and replayed, {replay.STATEMENTS:,} statements", Cost(whole, whole, 0, 0), (budget,))


def _prepared(root: Path) -> Prepared:
    return prepare(Request(root, ("",), checkov="off"), tree=WorkTree(root))


def _timed(function: Callable[..., Any], clock: _Clock) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        with clock.running():
            return function(*arguments)

    return timed
