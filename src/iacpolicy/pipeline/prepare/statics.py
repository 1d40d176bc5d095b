"""Problems of modules that no policy reports: references, calls, cycles, and missing modules."""

from collections.abc import Iterable, Iterator

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, Level, error, warning
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.functions import registry
from iacpolicy.evaluate.modules.type_constraints import parse_constraint
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.pipeline.prepare.evaluate_cells import Evaluated
from iacpolicy.schemas import backends
from iacpolicy.schemas.conformance import conformance_problems
from iacpolicy.settings.settings import Settings
from iacpolicy.terraform.blocks import Argument
from iacpolicy.terraform.files import is_of_opentofu
from iacpolicy.terraform.static_checks import LanguageRules, check_roots


def static_problems(evaluated: Evaluated, settings: Settings) -> list[Diagnostic]:
    """Return the problems of every module of every root, without repetitions.

    A module that is not installed is a warning if the settings allow it, else an error.
    """
    language = LanguageRules(_function_problem, _type_problem)
    found: dict[Diagnostic, None] = {}
    catalogue = next((g.root.session.catalogue for g in evaluated.graphs if g.root is not None), None)
    scanned_paths: set[str] = set()
    allowed = settings.gate.uninstalled_modules == "allow"
    for checked in check_roots(evaluated.modules, evaluated.roots, language):
        found.update(dict.fromkeys(checked.problems))
        for directory in checked.directories:
            if catalogue is not None and directory not in scanned_paths:
                scanned_paths.add(directory)
                found.update(dict.fromkeys(conformance_problems(evaluated.modules.load(directory), catalogue)))
        found.update(dict.fromkeys(_unsupported_backends(evaluated, checked.directories[:1])))
        found.update(dict.fromkeys(_idle_backends(evaluated, checked.directories[1:])))
        for problem in checked.not_installed:
            reported = msgspec.structs.replace(problem, severity=Level.WARNING) if allowed else problem
            found.setdefault(reported)
    return list(found)


def _unsupported_backends(evaluated: Evaluated, roots: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield an error for each backend of a root with an unknown type, as `terraform init` reports it."""
    for directory in roots:
        backend = evaluated.modules.load(directory).backend
        # Terraform has the undocumented backend `inmem` for its own tests.
        if backend is not None and backend.type != "inmem" and backends.backend(backend.type) is None:
            near = did_you_mean(backend.type, backends.backend_types(), HintForm.ASIDE)
            yield error(
                "Unsupported backend type",
                f'There is no backend type named "{backend.type}"{near}. Terraform has '
                f"{', '.join(backends.backend_types())}, and the `cloud` block.",
                backend.block.header,
            )


def _idle_backends(evaluated: Evaluated, called: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield a warning for each backend of a called module, because Terraform uses only the backend of the root."""
    for directory in called:
        backend = evaluated.modules.load(directory).backend
        if backend is not None and directory not in evaluated.roots:
            yield warning(
                "Backend of a called module is ignored",
                "Terraform uses the backend of the root module only. Remove this backend, or move it to the root.",
                backend.block.header,
            )


def _function_problem(name: str, path: str) -> str | None:
    opentofu = is_of_opentofu(path)
    return None if registry.exists(name, opentofu=opentofu) else registry.suggest(name, opentofu)


def _type_problem(argument: Argument) -> Diagnostic | None:
    try:
        parse_constraint(argument.value, argument.source)
    except EvaluationError as problem:
        place = argument.span
        if problem.place is not None:
            source, start, end = problem.place
            assert isinstance(source, SourceFile)
            place = source.span(start, end)
        return error(problem.summary, problem.detail, place)
    return None
