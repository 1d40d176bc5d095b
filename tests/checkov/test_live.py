"""The custom checks over their fixtures, with the real Checkov."""

import re
from pathlib import Path

import pytest
from tests.checkov.conftest import CHECKS

from iacpolicy.checkov.environment import find_checkov
from iacpolicy.checkov.runner import CheckovRun, run
from iacpolicy.core.diagnostics import Level

REPOSITORY = CHECKS.parents[1]
FIXTURES = REPOSITORY / "fixtures" / "checkov"
STEMS = sorted(path.name for path in FIXTURES.iterdir() if path.name != "recorded")
EXPECTATION = re.compile(r"# expect: (\w+)")

pytestmark = pytest.mark.skipif(
    find_checkov().environment is None, reason="Checkov is not installed; `iacpolicy checkov install` does it"
)


def id_of(stem: str) -> str:
    """Return the id that the file of a check declares."""
    (path,) = CHECKS.glob(f"{stem}.*")
    found = re.search(r"^.*?\bid\b\W+?(CKV2?_IACPOLICY_\d+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1]


def expected(stem: str) -> set[tuple[str, int, str]]:
    """Return the marked lines of the fixtures of a check."""
    return {
        (path.relative_to(REPOSITORY).as_posix(), number, found[1])
        for path in (FIXTURES / stem).rglob("*.tf")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for found in EXPECTATION.finditer(line)
    }


@pytest.fixture(scope="module")
def fixtures_run() -> CheckovRun:
    """Return the result of one run over all fixtures."""
    return run(REPOSITORY, ["fixtures/checkov"], checks_dirs=[CHECKS], required=True)


def test_the_run_is_whole(fixtures_run: CheckovRun) -> None:
    """Checkov loads every check and reads every fixture without a message."""
    assert fixtures_run.diagnostics == ()
    assert fixtures_run.version is not None


@pytest.mark.parametrize("stem", STEMS)
def test_a_check_finds_its_defects_and_nothing_else(stem: str, fixtures_run: CheckovRun) -> None:
    """A check fails on the marked lines of its folder, passes in pass.tf, and gives no result for unknown values."""
    check = id_of(stem)
    mine = [r for r in fixtures_run.results if r.check_id == check and f"fixtures/checkov/{stem}/" in r.path]
    assert {(r.path, r.line, r.check_id) for r in mine if r.status == "failed"} == expected(stem) != set()
    assert {Path(r.path).name for r in mine if r.status == "passed"} == {"pass.tf"}
    assert {r.path for r in mine if Path(r.path).name == "silent.tf"} <= {r.path for r in mine if r.status == "skipped"}


def test_every_check_has_fixtures_and_metadata(fixtures_run: CheckovRun) -> None:
    """Each check has a folder of fixtures with its name; every result has its check, guideline and severity."""
    checks = sorted(path.stem for path in CHECKS.iterdir() if path.suffix in (".py", ".yaml"))
    assert [stem for stem in checks if stem != "__init__"] == STEMS
    assert {r.check_id for r in fixtures_run.results} == {id_of(stem) for stem in STEMS}
    table = re.findall(
        r"^\| (CKV\w+) \| (\w+) \| .* \| `(\w+)\.\w+` \|$", (CHECKS / "README.md").read_text(), re.MULTILINE
    )
    severities = {r.check_id: r.severity for r in fixtures_run.results}
    assert sorted(table) == sorted((id_of(stem), severities[id_of(stem)], stem) for stem in STEMS)
    for result in fixtures_run.results:
        assert result.check_name.startswith("Ensure that ")
        assert result.guideline is not None
        assert result.guideline.startswith("https://")
        assert result.severity in ("low", "medium", "high", "critical")


def test_the_skip_comment_carries_its_reason(fixtures_run: CheckovRun) -> None:
    """A backend with a skip comment is skipped, with the text of the comment."""
    assert [(r.path, r.comment) for r in fixtures_run.results if r.status == "skipped"] == [
        ("fixtures/checkov/s3_backend_locking/skipped/silent.tf", "one person, one machine")
    ]


def test_whole_catalogue_with_custom_checks() -> None:
    """On request, the checks of Checkov run too."""
    result = run(REPOSITORY, ["fixtures/checkov/s3_public_access_block"], checks_dirs=[CHECKS], whole_catalogue=True)
    ids = {r.check_id for r in result.results}
    assert {"CKV2_IACPOLICY_4", "CKV2_AWS_6", "CKV_AWS_21"} <= ids


def test_settings_in_the_scanned_repository_run_no_code(tmp_path: Path) -> None:
    """A `.checkov.yaml` of the repository is not read, and the checks that it names are not executed."""
    trace = tmp_path / "executed"
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "__init__.py").touch()
    (evil / "check.py").write_text(f"open({str(trace)!r}, 'w')\n", encoding="utf-8")
    (tmp_path / ".checkov.yaml").write_text(f"external-checks-dir:\n  - {evil}\nskip-check: CKV2_IACPOLICY_1\n")
    (tmp_path / "main.tf").write_text('resource "render_web_service" "x" {\n}\n', encoding="utf-8")
    result = run(tmp_path, ["."], checks_dirs=[CHECKS])
    assert [(r.path, r.check_id) for r in result.results] == [
        ("main.tf", "CKV2_IACPOLICY_1"),
        ("main.tf", "CKV_IACPOLICY_2"),
    ]
    assert not trace.exists()


def test_problems_inside_checkov_are_reported(tmp_path: Path) -> None:
    """A broken file, a check that cannot load and a check that crashes are errors, although Checkov exits with 0."""
    checks = tmp_path / "checks"
    checks.mkdir()
    (checks / "__init__.py").touch()
    (checks / "cannot_load.py").write_text("import no_such_module_at_all\n", encoding="utf-8")
    (checks / "crashing.py").write_text(
        "from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck\n"
        "class Crashing(BaseResourceCheck):\n"
        "    def __init__(self):\n"
        "        super().__init__('x', 'MINE_1', (), ('render_web_service',))\n"
        "    def scan_resource_conf(self, conf):\n"
        "        raise KeyError('boom')\n"
        "check = Crashing()\n",
        encoding="utf-8",
    )
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "broken.tf").write_text('resource "a" "b" {\n  x = =\n}\n', encoding="utf-8")
    (repository / "main.tf").write_text('resource "render_web_service" "x" {\n}\n', encoding="utf-8")
    result = run(repository, [""], checks_dirs=[checks])
    assert {d.severity for d in result.diagnostics} == {Level.ERROR}
    assert [str(d.location) for d in result.diagnostics if d.location] == ["broken.tf:1"]
    details = " ".join(d.detail for d in result.diagnostics)
    assert "(ModuleNotFoundError)" in details
    assert "Failed to run check MINE_1 on /main.tf:render_web_service.x (KeyError)" in details


def test_an_excluded_directory_is_not_entered(tmp_path: Path) -> None:
    """`exclude` excludes a directory from Checkov, but not another directory whose name begins with it."""
    for directory in ("vendor", "vendor-2"):
        (tmp_path / directory).mkdir()
        (tmp_path / directory / "main.tf").write_text('resource "render_web_service" "x" {\n}\n', encoding="utf-8")
    result = run(tmp_path, ["."], checks_dirs=[CHECKS], exclude=["vendor"])
    assert {r.path for r in result.results} == {"vendor-2/main.tf"}
