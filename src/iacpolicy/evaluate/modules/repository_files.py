"""Files for functions: those of the repository, and templates rendered from them."""

from collections.abc import Callable
from posixpath import normpath, relpath

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import normalise
from iacpolicy.core.types import BOOL, STRING
from iacpolicy.evaluate.expressions.context import Context, ModuleScope
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.functions.fileset_patterns import fileset_matcher
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.evaluate.values import value
from iacpolicy.evaluate.values.errors import EvaluationError, FunctionError, StaticError
from iacpolicy.evaluate.values.identities import CallResult
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.evaluate.values.terms import Cause, Reason
from iacpolicy.evaluate.values.value import Value, unknown_because
from iacpolicy.hcl.ast import TextForm
from iacpolicy.hcl.parse import parse_template

MAX_TEMPLATE_DEPTH = 10
MAX_LISTED = 20_000


class RepositoryFiles:
    """The files for the expressions of one module; a path in an expression is relative to the root module."""

    def __init__(self, session: Session, module: ModuleScope, depth: int = 0) -> None:
        self.session = session
        self.module = module
        self.depth = depth

    def locate(self, path: str) -> str | None:
        """Return a path in an expression as a path of the tree, None if it is outside the repository."""
        if path.startswith("/"):
            return None
        return normalise(f"{self.session.cell.root}/{path}" if self.session.cell.root else path)

    def read_text(self, path: str) -> Value:
        found = self._source(path)
        if isinstance(found, Value):
            return found
        origin = Origin(OriginKind.FUNCTION, f"file({path})", found, 0, 0)
        return Value(STRING, found.text, 0, (origin,))

    def _source(self, path: str) -> SourceFile | Value:
        place = self.locate(path)
        if place is None:
            return self._outside(path)
        if not self.session.tree.exists(place):
            raise FunctionError(
                f'no file exists at "{path}"; this function works only with files that are part of the configuration', 0
            )
        source = self.session.tree.read(place)
        if isinstance(source, Diagnostic):
            self.session.add(source)
            return self._unreadable(path, source)
        return source

    def read_bytes(self, path: str) -> bytes | Value:
        place = self.locate(path)
        if place is None:
            return self._outside(path)
        if not self.session.tree.exists(place):
            raise FunctionError(f'no file exists at "{path}"', 0)
        data = self.session.tree.read_bytes(place)
        if isinstance(data, Diagnostic):
            self.session.add(data)
            return self._unreadable(path, data)
        return data

    def exists(self, path: str) -> Value:
        place = self.locate(path)
        if place is None:
            outside = self._outside(path)
            return Value(BOOL, outside.data)
        return value.boolean(self.session.tree.exists(place))

    def matching(self, directory: str, pattern: str) -> list[str] | Value:
        base = self.locate(directory)
        if base is None:
            return self._outside(directory)
        matches, start = _pattern(base, normpath(pattern))
        prefix = f"{start}/" if start else ""
        listed = [p for p in self.session.tree.paths() if p.startswith(prefix)]
        found = [relpath(p, base or ".") for p in listed if matches(p[len(prefix) :])]
        return sorted(found)[:MAX_LISTED]

    def number(self) -> int:
        self.session.impure_calls += 1
        return self.session.impure_calls

    def render(self, text: str, path: str | None, variables: Value) -> Value:
        if self.depth and not self.module.is_of_opentofu:
            raise EvaluationError("Template in a template", "cannot render a template from inside of another one")
        if self.depth >= MAX_TEMPLATE_DEPTH:
            raise EvaluationError(
                "Templates nested too deeply",
                f"Templates may include others {MAX_TEMPLATE_DEPTH} levels deep (limit: nesting of templates).",
            )
        place = (self.locate(path) or path) if path is not None else "<template>"
        source = SourceFile(place, text)
        template, problems = parse_template(source, TextForm.HEREDOC)
        if problems:
            first = problems[0]
            raise EvaluationError("Invalid template", f"{first.summary}: {first.detail} ({first.location})")
        names = variables.data if isinstance(variables.data, dict) else {}
        try:
            return evaluate(
                template, Context(_TemplateModule(self), source, names, None, (None, f"{place}#{self.number()}"))
            )
        except StaticError as error:  # static only inside the template: `try` around the call catches it
            raise EvaluationError(error.summary, error.detail) from None

    def spend(self, steps: int) -> None:
        self.session.spend(steps)

    def _outside(self, path: str) -> Value:
        reason = Reason(Cause.FILE, f'"{path}" is outside the repository and is not read')
        return unknown_because(STRING, CallResult("file", path, f'file("{path}")'), reason)

    def _unreadable(self, path: str, problem: Diagnostic) -> Value:
        reason = Reason(Cause.FILE, f"{problem.summary}: {problem.detail}", problem.location)
        return unknown_because(STRING, CallResult("file", path, f'file("{path}")'), reason)


class _TemplateModule:
    """The scope of a template, in which only the variables of the template are defined."""

    def __init__(self, files: RepositoryFiles) -> None:
        self.files = RepositoryFiles(files.session, files.module, files.depth + 1)
        self.is_of_opentofu = files.module.is_of_opentofu

    def _refuse(self, name: str) -> EvaluationError:
        return EvaluationError(
            "Invalid reference in template",
            f'A template sees only the variables given to it; "{name}" is none of them.',
        )

    def spend(self, steps: int) -> None:
        self.files.spend(steps)

    def variable(self, name: str) -> Value:
        raise self._refuse(f"var.{name}")

    def local(self, name: str) -> Value:
        raise self._refuse(f"local.{name}")

    def call(self, name: str) -> Value:
        raise self._refuse(f"module.{name}")

    def resource(self, mode: object, type_: str, name: str) -> Value:
        raise self._refuse(f"{type_}.{name}")

    def path(self, name: str) -> Value:
        raise self._refuse(f"path.{name}")

    def terraform(self, name: str) -> Value:
        raise self._refuse(f"terraform.{name}")

    def provider_function(self, name: str, arguments: str) -> Value:
        raise self._refuse(name)


def _pattern(base: str, pattern: str) -> tuple[Callable[[str], bool], str]:
    """Return the matcher of a pattern of `fileset`, and the directory that it applies to."""
    while pattern.startswith("../") and base:
        base, pattern = base.rpartition("/")[0], pattern[3:]
    return fileset_matcher(pattern), base
