"""The commands and files in the documents give the results that the documents show."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "docs" / "example-policies"
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)[^)]*\)")
EXPECTED = re.compile(r"# expect(?P<possible>-possible)?: service-region$", re.MULTILINE)


def test_the_policy_of_the_readme_finds_what_its_fixtures_say(tmp_path: Path) -> None:
    """Each marked line has its finding, of its certainty, and nothing else has one."""
    folder = POLICIES / "compute" / "service-region"
    expected = []
    for name in ("fail", "pass"):
        (tmp_path / name).mkdir()
        text = (folder / f"{name}.tf").read_text(encoding="utf-8")
        shutil.copy(folder / f"{name}.tf", tmp_path / name / "main.tf")
        for number, line in enumerate(text.splitlines(), 1):
            if marked := EXPECTED.search(line):
                expected.append((f"{name}/main.tf", number, "possible" if marked["possible"] else "certain"))
    command = [
        sys.executable,
        "-m",
        "iacpolicy.cli.main",
        "scan",
        str(tmp_path),
        "--format",
        "json",
        "--checkov",
        "off",
    ]
    command += ["--policies", str(POLICIES), "--policy", "service-region"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    findings = json.loads(done.stdout)["findings"]
    assert [(f["location"]["path"], f["location"]["line"], f["certainty"]) for f in findings] == expected


def test_links_lead_somewhere() -> None:
    """No page of the repository links to a file that is not there."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "policies").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert broken == []
