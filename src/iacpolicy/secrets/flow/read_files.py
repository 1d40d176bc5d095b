"""Files that are no configuration and are read for it: what `file` and `templatefile` name."""

from posixpath import normpath

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import file_start
from iacpolicy.core.tree import Tree
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl.ast import TextForm
from iacpolicy.secrets.flow.pieces import Leaf, Leaves, Piece
from iacpolicy.secrets.text.embedded import MAX_FOUND, MAX_TEXT, secrets_in

MAX_LISTED = 500
_MANY = 4 * MAX_FOUND  # a shorter text has not so many secrets


def listed(tree: Tree, directory: str, pattern: str) -> tuple[str, ...]:
    """The files under a directory that a pattern of `fileset` means, by their paths from there."""
    from iacpolicy.evaluate.functions.globs import fileset_matcher  # RE2 is not loaded for nothing

    head = f"{directory}/" if directory else ""
    try:
        matches = fileset_matcher(normpath(pattern))
    except EvaluationError:
        return ()
    names = (path.removeprefix(head) for path in tree.paths() if path.startswith(head))
    return tuple(name for name in names if matches(name))[:MAX_LISTED]


def note_if_long(source: SourceFile, unread: dict[str, Diagnostic]) -> None:
    """Say of a file that is longer than the search goes that its rest was not looked through."""
    if len(source.text) > MAX_TEXT:
        unread[source.path] = error(
            "File is too long for the search for secrets",
            f"{source.path} has {len(source.text)} characters; what stands behind the first {MAX_TEXT} was not looked "
            "through (limit: length of texts).",
            file_start(source.path),
        )


def note_if_many(source: SourceFile, found: int, unread: dict[str, Diagnostic]) -> None:
    """Say of a file in a text of which the search stopped that there may be more."""
    if found >= MAX_FOUND:
        unread[f"{source.path}\0many"] = error(
            "File has too many secrets",
            f"The search stopped after {MAX_FOUND} secrets in one text of {source.path}; what stands behind them was "
            "not looked at (limit: secrets of a text).",
            file_start(source.path),
        )


def note_if_cut(leaf: Leaf, is_telling: bool, unread: dict[str, Diagnostic]) -> None:
    """Say of the text of a value that the search went through a part of it alone; `is_telling` if secrets are in it."""
    text = leaf.text
    if len(text) < _MANY:
        return
    source = next((p.source for p in leaf.pieces if p.source is not None), None)
    if source is None:
        return
    if len(text) > MAX_TEXT and source.path not in unread:
        unread[source.path] = error(
            "Text is too long for the search for secrets",
            f"A text in {source.path} has {len(text)} characters; what stands behind the first {MAX_TEXT} was not "
            "looked through (limit: length of texts).",
            file_start(source.path),
        )
    if is_telling:
        note_if_many(source, len(secrets_in(text, True)), unread)


def file_leaves(tree: Tree, path: str, unread: dict[str, Diagnostic]) -> Leaves:
    """The text of a file as one literal; none where it cannot be read, of which the evaluation tells."""
    if not tree.exists(path):
        return ()
    source = tree.read(path)
    if not isinstance(source, SourceFile):
        return ()
    note_if_long(source, unread)
    way = Origin(OriginKind.FUNCTION, f"file({path})", source, 0, 0)
    piece = Piece(source.text, source, 0, len(source.text), TextForm.JSON_PLAIN, is_heredoc=True, way=way, is_file=True)
    return (Leaf((), (piece,)),)
