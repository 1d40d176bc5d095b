"""Checks with import-linter that the policies of the catalogue import nothing of the package but its SDK.

import-linter checks importable packages, and policies are files in folders such as `policies/state/state-locking`.
So the modules are linked into a temporary package, `catalogue_policies`, for the run.
"""

import sys
import tempfile
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[1]
CONFIGURATION = ROOT / "scripts" / "policies_importlinter.toml"
PACKAGE = "catalogue_policies"


def modules(policies: Path) -> list[Path]:
    """Return the modules of the policies in a directory, sorted; Checkov's checks are not among them."""
    return sorted(path for path in policies.glob("*/*/*.py") if path.stem == path.parent.name.replace("-", "_"))


def check(policies: Path) -> int:
    """Print the result of import-linter for the policies in a directory and return its exit code, 0 for no finding."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / PACKAGE
        package.mkdir()
        (package / "__init__.py").touch()
        for module in modules(policies):
            (package / module.name).symlink_to(module)
        sys.path.insert(0, folder)
        try:
            return lint_imports(config_filename=str(CONFIGURATION), no_cache=True, no_logo=True)
        finally:
            sys.path.remove(folder)


if __name__ == "__main__":
    sys.exit(check(ROOT / "policies"))
