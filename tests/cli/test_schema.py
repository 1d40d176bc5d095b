"""`iacpolicy schema import`: the schema of a provider in the repository, and its use in scans."""

import io
import json
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import report_of, write_files

ACME = Path(__file__).parents[2] / "fixtures/schemas/acme.json"
FILE = ".iacpolicy/schemas/acme-acme.msgpack"
MAIN = 'resource "acme_thing" "a" {\n  name = "a"\n  rule {\n    port = "x"\n  }\n}\n'
POLICY = """title: A test
severity: low
on: [acme_thing]
why: It tests.
fix: Pass it.
forbid:
  - attribute: rule.port
    equals: 443
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a runner of commands in a repository."""
    write_files(tmp_path, {".git/HEAD": "", "main.tf": MAIN, "policies/own/policy.yaml": POLICY})
    return Runner(tmp_path, monkeypatch, capsys)


def _errors(run: Runner) -> list[str]:
    done = run("scan", "--checkov", "off", "--format", "json", "--policies", "policies", "--policy", "own")
    return [d["summary"] for d in json.loads(done.out)["diagnostics"] if d["severity"] == "error"]


def test_scans_know_the_types(run: Runner) -> None:
    """Without the schema, the type of a port is unknown; with it, a string is an error."""
    assert _errors(run) == []
    done = run("schema", "import", str(ACME))
    assert (done.code, done.out) == (0, f"wrote {FILE}: acme/acme, 1 resources, 1 data sources\n")
    assert len(_errors(run)) == 1
    (run.directory / "main.tf").write_text(MAIN.replace('"x"', '"443"'), encoding="utf-8")
    assert _errors(run) == []


def test_from_standard_input_and_from_below(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads standard input; the file is written below the repository root."""
    below = run.directory / "infra"
    below.mkdir()
    monkeypatch.chdir(below)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ACME.read_bytes())))
    assert run("schema", "import", "-").code == 0
    assert (run.directory / FILE).is_file()


def test_imported_facts_go_before_shipped_ones(tmp_path: Path, run: Runner) -> None:
    """An imported schema takes precedence over the shipped one."""
    document = json.loads(ACME.read_text(encoding="utf-8").replace("acme", "render"))
    block = document["provider_schemas"]["registry.terraform.io/render/render"]["resource_schemas"]["render_thing"]
    document["provider_schemas"]["registry.terraform.io/render/render"]["resource_schemas"] = {"render_keyvalue": block}
    write_files(tmp_path, {"schema.json": json.dumps(document)})
    assert run("schema", "import", "schema.json").code == 0
    main = 'resource "render_keyvalue" "a" {\n  name = "a"\n  rule {\n    port = "443"\n  }\n}\n'
    policy = POLICY.replace("acme_thing", "render_keyvalue")
    write_files(tmp_path, {"main.tf": main, "policies/own/policy.yaml": policy})
    report = report_of(tmp_path, {}, policy_dirs=(tmp_path / "policies",), wanted=("own",))
    assert [f.location.line for f in report.findings] == [4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{}", "This is not a schema: "),
        ('{"format_version": "9.0", "provider_schemas": {}}', "format version 9.0"),
        ('{"format_version": "1.0", "provider_schemas": {}}', "describes no provider"),
        ("[" * 100_000, "This is not a schema: "),
    ],
)
def test_input_that_is_not_a_schema(run: Runner, text: str, words: str) -> None:
    """Invalid input writes nothing, and the error has a remedy."""
    write_files(run.directory, {"schema.json": text})
    done = run("schema", "import", "schema.json")
    assert (done.code, words in done.err) == (2, True)
    assert not (run.directory / ".iacpolicy").exists()
    assert run("schema", "import", "nowhere.json").code == 2


def test_a_damaged_file_makes_the_run_incomplete(run: Runner) -> None:
    """A committed file that is not a schema is an error with its path; the rest is scanned."""
    run("schema", "import", str(ACME))
    good = (run.directory / FILE).read_bytes()
    for data in (b"", b"\xc1", good[: len(good) // 2], b"\x91" * 100_000):
        (run.directory / FILE).write_bytes(data)
        assert _errors(run) == ["Schema cannot be read"]


def test_names_of_providers_are_no_paths(run: Runner) -> None:
    """For any provider address, the file is in the directory of schemas."""
    text = ACME.read_text(encoding="utf-8").replace("registry.terraform.io/acme/acme", "../../..//../evil/x")
    write_files(run.directory, {"schema.json": text})
    before = {p for p in run.directory.parent.rglob("*") if ".iacpolicy" not in p.parts}
    done = run("schema", "import", "schema.json")
    assert {p for p in run.directory.parent.rglob("*") if ".iacpolicy" not in p.parts} == before
    assert done.code in (0, 2)
    written = [p.parent for p in run.directory.rglob("*.msgpack")]
    assert set(written) <= {run.directory / ".iacpolicy/schemas"}
