"""How a report names cells."""

from collections.abc import Sequence

from iacpolicy.terraform.cells import Cell


def root_name(root: str) -> str:
    """A root module as a reader calls it."""
    return root or "."


def cell_label(indexes: Sequence[int], cells: Sequence[Cell], path: str) -> str | None:
    """Where a result in a file holds, such as `production only`; None where that goes without saying.

    It does where the result holds in every workspace of the one root that the file lies in, or in every cell.
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
    """The cells by root, in the order of the report."""
    by_root: dict[str, list[Cell]] = {}
    for cell in cells:
        by_root.setdefault(cell.root, []).append(cell)
    return list(by_root.items())
