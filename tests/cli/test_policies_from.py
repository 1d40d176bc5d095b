"""`--policies-from`: a pull request cannot weaken its own gate."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import Ran, Runner
from tests.support.scans import write_files, write_policy

MAIN = """resource "terraform_data" "a" {
  input = 1
}

resource "terraform_data" "b" {
  input = 2
}
"""
YAML = """title: A test
severity: low
on: [terraform_data]
why: It tests.
fix: Pass it.
forbid:
  - attribute: input
    at_least: 1
"""
SETTINGS = 'policy_dirs = ["rules"]\n[policies]\nenabled = ["data", "code"]\n'


def _git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def _commit(root: Path) -> None:
    _git(root, "add", "--all", ".")
    _git(root, "commit", "--quiet", "--message=change")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a repository with untrusted policies in YAML and in Python."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    root = tmp_path / "repository"
    write_files(
        root,
        {"main.tf": MAIN, "iacpolicy.toml": SETTINGS, "rules/data/policy.yaml": YAML, "rules/code/words.py": "N = 1\n"},
    )
    body = (
        "from pathlib import Path\nimport sys\nsys.path.insert(0, str(Path(__file__).parent))\nimport words\n"
        'if resource["input"] == words.N:\n    yield Violation("one", at=resource["input"])'
    )
    write_policy(root / "rules", "code", "terraform_data", body)
    _git(root, "init", "--quiet", "--initial-branch=main")
    _commit(root)
    _git(root, "switch", "--quiet", "--create=change")
    return Runner(root, monkeypatch, capsys)


def _scan(run: Runner, *more: str) -> tuple[Ran, list[tuple[str, str, str]], dict[str, Any]]:
    done = run("scan", "--checkov", "off", "--format", "json", "--policies-from", "main", *more)
    document = json.loads(done.out) if done.out else {}
    found = [(f["policy"], f["address"], f["status"]) for f in document.get("findings", ())]
    return done, found, document


def _summaries(document: dict[str, Any], severity: str) -> list[str]:
    return [d["summary"] for d in document["diagnostics"] if d["severity"] == severity]


EVERYTHING = [
    ("code", "terraform_data.a", "new"),
    ("data", "terraform_data.a", "new"),
    ("data", "terraform_data.b", "new"),
]


def test_policies_of_the_base_run_without_trust(run: Runner) -> None:
    """Python and YAML policies of the base run, with their helper module, and nothing is written into the work tree."""
    before = sorted(run.directory.rglob("*"))
    done, found, document = _scan(run)
    assert (done.code, found) == (1, EVERYTHING)
    assert document["diagnostics"] == []
    assert [p for p in sorted(run.directory.rglob("*")) if p not in before and ".git/" not in str(p)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"iacpolicy.toml": '[policies]\nskip = ["data", "code"]\n'},
        {"iacpolicy.toml": f'exclude = ["main.tf"]\nfail_on = "never"\n{SETTINGS}'},
        {"iacpolicy.toml": "not toml"},
        {"rules/data/policy.yaml": YAML.replace("at_least: 1", "at_least: 9")},
        {"rules/code/code.py": "raise SystemExit\n"},
        {"rules/code/words.py": 'N = 7\nopen("ran", "w").close()\n'},
        {"pyproject.toml": "[tool.iacpolicy]\nfail_on = 'never'\n"},
    ],
)
def test_a_change_does_not_weaken_its_gate(run: Runner, change: dict[str, str]) -> None:
    """Settings and policies of the base count, even if the change replaces them, and a note reports that."""
    for name, text in change.items():
        (run.directory / name).write_text(text, encoding="utf-8")
    done, found, document = _scan(run)
    assert (done.code, found) == (1, EVERYTHING)
    assert _summaries(document, "note") == ["Change of the rules is not in force yet"]
    _commit(run.directory)
    assert _scan(run)[1] == EVERYTHING
    assert not (run.directory / "ran").exists()


def test_named_directories_come_from_the_base(run: Runner, tmp_path: Path) -> None:
    """`--policies` with a directory of the repository uses that of the base; a directory outside is used directly."""
    (run.directory / "iacpolicy.toml").unlink()
    _commit(run.directory)
    _git(run.directory, "branch", "--force", "main")
    (run.directory / "rules/data/policy.yaml").write_text(YAML.replace("at_least: 1", "at_least: 9"), encoding="utf-8")
    outside = write_policy(tmp_path / "outside", "own", "terraform_data", 'yield Violation("seen", at=resource)')
    wanted = ("--policy", "data", "--policy", "own")
    done, found, _ = _scan(run, "--policies", "rules", "--policies", str(outside), *wanted)
    assert done.code == 1
    assert [policy for policy, _, _ in found] == ["own", "data", "own", "data"]
    write_files(run.directory, {"new/other/policy.yaml": YAML})
    done = run("scan", "--checkov", "off", "--policies-from", "main", "--policies", "new")
    assert (done.code, "new" in done.err) == (2, True)


WAIVED = MAIN.replace("  input = 1\n", '  input = 1 # iacpolicy:ignore[data, code] until=2990-01-31 reason="known"\n')


def test_a_waiver_that_is_added_waives_nothing(run: Runner) -> None:
    """An added waiver is reported as inactive, not as unused; after the merge it is active."""
    (run.directory / "main.tf").write_text(WAIVED, encoding="utf-8")
    done, found, document = _scan(run)
    assert (done.code, found) == (1, EVERYTHING)
    (told,) = [d for d in document["diagnostics"] if d["severity"] == "warning"]
    assert told["summary"] == "Waiver is not active yet"
    assert "main (" in told["detail"]
    assert "data, code" in told["detail"]
    assert told["location"]["line"] == 2
    _commit(run.directory)
    _git(run.directory, "branch", "--force", "main")
    done, found, document = _scan(run)
    assert [status for _, _, status in found] == ["waived", "waived", "new"]
    assert document["diagnostics"] == []


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        (f"# one line more\n{WAIVED}", ["waived", "waived", "new"]),
        (WAIVED.replace("input = 1 #", "input =   1   #"), ["waived", "waived", "new"]),
        (WAIVED.replace("[data, code]", "[code]"), ["waived", "new", "new"]),
        (WAIVED.replace("2990", "2999"), ["waived", "waived", "new"]),
        (WAIVED.replace("2990", "1990"), ["new", "new", "new", "waiver", "waiver"]),
        (
            WAIVED.replace("  input = 2", "  # iacpolicy:ignore[data]\n  input = 2"),
            ["waived", "waived", "new", "waiver"],
        ),
        (
            WAIVED.replace(
                'resource "terraform_data" "b"', '# iacpolicy:ignore[data] reason="x"\nresource "terraform_data" "b"'
            ),
            ["waived", "waived", "new"],
        ),
        (MAIN, ["new", "new", "new"]),
        (WAIVED.replace('"a"', '"c"'), ["new", "new", "new"]),
    ],
)
def test_waivers_of_the_base_hold(run: Runner, text: str, statuses: list[str]) -> None:
    """A moved waiver stays active until the day of the base at most; one elsewhere or of another policy is added."""
    (run.directory / "main.tf").write_text(WAIVED, encoding="utf-8")
    _commit(run.directory)
    _git(run.directory, "branch", "--force", "main")
    (run.directory / "main.tf").write_text(text, encoding="utf-8")
    found = _scan(run)[1]
    assert sorted("waiver" if p.startswith("waiver") else s for p, _, s in found) == sorted(statuses)


def test_of_two_siblings_the_one_that_was_waived_is(run: Runner) -> None:
    """Two blocks with the same name are distinguished by their content."""
    waived = (
        'resource "terraform_data" "a" {\n  provisioner "x" { # iacpolicy:ignore[nested]\n    n = 1\n  }\n  %s\n}\n'
    )
    other = 'provisioner "x" {%s\n    n = 2\n  }'
    body = 'for one in resource.blocks("provisioner"):\n    yield Violation("seen", at=one)'
    write_policy(run.directory / "rules", "nested", "terraform_data", body)
    (run.directory / "iacpolicy.toml").write_text('policy_dirs = ["rules"]\n[policies]\nenabled = ["data"]\n')
    (run.directory / "main.tf").write_text(waived % (other % ""), encoding="utf-8")
    _commit(run.directory)
    _git(run.directory, "branch", "--force", "main")
    (run.directory / "main.tf").write_text(waived % (other % " # iacpolicy:ignore[nested]"), encoding="utf-8")
    assert _summaries(_scan(run)[2], "warning") == ["Waiver is not active yet"]


def test_waivers_in_migrations(run: Runner) -> None:
    """A waiver of a statement is active for that statement only."""
    path = "supabase/migrations/20240101000000_a.sql"
    waived = '-- iacpolicy:ignore[row-level-security] reason="x"\ncreate table public.a (\n  id int\n);\n'
    write_files(run.directory, {path: waived, "iacpolicy.toml": '[policies]\nenabled = ["row-level-security"]\n'})
    _commit(run.directory)
    _git(run.directory, "branch", "--force", "main")
    assert [s for _, _, s in _scan(run)[1]] == ["waived"]
    more = waived + waived.replace("public.a", "public.b")
    write_files(run.directory, {path: "\n" + more.replace("id int", "id  int, n int")})
    assert [(a, s) for _, a, s in _scan(run)[1]] == [("public.a", "waived"), ("public.b", "new")]


def test_the_baseline_of_the_base(run: Runner) -> None:
    """An added entry does not count, a removed one is not reported as unused, and a deleted baseline still counts."""
    settings = SETTINGS.replace("[policies]", 'baseline = "known.json"\n[policies]')
    write_files(run.directory, {"iacpolicy.toml": settings, "main.tf": MAIN.replace("input = 2", "input = 0")})
    assert run("trust").code == 0
    assert run("baseline", "--checkov", "off").code == 0
    _commit(run.directory)
    _git(run.directory, "branch", "--force", "main")
    assert [s for _, _, s in _scan(run)[1]] == ["known", "known"]
    (run.directory / "main.tf").write_text(MAIN, encoding="utf-8")
    assert run("baseline", "--checkov", "off").code == 0
    assert [s for _, _, s in _scan(run)[1]] == ["known", "known", "new"]
    (run.directory / "main.tf").write_text(MAIN.replace("input = 1", "input = 0"), encoding="utf-8")
    assert ("waiver-unused", "known.json", "new") in _scan(run)[1]
    assert run("baseline", "--checkov", "off").code == 0
    assert _scan(run)[1] == [("data", "terraform_data.b", "new")]
    (run.directory / "known.json").unlink()
    (run.directory / "main.tf").write_text(MAIN, encoding="utf-8")
    assert [s for _, _, s in _scan(run)[1]] == ["known", "known", "new"]


def test_together_with_since(run: Runner) -> None:
    """The policies of the base run on both sides of `--since`, so that earlier findings are known."""
    (run.directory / "iacpolicy.toml").write_text("[policies]\nskip = ['data']\n", encoding="utf-8")
    (run.directory / "main.tf").write_text(MAIN.replace("input = 2", "input = 0"), encoding="utf-8")
    done, found, document = _scan(run, "--since", "main")
    assert (done.code, [s for _, _, s in found]) == (0, ["known", "known"])
    assert [f["address"] for f in document["fixed"]] == ["terraform_data.b"]


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD:main.tf", ""])
def test_an_unknown_revision_is_wrong_use(run: Runner, revision: str) -> None:
    """The exit code is 2, with a remedy."""
    done = run("scan", "--checkov", "off", f"--policies-from={revision}")
    assert (done.code, "--policies-from" in done.err) == (2, True)
    assert not (run.directory / "x").exists()


def test_wrong_settings_of_the_base(run: Runner) -> None:
    """Wrong settings in the base are wrong use, and the text names the base."""
    (run.directory / "iacpolicy.toml").write_text("fail_onn = 'low'\n", encoding="utf-8")
    _commit(run.directory)
    _git(run.directory, "branch", "--force", "main")
    (run.directory / "iacpolicy.toml").unlink()
    done = run("scan", "--checkov", "off", "--policies-from", "main")
    assert (done.code, "The settings in main (" in done.err, "iacpolicy.toml:1" in done.err) == (2, True, True)


def test_a_base_that_cannot_be_read(run: Runner) -> None:
    """The run is incomplete, with default settings and without waivers."""
    (run.directory / "main.tf").write_text(WAIVED, encoding="utf-8")
    _commit(run.directory)
    _git(run.directory, "branch", "--force", "main")
    git = run.directory / ".git"
    tree = subprocess.run(
        ["git", "rev-parse", "main^{tree}"], cwd=run.directory, check=True, capture_output=True, text=True
    ).stdout.strip()
    (git / "objects" / tree[:2] / tree[2:]).unlink()
    done, found, document = _scan(run, "--fail-on", "never")
    assert done.code == 3
    assert "Base cannot be read" in _summaries(document, "error")
    assert "waived" not in [s for _, _, s in found]


def test_schemas_of_the_base(run: Runner) -> None:
    """A schema that the change adds is not read, because it could declare any attribute as computed."""
    write_files(run.directory, {".iacpolicy/schemas/x.msgpack": "no schema"})
    assert _summaries(_scan(run)[2], "error") == []
    _commit(run.directory)
    _git(run.directory, "branch", "--force", "main")
    (run.directory / ".iacpolicy/schemas/x.msgpack").unlink()
    assert _summaries(_scan(run)[2], "error") == ["Schema cannot be read"]
