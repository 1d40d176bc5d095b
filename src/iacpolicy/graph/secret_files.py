"""Files that are no configuration and are read for it: what `file` and `templatefile` name."""

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree
from iacpolicy.evaluate.origins import Origin, OriginKind
from iacpolicy.graph.secret_leaves import Leaf, Leaves, Piece
from iacpolicy.hcl.ast import TextForm

MAX_FILE = 1_000_000


def file_leaves(tree: Tree, path: str) -> Leaves:
    """The text of a file as one literal; none where it cannot be read."""
    if not tree.exists(path):
        return ()
    source = tree.read(path)
    if not isinstance(source, SourceFile) or len(source.text) > MAX_FILE:
        return ()
    way = Origin(OriginKind.FUNCTION, f"file({path})", source, 0, 0)
    piece = Piece(source.text, source, 0, len(source.text), TextForm.JSON_PLAIN, is_heredoc=True, way=way, is_file=True)
    return (Leaf((), (piece,)),)
