"""Modules with mistakes marked on their lines, compared with the checks and with Terraform itself.

A mark is `# error: SUMMARY`, with ` | WORDS` where the detail is to hold some words, or `# not installed: WORDS`;
a summary `*` is any. A file that cannot hold comments has its marks in `expect.toml` beside it.
"""

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.tree import MemoryTree, WorkTree
from iacpolicy.evaluate.functions import registry
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.evaluate.modules.type_constraints import parse_constraint
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.value import walk
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.terraform.blocks import Argument
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.files import ParsedFiles, is_of_opentofu
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.static_checks import CheckedRoot, LanguageRules, check_root, check_roots

FIXTURES = Path(__file__).parents[2] / "fixtures" / "modules"
CASES = sorted(p for p in FIXTURES.iterdir() if p.is_dir())
MARK = re.compile(r"# (error|not installed): (.*?)(?= # (?:error|not installed): |$)")


class Mark(NamedTuple):
    """An expected problem of a line."""

    path: str
    line: int
    kind: str
    summary: str
    words: str

    def fits(self, kind: str, problem: Diagnostic) -> bool:
        place = problem.location
        assert place is not None
        return (
            (place.path, place.line, kind) == (self.path, self.line, self.kind)
            and self.summary in ("*", problem.summary)
            and self.words in problem.detail
        )


def marks_of(case: Path) -> list[Mark]:
    found = []
    for path in sorted(p for p in case.rglob("*") if p.suffix in (".tf", ".tofu")):
        name = path.relative_to(case).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            for kind, text in MARK.findall(line):
                summary, _, words = text.strip().partition(" | ")
                found.append(
                    Mark(name, number, kind, summary, words)
                    if kind == "error"
                    else Mark(name, number, kind, "Module not installed", text.strip())
                )
    beside = case / "expect.toml"
    if beside.exists():
        for kind, entries in tomllib.loads(beside.read_text(encoding="utf-8")).items():
            for entry in entries:
                path_, line_, summary = entry.split(":", 2)
                found.append(Mark(path_, int(line_), kind, summary.strip(), ""))
    return found


def function_problem(name: str, path: str) -> str | None:
    opentofu = is_of_opentofu(path)
    return registry.suggest(name, opentofu) if registry.lookup(name, opentofu=opentofu) is None else None


def type_problem(argument: Argument) -> Diagnostic | None:
    try:
        parse_constraint(argument.value, argument.source)
    except EvaluationError as problem:
        return error(problem.summary, problem.detail, argument.span)
    return None


LANGUAGE = LanguageRules(function_problem, type_problem)


def check(modules: Modules, root: str = "") -> tuple[CheckedRoot, list[tuple[str, Diagnostic]]]:
    checked = check_root(modules, root, LANGUAGE)
    of_files = [p for d in checked.directories for p in modules.problems(d)]
    found = [("error", p) for p in (*of_files, *checked.problems)]
    return checked, [*found, *(("not installed", p) for p in checked.not_installed)]


def in_memory(files: dict[str, str]) -> Modules:
    return Modules(ParsedFiles(MemoryTree(files)))


def summaries(problems: Iterable[Diagnostic]) -> list[str]:
    return [p.summary for p in problems]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_marks(case: Path) -> None:
    """Every mistake is reported on the line of its mark, and no other line has a problem."""
    _, found = check(Modules(ParsedFiles(WorkTree(case))))
    left = marks_of(case)
    surplus = []
    for kind, problem in found:
        mark = next((m for m in left if m.fits(kind, problem)), None)
        if mark is None:
            surplus.append(f"surplus: {problem.location}: {kind}: {problem.summary} | {problem.detail}")
        else:
            left.remove(mark)
    wrong = [*surplus, *(f"missing: {m}" for m in left)]
    assert not wrong, "\n".join(wrong)


def is_for_terraform(case: Path) -> str | None:
    """Return the reason why a case needs more than a Terraform without providers, else None."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in case.rglob("*.tf*"))
    if shutil.which("terraform") is None:
        return "terraform is not on PATH"
    foreign = re.search(
        r"(?:not installed:|\bexample_thing\b|ephemeral\.|provider::example|OpenTofu reads|leaves the repository)", text
    )
    return f"the case needs more than terraform_data: {foreign[0]}" if foreign else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_terraform_agrees(case: Path, tmp_path: Path) -> None:
    """Terraform refuses marked lines only; it may stop before the last one."""
    reason = is_for_terraform(case)
    if reason is not None:
        pytest.skip(reason)
    work = tmp_path / "work"
    shutil.copytree(case, work)
    environment = {"PATH": str(Path(shutil.which("terraform") or "").parent), "TF_CLI_CONFIG_FILE": "/dev/null"}
    environment |= {"CHECKPOINT_DISABLE": "1", "HOME": str(tmp_path)}
    for command in ("init -backend=false -input=false", "validate -json"):
        run = subprocess.run(
            ["terraform", *command.split()], cwd=work, env=environment, capture_output=True, text=True, check=False
        )
    report = json.loads(run.stdout)
    marks = {(m.path, m.line) for m in marks_of(case)}
    refused = [d for d in report["diagnostics"] if d["severity"] == "error"]
    assert bool(refused) == bool(marks), [d["summary"] for d in refused]
    unknown = [
        f"{d['range']['filename']}:{d['range']['start']['line']}: {d['summary']}: {d['detail']}"
        for d in refused
        if d.get("range", {}).get("filename") and (d["range"]["filename"], d["range"]["start"]["line"]) not in marks
    ]
    assert not unknown, "\n".join(unknown)
    cycles = [d for d in refused if d["summary"].startswith("Cycle:")]
    assert not cycles or any(m.summary == "Cycle" for m in marks_of(case))


def test_ten_thousand_calls() -> None:
    """In a tree of 10,000 calls each directory is checked once."""
    calls = "\n".join(f'module "m{n}" {{\n  source = "./m"\n  in = {n}\n}}' for n in range(10_000))
    checked, found = check(in_memory({"main.tf": calls, "m/main.tf": 'variable "in" {}\nlocals { a = var.none }'}))
    assert checked.directories == ("", "m")
    assert summaries(p for _, p in found) == ["Reference to undeclared input variable"]


def test_calls_that_double_at_each_level() -> None:
    """Thirty levels of two calls each have thirty-one directories, and each is checked once."""
    files = {}
    for level in range(30):
        below = f'source = "../l{level + 1}"\n  in = var.in'
        files[f"l{level}/main.tf"] = f'variable "in" {{}}\nmodule "a" {{\n  {below}\n}}\nmodule "b" {{\n  {below}\n}}'
    files["l30/main.tf"] = 'variable "in" {}'
    files["main.tf"] = 'module "top" {\n  source = "./l0"\n  in = 1\n}'
    checked, found = check(in_memory(files))
    assert len(checked.directories) == 32
    assert not found


def test_nesting_has_a_limit() -> None:
    """A chain of calls is followed up to the limit, which is reported."""
    files = {f"l{n}/main.tf": f'module "m" {{\n  source = "../l{n + 1}"\n}}' for n in range(60)}
    checked, found = check(in_memory({**files, "l60/main.tf": "locals {}"}), "l0")
    assert summaries(p for _, p in found) == ["Modules nested too deeply"]
    assert len(checked.directories) == 33


def test_a_long_circle_is_one_remark() -> None:
    """A cycle of 50,000 locals is found without recursion and reported in a short text."""
    total = 50_000
    text = "locals {\n" + "\n".join(f"  l{n} = local.l{(n + 1) % total}" for n in range(total)) + "\n}"
    _, found = check(in_memory({"main.tf": text}))
    assert summaries(p for _, p in found) == ["Cycle"]
    assert "more …" in found[0][1].detail
    assert len(found[0][1].detail) < 1_000


def test_many_circles_through_one_name() -> None:
    """Entangled references are one cycle, reported at its first reference."""
    text = (
        "locals {\n" + "\n".join(f"  l{n} = [{', '.join(f'local.l{m}' for m in range(60))}]" for n in range(60)) + "\n}"
    )
    _, found = check(in_memory({"main.tf": text}))
    assert [(p.summary, str(p.location)) for _, p in found] == [("Cycle", "main.tf:2")]


def test_shared_modules_are_checked_for_each_root() -> None:
    """The problems of a module that two roots call are reported for both, in either order."""
    modules = in_memory(
        {
            "a/main.tf": 'module "x" {\n  source = "../shared"\n}',
            "b/main.tf": 'module "y" {\n  source = "../shared"\n}',
            "shared/main.tf": 'module "sound" {\n  source = "./sound"\n}\nlocals { a = terraform_data.b }',
            "shared/sound/main.tf": "locals { a = 1 }",
        }
    )
    together = list(check_roots(modules, ["a", "b"], LANGUAGE))
    assert together == [check_root(modules, root, LANGUAGE) for root in ("a", "b")]
    assert [c.directories for c in together] == [("a", "shared", "shared/sound"), ("b", "shared", "shared/sound")]
    assert all(len(c.problems) == 1 for c in together)


def test_call_differs_between_roots() -> None:
    """A module of the tree that is sound in one root and not in another is judged in each."""
    modules = in_memory(
        {
            "a/main.tf": 'module "x" {\n  source = "../shared"\n}',
            "b/main.tf": 'module "x" {\n  source = "../shared"\n}',
            "b/.terraform/modules/modules.json": '{"Modules": [{"Key": "x.y", "Dir": "../installed"}]}',
            "installed/main.tf": 'variable "needed" {}',
            "shared/main.tf": 'module "y" {\n  source = "example/y/example"\n}',
        }
    )
    first, second = check_roots(modules, ["a", "b"], LANGUAGE)
    assert (summaries(first.problems), summaries(first.not_installed)) == ([], ["Module not installed"])
    assert (summaries(second.problems), summaries(second.not_installed)) == (["Missing required argument"], [])


@pytest.mark.parametrize("name", ["undeclared_names", "incomplete_names", "calls", "functions"])
def test_evaluation_says_the_same(name: str) -> None:
    """Problems that evaluation finds in locals and outputs have the place and words of the static checks."""
    modules = Modules(ParsedFiles(WorkTree(FIXTURES / name)))
    session = Session(modules.files.tree, modules, Catalogue(), Cell("", None), {})
    root = ModuleInstance(modules.load(""), session)
    for module in (root, *root.children()):
        for local in module.module.locals:
            module.local(local)
        for output in module.module.outputs:
            assert list(walk(module.output(output)))
    found = set(session.problems.values())
    assert found
    assert not found - set(check_root(modules, "", LANGUAGE).problems)
