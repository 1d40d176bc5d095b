"""Cost of evaluation: a module compared with `tfparse`, and expressions compared with `terraform console`."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.cases import Row, Skipped, iacpolicy
from bench.measure import Command, compare

TFPARSE_VARIABLE = "IACPOLICY_BENCH_TFPARSE"
LOAD = "import tfparse; tfparse.load_from_path('.')"
EXPRESSIONS = 1_000
MODULE = """\
variable "names" {
  type    = map(number)
  default = { web = 2, worker = 1, cron = 1 }
}

locals {
  services = { for name, count in var.names : name => { count = count, label = "app-${name}" } }
}
"""
# One expression on each line, valid in this module. `{i}` makes each repetition different.
SHAPES = (
    "max({i}, 7) + {i} * 2 - 10 / 4",
    'format("%04d-%s", {i}, upper("service"))',
    'cidrsubnet("10.0.0.0/8", 16, {i})',
    '{i} % 2 == 0 ? "even" : "odd"',
    "[for n in range(5) : n + {i}]",
    "{{ for name, s in local.services : name => s.label if s.count < {i} }}",
    'jsonencode({{ id = {i}, tags = ["a", "b"], nested = {{ on = true }} }})',
    'merge(var.names, {{ extra = {i} }})["extra"]',
    'replace("host-{i}.example.com", "/[0-9]+/", "n")',
    'sha256("text {i}")',
    'join(",", sort([for k in keys(var.names) : "${{k}}{i}"]))',
    "values(local.services)[*].count",
    'try(var.names["missing"], {i})',
    'lookup({{ a = {i} }}, "a", 0)',
    'regex("^([a-z]+)-([0-9]+)$", "item-{i}")[1]',
    "toset([{i}, {i}, 1])",
    'split("/", "a/b/{i}")[2]',
    'substr("abcdefghij{i}", 2, 5)',
    'base64encode("secret {i}")',
    'contains(["1", "2"], tostring({i}))',
)


def expressions() -> str:
    """Return the expressions, one on each line."""
    return "".join(f"{SHAPES[i % len(SHAPES)].format(i=i)}\n" for i in range(EXPRESSIONS))


def console(rounds: int) -> Iterator[Row | Skipped]:
    """Return the evaluation of expressions from standard input, compared with `terraform console`."""
    ours, theirs = f"iacpolicy eval, {EXPRESSIONS:,} expressions", f"terraform console, {EXPRESSIONS:,} expressions"
    asked = expressions().encode()
    terraform = shutil.which("terraform")
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        (directory / "main.tf").write_text(MODULE, encoding="utf-8")
        ours_command = iacpolicy("eval", directory=directory, input=asked, codes=(0,))
        if terraform is None:
            yield Row(ours, compare({ours: ours_command}, rounds)[ours])
            yield Skipped(theirs, "terraform is not on PATH")
            return
        costs = compare({ours: ours_command, theirs: Command([terraform, "console"], directory, input=asked)}, rounds)
    times = costs[ours].cpu / costs[theirs].cpu
    yield Row(ours, costs[ours], ((f"{times:.2f}x of terraform console, at most 3x", times <= 3),))
    yield Row(theirs, costs[theirs])


def root_module(checkout: Path, rounds: int) -> Iterator[Row | Skipped]:
    """Return the evaluation of all values of terraform-aws-eks, compared with `tfparse`."""
    ours, theirs = "iacpolicy show --stage values, root of terraform-aws-eks", "tfparse, root of terraform-aws-eks"
    if not any(checkout.glob("*.tf")):
        yield Skipped(ours, f"no checkout at {checkout}")
        return
    with tempfile.TemporaryDirectory() as scratch:
        # Without the examples: tfparse would not load these root modules.
        directory = Path(scratch) / "eks"
        shutil.copytree(checkout, directory, ignore=shutil.ignore_patterns(".git", "examples", "tests"))
        ours_command = iacpolicy("show", "--stage", "values", "--json", directory=directory)
        python = _with_tfparse()
        if python is None:
            yield Row(ours, compare({ours: ours_command}, rounds)[ours])
            yield Skipped(theirs, f"no Python has it: pip install tfparse elsewhere, ${TFPARSE_VARIABLE}=that Python")
            return
        costs = compare({ours: ours_command, theirs: Command([python, "-c", LOAD], directory)}, rounds)
    times = costs[ours].cpu / costs[theirs].cpu
    yield Row(ours, costs[ours], ((f"{times:.2f}x of tfparse, at most 4x", times <= 4),))
    yield Row(theirs, costs[theirs])


def _with_tfparse() -> str | None:
    """Return the Python that has `tfparse`: the given one, or the running one."""
    python = os.environ.get(TFPARSE_VARIABLE) or sys.executable
    found = subprocess.run([python, "-c", "import tfparse"], capture_output=True, check=False).returncode == 0
    return python if found else None
