"""Write the generated documentation: policies, command line, and the run in the README.

`python -m scripts.generate_docs` writes it, with `--check` it only says what is not fresh and fails.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from iacpolicy.policy.loading.index import NAME, index_text
from iacpolicy.policy.loading.load import load_catalogue
from scripts.docs_cli import cli_page
from scripts.docs_policies import GENERATED, policies_page, policy_page
from scripts.docs_readme import readme

ROOT = Path(__file__).resolve().parents[1]


def generated() -> dict[Path, str]:
    """Return the text of every generated file, by path."""
    catalogue = load_catalogue()
    pages = {ROOT / "policies" / p.folder.parent.name / p.folder.name / "README.md": policy_page(p) for p in catalogue}
    pages[ROOT / "policies" / NAME] = index_text(catalogue)
    pages[ROOT / "docs" / "policies.md"] = policies_page(catalogue)
    pages[ROOT / "docs" / "cli.md"] = cli_page()
    pages[ROOT / "README.md"] = readme(ROOT, catalogue)
    return pages


def surplus(root: Path, pages: Mapping[Path, str]) -> list[Path]:
    """Return the generated pages of policies that do not exist any more."""
    present = sorted(root.glob("policies/*/*/README.md"))
    return [p for p in present if p not in pages and p.read_text(encoding="utf-8").startswith(GENERATED)]


def stale(pages: Mapping[Path, str]) -> list[Path]:
    """Return the pages whose file is missing or outdated."""
    return [p for p, text in sorted(pages.items()) if not p.is_file() or p.read_text(encoding="utf-8") != text]


def main() -> int:
    """Write the outdated files; with `--check`, list them and return 1 if there are any."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where something is not fresh")
    check = parser.parse_args().check
    pages = generated()
    changed, left = stale(pages), surplus(ROOT, pages)
    for path in [*changed, *left]:
        print(f"{'not fresh' if check else 'removing' if path in left else 'writing'}: {path.relative_to(ROOT)}")
    if check:
        if changed or left:
            print("Run `make docs` and commit what it writes.", file=sys.stderr)
            return 1
        return 0
    for path in left:
        path.unlink()
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
