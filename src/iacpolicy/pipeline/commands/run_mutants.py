"""Runs mutants of a policy over its fixtures to find changes that the fixtures do not detect."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.engine import run as engine
from iacpolicy.pipeline.commands.run_fixtures import Ready, make_ready, results_of
from iacpolicy.pipeline.context.recursion_limit import deep_recursion
from iacpolicy.policy.loading.load import load_policy, policy_of
from iacpolicy.policy.loading.policy import Broken, Policy
from iacpolicy.policy.testing.fixtures import fixtures_of
from iacpolicy.policy.testing.mutants import Mutant, mutants_of
from iacpolicy.policy.yaml.check import YamlCheck
from iacpolicy.policy.yaml.mutants import bodies_of

SECONDS = 1.0
# Marks a line on which a mutant cannot change a result.
EQUIVALENT = lazy_pattern(r"#\s*equivalent:\s*\S")


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no fixture detects."""

    path: str
    line: int
    text: str
    what: str


@dataclass(frozen=True, slots=True)
class MutationRun:
    """The result for one policy: the number of its mutants, and those that no fixture detects."""

    id: str
    made: int
    survivors: tuple[Survivor, ...]


def mutate(folder: Path) -> MutationRun:
    """Run every mutant of a policy over its fixtures, which the policy itself passes."""
    loaded = load_policy(folder)
    if isinstance(loaded, Broken):
        return MutationRun(folder.name, 0, ())
    fixtures = [ready for f in fixtures_of(folder) if not isinstance(ready := make_ready(loaded, f), Diagnostic)]
    lines = loaded.file.read_text(encoding="utf-8").splitlines()
    made = 0
    survivors: list[Survivor] = []
    for line, what, mutant in _mutants(loaded):
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        if EQUIVALENT.search(text):
            continue
        made += 1
        if not _is_detected(mutant, fixtures):
            survivors.append(Survivor(loaded.file.name, line, text, what))
    return MutationRun(loaded.id, made, tuple(survivors))


def _mutants(policy: Policy) -> Iterator[tuple[int, str, Policy | None]]:
    """Yield line, change and mutant; the mutant is None if its module raises an exception."""
    if isinstance(policy.check, YamlCheck):
        for line, what, body in bodies_of(policy.check.body):
            yield line, what, Policy(policy.meta, YamlCheck(body), policy.folder, policy.options)
        return
    for mutant in mutants_of(policy.file.read_text(encoding="utf-8"), str(policy.file)):
        yield mutant.line, mutant.what, _python(policy, mutant)


def _python(policy: Policy, mutant: Mutant) -> Policy | None:
    module = ModuleType(f"iacpolicy_policies.mutants.{policy.file.stem}")
    module.__file__ = str(policy.file)
    try:
        exec(mutant.code, module.__dict__)  # noqa: S102 - the policy, which has been run before this
    except Exception:
        return None
    mutated = policy_of(module, policy.folder)
    return mutated if isinstance(mutated, Policy) else None


def _is_detected(mutant: Policy | None, fixtures: Sequence[Ready]) -> bool:
    if mutant is None:
        return True
    for ready in fixtures:
        own = Policy(mutant.meta, mutant.check, mutant.folder, ready.policy.options)
        with deep_recursion():
            results = engine.run(
                [own],
                ready.prepared.graphs,
                ready.prepared.secrets,
                {},
                ready.prepared.settings.worlds,
                seconds=SECONDS,
            )
        found = results_of(results.findings, results.undecided, [own.id])
        if results.crashes or found != sorted(ready.marks):
            return True
    return False
