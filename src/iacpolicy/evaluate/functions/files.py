"""Files and paths: https://developer.hashicorp.com/terraform/language/functions/file."""

import base64
import posixpath
import re
from codecs import BOM_UTF8

from iacpolicy.core.types import BOOL, DYNAMIC, STRING, MapType, ObjectType, SetType
from iacpolicy.evaluate.functions.common import bounded, bounded_elements, text
from iacpolicy.evaluate.functions.frame import Files, Function, Parameter, undecided
from iacpolicy.evaluate.values import value
from iacpolicy.evaluate.values.choices import distribute
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError, FunctionError
from iacpolicy.evaluate.values.identities import CallResult
from iacpolicy.evaluate.values.terms import Cause, Reason
from iacpolicy.evaluate.values.value import Value, deep_marks, unknown_because

_NAME = re.compile(r"[^\W\d][\w-]*\Z")


def _file(files: Files, path: Value) -> Value:
    content = files.read_text(path.data)
    if not isinstance(content.data, str):
        return content
    data = files.read_bytes(path.data)
    mark = "\ufeff" if isinstance(data, bytes) and data.startswith(BOM_UTF8) else ""  # Terraform keeps it
    return text(mark + content.data).with_origins(content.origins)


def _fileexists(files: Files, path: Value) -> Value:
    found = files.exists(path.data)
    if found.data is False and files.matching(path.data, "**"):
        raise FunctionError(f'"{path.data}" is not a regular file, but a directory', 0)
    return found


def _filebase64(files: Files, path: Value) -> Value:
    data = files.read_bytes(path.data)
    if isinstance(data, Value):
        return undecided("filebase64", STRING, data)
    bounded(len(data) * 4 // 3)
    return text(base64.b64encode(data).decode())


def _fileset(files: Files, path: Value, pattern: Value) -> Value:
    found = files.matching(path.data, pattern.data)
    if isinstance(found, Value):
        return undecided("fileset", SetType(STRING), found, pattern)
    bounded_elements(len(found))
    return value.set_of(STRING, (text(name) for name in found))


def _templatefile(files: Files, path: Value, variables: Value) -> Value:
    _check_variables(variables)
    content = files.read_text(path.data)
    if not isinstance(content.data, str):
        return undecided("templatefile", DYNAMIC, content, variables)
    return _rendered(files, content.data, path.data, variables).marked(deep_marks(variables))


def _templatestring(files: Files, template: Value, variables: Value) -> Value:
    _check_variables(variables)
    rendered = _rendered(files, template.data, None, variables)
    try:
        return distribute(lambda one: convert(one, STRING), rendered).marked(deep_marks(variables))
    except ConversionError as problem:
        raise FunctionError(f"the template does not make a string: {problem.detail}", 0) from None


def _rendered(files: Files, content: str, path: str | None, variables: Value) -> Value:
    try:
        return files.render(content, path, variables)
    except EvaluationError as problem:
        if isinstance(problem, FunctionError):
            raise
        raise FunctionError(f"{problem.summary}: {problem.detail}" if problem.detail else problem.summary) from None


def _check_variables(variables: Value) -> None:
    if not isinstance(variables.type, MapType | ObjectType):
        raise FunctionError("invalid vars value: must be a map", 1)
    for name in variables.data:
        if not _NAME.match(name):
            raise FunctionError(
                f'invalid template variable name "{name}": must start with a letter, followed by zero or more '
                "letters, digits, and underscores",
                1,
            )


def _abspath(path: Value) -> Value:
    if path.data.startswith("/"):
        return text(_clean(path.data))
    reason = Reason(Cause.IMPURE, "an absolute path depends on the directory in which Terraform runs")
    return unknown_because(STRING, CallResult("abspath", path.data, f'abspath("{path.data}")'), reason)


def _pathexpand(path: Value) -> Value:
    home = path.data.partition("/")[0]
    if not home.startswith("~"):
        return text(path.data)
    if home != "~":
        raise FunctionError("cannot expand the home directory of another user", 0)
    reason = Reason(Cause.IMPURE, "~ is the home directory of the user who runs Terraform")
    return unknown_because(STRING, CallResult("pathexpand", path.data, f'pathexpand("{path.data}")'), reason)


def _basename(path: Value) -> Value:
    if not path.data:
        return text(".")
    return text(path.data.rstrip("/").rpartition("/")[2] or "/")


def _dirname(path: Value) -> Value:
    return text(_clean(path.data[: path.data.rfind("/") + 1]))


def _clean(path: str) -> str:
    """Return the shortest equivalent path, as Go's `filepath.Clean` does."""
    cleaned = posixpath.normpath(path)
    return "/" + cleaned.lstrip("/") if cleaned.startswith("//") else cleaned


_PATH = Parameter("path", STRING)
_VARS = Parameter("vars", DYNAMIC, partial=True)

FUNCTIONS = (
    Function("abspath", (_PATH,), STRING, _abspath),
    Function("basename", (_PATH,), STRING, _basename),
    Function("dirname", (_PATH,), STRING, _dirname),
    Function("file", (_PATH,), STRING, _file),
    Function("filebase64", (_PATH,), STRING, _filebase64),
    Function("fileexists", (_PATH,), BOOL, _fileexists),
    Function("fileset", (_PATH, Parameter("pattern", STRING)), SetType(STRING), _fileset),
    Function("pathexpand", (_PATH,), STRING, _pathexpand),
    Function("templatefile", (_PATH, _VARS), DYNAMIC, _templatefile),
    Function("templatestring", (Parameter("template", STRING), _VARS), STRING, _templatestring),
)
