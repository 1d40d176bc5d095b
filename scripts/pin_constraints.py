"""Write constraints.txt: the version of every package that pyproject.toml needs, directly or indirectly.

A fresh environment is filled and asked what it holds, so that nothing slips in from an environment somebody works in.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
HEADER = """\
# Every package of the run-time and development environments, pinned. Written by `make constraints`.
"""


def main() -> None:
    """Pin the versions that pip installs with the present pins; with `--upgrade`, without them."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    upgrade = parser.parse_args().upgrade
    with tempfile.TemporaryDirectory() as scratch:
        environment = Path(scratch) / "venv"
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        present = [] if upgrade or not CONSTRAINTS.is_file() else ["--constraint", str(CONSTRAINTS)]
        subprocess.run([*pip, "install", "--quiet", *present, f"{ROOT}[dev]"], check=True)
        freeze = [*pip, "freeze", "--exclude", "iacpolicy"]
        pins = subprocess.run(freeze, check=True, capture_output=True, text=True).stdout
    CONSTRAINTS.write_text(HEADER + pins, encoding="utf-8")


if __name__ == "__main__":
    main()
