"""Compare evaluation with Terraform over the modules of checkouts: `python -m tests.oracle.real_code DIR...`.

Terraform plans a copy of each module without providers, with its variables and the expressions of `questions`. The
variables have their defaults in one plan (examples where there is none), and examples in the other. A computed value
must be equal, or unknown with a reason. A third evaluation, in which no variable has a value, must contradict neither.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace
from tests.oracle.agreement import Agreement, judge, unsettled
from tests.oracle.checkouts import module_directories
from tests.oracle.inputs import as_option, example, type_of
from tests.oracle.language import answer_text, value_text
from tests.oracle.questions import Question, questions
from tests.oracle.terraform import Answer, PlanRefusedError, ask_in

from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.evaluate.values.value import EPHEMERAL, Value, deep_marks
from iacpolicy.pipeline.context.recursion_limit import deep_recursion
from iacpolicy.pipeline.context.repository import Repository
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.terraform.blocks import ConfigBlock
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.variables import Assignment, assignments

GENERATED = ("variables.tf", "questions.tf", "zz_examples.auto.tfvars.json", "plan")
# Terraform reports a local that it refused as missing, and does not allow an ephemeral output of a root module.
NOT_THERE, NOT_SHOWN = "Reference to undeclared local value", "Ephemeral value not allowed"
# A `validation` would refuse example values, and does not change any value.
LEFT_OUT = ("validation",)


@dataclass(frozen=True, slots=True)
class Compared:
    """A computed value and Terraform's answer."""

    variant: str
    question: Question
    agreement: Agreement
    ours: Value | None
    theirs: Answer

    @property
    def needs_reason(self) -> bool:
        """Report whether the value is unknown although every variable has a value."""
        return self.agreement is Agreement.UNKNOWN and self.variant != "no values"

    @property
    def reasons(self) -> str:
        """Return the reasons why the value is unknown."""
        found = unsettled(self.ours) if self.ours is not None else []
        return "; ".join(dict.fromkeys(f"{r.cause}: {r.text}" for parts in found for r in parts))

    def __str__(self) -> str:
        ours = "error" if self.ours is None else value_text(self.ours)
        theirs = self.theirs.error or answer_text(self.theirs)
        header = f"{self.question.argument.span} ({self.variant}): {self.question.text}"
        return "\n  ".join((header, f"Terraform: {theirs[:600]}", f"iacpolicy: {ours[:600]}", self.reasons)).rstrip()


class Checkout:
    """A repository, and a copy of its other files in which Terraform plans."""

    def __init__(self, directory: Path, copy: Path) -> None:
        self.directory = directory
        self.copy = copy
        shutil.copytree(directory, copy, ignore=shutil.ignore_patterns("*.tf", "*.tf.json", ".git", ".terraform*"))
        self.files = ParsedFiles(Repository(directory))
        self.modules = Modules(self.files)

    def compared(self, path: str) -> Iterator[Compared]:
        """Yield the comparisons for a module, in every variant.

        Raises:
            PlanRefusedError: Terraform cannot plan the module's copy.
        """
        module = self.modules.load(path)
        asked = questions(module)
        if not asked:
            return
        given, _ = assignments(self.files, path, (), {}, {})
        missing = {n: v for n, v in module.variables.items() if v.default is None and n not in given}
        for variant, examples in (("defaults", missing), ("examples", module.variables)):
            inputs = {name: example(type_of(variable)) for name, variable in examples.items()}
            answers = self._theirs(path, module, asked, inputs)
            ours = self._instance(module, given, inputs)
            nothing = self._instance(_without_defaults(module), {}, {})
            for question in asked:
                theirs = answers[question.name]
                message = theirs.error or ""
                for name, instance in ((variant, ours), ("no values", nothing)):
                    value = question.ours(instance)
                    is_ephemeral = value is not None and bool(deep_marks(value) & EPHEMERAL)
                    if message.startswith(NOT_THERE) or (is_ephemeral and message.startswith(NOT_SHOWN)):
                        continue
                    yield Compared(name, question, judge(value, theirs), value, theirs)

    def _theirs(self, path: str, module: Module, asked: list[Question], inputs: dict[str, object]) -> dict[str, Answer]:
        root = self.copy / path
        variables = "\n".join(_text(v.block) for v in module.variables.values())
        (root / GENERATED[0]).write_text(variables + "\n", encoding="utf-8")
        (root / GENERATED[2]).write_text(json.dumps(inputs), encoding="utf-8")
        try:
            return ask_in(root, {q.name: q.text for q in asked})
        finally:
            for name in GENERATED:
                (root / name).unlink(missing_ok=True)

    def _instance(
        self, module: Module, given: Mapping[str, Assignment], inputs: Mapping[str, object]
    ) -> ModuleInstance:
        texts = {name: as_option(module.variables[name], value) for name, value in inputs.items()}
        examples, _ = assignments(self.files, "", (), {}, texts)
        cell = Cell(module.directory, "default")
        session = Session(self.files.tree, self.modules, Catalogue(), cell, {**given, **examples})
        return ModuleInstance(module, session)


def _without_defaults(module: Module) -> Module:
    return replace(module, variables={n: replace(v, default=None) for n, v in module.variables.items()})


def _text(block: ConfigBlock) -> str:
    """Return the text of a `variable` block without the parts in `LEFT_OUT`."""
    text, node = block.source.text, block.node
    kept, at = "", node.start
    for inner in node.body.blocks:
        if inner.type in LEFT_OUT:
            kept, at = kept + text[at : inner.start], inner.end
    return kept + text[at : node.end]


def main() -> int:
    """Print each difference from Terraform and the counts of each variant; return 1 for a difference."""
    options = argparse.ArgumentParser(prog="tests.oracle.real_code", description=main.__doc__)
    options.add_argument("directories", nargs="+", type=Path, metavar="DIR", help="a checkout")
    options.add_argument("--unknown", action="store_true", help="print what is unknown with all values, too")
    chosen = options.parse_args()
    total: Counter[tuple[str, str]] = Counter()
    for directory in chosen.directories:
        counts: Counter[tuple[str, str]] = Counter()
        for compared in _compared(directory.resolve(), counts):
            counts[compared.variant, compared.agreement] += 1
            if compared.agreement is Agreement.DIFFERENT or (chosen.unknown and compared.needs_reason):
                print(f"{directory.name}/{compared}", flush=True)
        print(f"{directory.name}: {_told(counts)}", flush=True)
        total.update(counts)
    print(f"all: {_told(total)}")
    return int(any(agreement == Agreement.DIFFERENT for _, agreement in total))


def _compared(directory: Path, counts: Counter[tuple[str, str]]) -> Iterator[Compared]:
    """Yield the comparisons for a checkout; count the compared modules, and those that Terraform did not plan."""
    with tempfile.TemporaryDirectory() as scratch, deep_recursion():
        checkout = Checkout(directory, Path(scratch) / "copy")
        for path in module_directories(directory):
            relative = path.relative_to(directory).as_posix()
            try:
                found = list(checkout.compared("" if relative == "." else relative))
            except PlanRefusedError as problem:
                counts["modules", "not planned"] += 1
                print(f"{path}: not planned: {str(problem).splitlines()[0][:300]}", flush=True)
                continue
            counts["modules", "asked"] += bool(found)
            yield from found


def _told(counts: Counter[tuple[str, str]]) -> str:
    parts = [f"{counts['modules', 'asked']} modules asked, {counts['modules', 'not planned']} not planned"]
    for variant in ("defaults", "examples", "no values"):
        parts.append(f"{variant}: " + ", ".join(f"{counts[variant, v]} {v}" for v in Agreement))
    return "; ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
