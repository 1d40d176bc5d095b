"""Names of cells in reports."""

from collections.abc import Sequence

from iacpolicy.terraform.cells import Cell


def root_name(root: str) -> str:
    """Return the directory of a root module, `.` for the repository root."""
    return root or "."


def cell_label(indexes: Sequence[int], cells: Sequence[Cell], path: str) -> str | None:
    """Return the cells of a result as text, such as `production only`; None if the reader expects these cells.

    That is so for all cells, and for every workspace of the one root that contains the file.
    """
    wanted = {i for i in indexes if 0 <= i < len(cells)}
    if len(wanted) == len(cells):
        return None
    roots = list(dict.fromkeys(cells[i].root for i in sorted(wanted)))
    parts = []
    for root in roots:
        of_root = [i for i, cell in enumerate(cells) if cell.root == root]
        names = dict.fromkeys(cells[i].workspace or "no workspace" for i in of_root if i in wanted)
        whole = wanted.issuperset(of_root)
        if len(roots) == 1 and (not root or path.startswith(root + "/")):
            return None if whole else f"{', '.join(names)} only"
        parts.append(root_name(root) if whole else f"{root_name(root)} ({', '.join(names)} only)")
    return f"in {', '.join(parts)}" if parts else None


def roots_with_workspaces(cells: Sequence[Cell]) -> list[tuple[str, list[Cell]]]:
    """Return the cells of each root, in the order of the report."""
    by_root: dict[str, list[Cell]] = {}
    for cell in cells:
        by_root.setdefault(cell.root, []).append(cell)
    return list(by_root.items())
