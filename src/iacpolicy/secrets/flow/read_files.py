"""Files of the repository that `file`, `templatefile` and `fileset` read."""

from posixpath import normpath

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl.ast import TextForm
from iacpolicy.secrets.flow.literals import LiteralPiece, LiteralString, LiteralStrings
from iacpolicy.secrets.text.limits import long_file_problem

MAX_LISTED = 500


def listed_files(tree: Tree, directory: str, pattern: str) -> tuple[str, ...]:
    """Return the paths that a `fileset` pattern matches, relative to the directory."""
    from iacpolicy.evaluate.functions.fileset_patterns import fileset_matcher  # imports RE2, which is slow

    head = f"{directory}/" if directory else ""
    try:
        matches = fileset_matcher(normpath(pattern))
    except EvaluationError:
        return ()
    names = (path.removeprefix(head) for path in tree.paths() if path.startswith(head))
    return tuple(name for name in names if matches(name))[:MAX_LISTED]


class ReadFile(msgspec.Struct, frozen=True, gc=False):
    """The text of a file as one literal, and the problem where the search does not read all of it."""

    strings: LiteralStrings = ()
    problem: Diagnostic | None = None


def read_file(tree: Tree, path: str) -> ReadFile:
    """Return the text of a file; empty where it cannot be read, which the evaluation reports."""
    source = tree.read(path) if tree.exists(path) else None
    if not isinstance(source, SourceFile):
        return ReadFile()
    trace = Origin(OriginKind.FUNCTION, f"file({path})", source, 0, 0)
    piece = LiteralPiece(
        source.text, source, 0, len(source.text), TextForm.JSON_PLAIN, is_heredoc=True, trace=trace, is_file=True
    )
    return ReadFile((LiteralString((), (piece,)),), long_file_problem(source))
