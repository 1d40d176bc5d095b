"""`iacpolicy secrets`: the secrets in the work tree and in the history."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

PASSWORD = "Vq7#mKd2Lw9xTr"
OTHER = "Zt4pRk8Wn3Qy6Lb"
BLOCK = 'resource "aws_db_instance" "db" {\n  password = "%s"\n}\n'
REFERENCE = 'variable "pw" {\n  sensitive = true\n}\n\nresource "aws_db_instance" "db" {\n  password = var.pw\n}\n'


def _git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _commit(root: Path, files: dict[str, str], *gone: str) -> str:
    write_files(root, files)
    for path in gone:
        (root / path).unlink()
    _git(root, "add", "--all", "--force")
    _git(root, "commit", "--quiet", "--allow-empty", "--message=change")
    return _git(root, "rev-parse", "HEAD")[:12]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return an empty repository."""
    _git(tmp_path, "init", "--quiet", "--initial-branch=main")
    return Runner(tmp_path, monkeypatch, capsys)


def _history(run: Runner, *more: str) -> tuple[int, list[dict[str, Any]]]:
    ran = run("secrets", "--history", "--json", *more)
    assert PASSWORD[2:6] not in ran.out + ran.err
    document = json.loads(ran.out)
    assert document["history"] is True
    return ran.code, document["secrets"]


def test_the_work_tree_is_listed(run: Runner) -> None:
    """An entry has the place, kind, reason and sinks, but never the secret; the exit code is 1."""
    write_files(run.directory, {"main.tf": BLOCK % PASSWORD, ".env": f"API_TOKEN={OTHER}\n"})
    ran = run("secrets")
    assert ran.code == 1
    assert "main.tf:2: resource.aws_db_instance.db.password: literal Vq… (its name is password)" in ran.out
    assert "flows to aws_db_instance.db (password)" in ran.out
    assert ".env:1: .env.API_TOKEN" in ran.out
    assert "2 secrets in the files" in ran.out
    document = json.loads(run("secrets", "--json").out)
    assert [(s["location"]["path"], s["location"]["line"], s["status"]) for s in document["secrets"]] == [
        (".env", 1, "open"),
        ("main.tf", 2, "open"),
    ]
    assert OTHER[2:6] not in ran.out


def test_nothing_written_is_clean(run: Runner) -> None:
    """The exit code is 0, and a sentence says that there are no secrets."""
    _commit(run.directory, {"main.tf": REFERENCE})
    assert run("secrets").code == 0
    ran = run("secrets", "--history")
    assert (ran.code, ran.out) == (0, "No secrets in 1 commit\n")


def test_a_secret_is_one_entry_however_often_its_file_changes(run: Runner) -> None:
    """An entry has the first commit, the line there, and the place at HEAD."""
    _commit(run.directory, {"main.tf": REFERENCE})
    first = _commit(run.directory, {"main.tf": BLOCK % PASSWORD})
    for number in range(3):
        _commit(run.directory, {"main.tf": f"# {number}\n" * (number + 1) + BLOCK % PASSWORD})
    code, found = _history(run)
    assert code == 1
    assert [(s["first"]["commit"], s["location"], s["stands"], s["removed"]) for s in found] == [
        (first, {"path": "main.tf", "line": 2}, {"path": "main.tf", "line": 5}, None)
    ]


def test_a_removed_secret_has_its_commit(run: Runner) -> None:
    """Removed secrets are found in Terraform, var-files, SQL and environment files."""
    first = _commit(
        run.directory,
        {
            "main.tf": BLOCK % PASSWORD,
            "production.tfvars": f'database_password = "{OTHER}"\n',
            "db/roles.sql": f"create role app login password '{OTHER}';\n",
            ".env.production": f"STRIPE_SECRET_KEY={OTHER}\n",
            "main.tf.json": json.dumps({"locals": {"api_token": OTHER}}),
        },
    )
    gone = _commit(
        run.directory, {"main.tf": REFERENCE}, "production.tfvars", "db/roles.sql", ".env.production", "main.tf.json"
    )
    code, found = _history(run)
    assert code == 1
    assert sorted(s["location"]["path"] for s in found) == [
        ".env.production",
        "db/roles.sql",
        "main.tf",
        "main.tf.json",
        "production.tfvars",
    ]
    assert {(s["first"]["commit"], s["removed"]["commit"], s["stands"]) for s in found} == {(first, gone, None)}
    text = run("secrets", "--history").out
    assert f"removed in {gone}" in text


def test_a_renamed_file_keeps_its_secret(run: Runner) -> None:
    """There is one entry: added in the old file, and present in the new one."""
    first = _commit(run.directory, {"old.tf": BLOCK % PASSWORD})
    _commit(run.directory, {"database.tf": "# moved\n" + BLOCK % PASSWORD}, "old.tf")
    _, found = _history(run)
    assert [(s["first"]["commit"], s["location"]["path"], s["stands"]) for s in found] == [
        (first, "old.tf", {"path": "database.tf", "line": 3})
    ]


def test_a_secret_of_a_side_branch_and_one_of_a_merge_are_found(run: Runner) -> None:
    """Secrets that a branch added and removed, and those that only the merge added, are found."""
    _commit(run.directory, {"main.tf": REFERENCE, "other.tf": "locals {}\n"})
    _git(run.directory, "switch", "--quiet", "--create=side")
    side = _commit(run.directory, {"main.tf": BLOCK % PASSWORD})
    _commit(run.directory, {"main.tf": REFERENCE})
    _git(run.directory, "switch", "--quiet", "main")
    _commit(run.directory, {"third.tf": "locals {}\n"})
    _git(run.directory, "merge", "--quiet", "--no-commit", "side")
    merge = _commit(run.directory, {"other.tf": f'locals {{\n  api_token = "{OTHER}"\n}}\n'})
    _, found = _history(run)
    assert {(s["first"]["commit"], s["location"]["path"]) for s in found} == {(side, "main.tf"), (merge, "other.tf")}


def test_a_literal_that_a_reference_makes_a_secret_is_found(run: Runner) -> None:
    """A literal on a neutral line is found through a local and a variable."""
    first = _commit(run.directory, {"values.tf": f'locals {{\n  first = "{PASSWORD}"\n}}\n'})
    _commit(
        run.directory,
        {
            "main.tf": "locals {\n  second = local.first\n}\n\n"
            'resource "aws_db_instance" "d" {\n  password = local.second\n}\n'
        },
    )
    gone = _commit(run.directory, {"values.tf": "locals {\n  first = null\n}\n"})
    _, found = _history(run)
    assert [(s["first"]["commit"], s["location"]["path"], s["removed"]["commit"]) for s in found] == [
        (first, "values.tf", gone)
    ]


def test_since_leaves_out_what_was_there_before(run: Runner) -> None:
    """A secret of the base is not new, although its file changes."""
    base = _commit(run.directory, {"main.tf": BLOCK % PASSWORD})
    new = _commit(run.directory, {"main.tf": BLOCK % PASSWORD + f'locals {{\n  api_token = "{OTHER}"\n}}\n'})
    _, found = _history(run, "--since", base)
    assert [(s["first"]["commit"], s["name"]) for s in found] == [(new, "locals.api_token")]
    assert _history(run, "--since", "HEAD") == (0, [])


def test_wrong_use_is_an_error(run: Runner, tmp_path: Path) -> None:
    """Without a commit, with an unknown revision, or with `--since` alone, the exit code is 2."""
    assert run("secrets", "--history").code == 2
    _commit(run.directory, {"main.tf": REFERENCE})
    assert run("secrets", "--history", "--since", "nowhere").code == 2
    assert run("secrets", "--history", "--since", "--output=x").code == 2
    assert run("secrets", "--since", "HEAD").code == 2
    shutil.rmtree(tmp_path / ".git")
    ran = run("secrets", "--history")
    assert ran.code == 2
    assert "git" in ran.err


def test_an_odd_repository_is_read_whole(run: Runner) -> None:
    """Names with line feeds and quotes, links, submodules, other encodings and line ends are read."""
    root = run.directory
    first = _commit(root, {"a\n\"b'.tf": BLOCK % PASSWORD, "crlf.tf": (BLOCK % OTHER).replace("\n", "\r\n")})
    os.symlink("crlf.tf", root / "link.tf")
    (root / "latin.tfvars").write_bytes(f'# caf\xe9\ndb_password = "{PASSWORD}"\n'.encode("latin-1"))
    (root / "utf16.env").write_bytes(f"API_TOKEN={OTHER}\n".encode("utf-16"))
    _git(root, "add", "--all")
    _git(root, "update-index", "--add", "--cacheinfo", f"160000,{_git(root, 'rev-parse', 'HEAD')},module.tf")
    _git(root, "commit", "--quiet", "--message=odd")
    code, found = _history(run)
    assert code == 1
    assert {s["location"]["path"] for s in found} == {"a\n\"b'.tf", "crlf.tf", "latin.tfvars", "utf16.env"}
    assert [s["location"]["line"] for s in found if s["first"]["commit"] == first] == [2, 2]
    assert "a\n" not in run("secrets", "--history").out.replace('a\n"b', "")


def test_files_that_are_too_large_or_no_text_are_named(run: Runner) -> None:
    """Without secrets but with unread versions, the exit code is 3."""
    _commit(run.directory, {"main.tf": REFERENCE})
    (run.directory / "large.tfvars").write_bytes(b"#" * 10_000_001)
    (run.directory / "binary.sql").write_bytes(b"a\0b")
    _commit(run.directory, {})
    ran = run("secrets", "--history")
    assert ran.code == 3
    assert "large.tfvars in commit" in ran.err
    assert "binary.sql in commit" in ran.err


def test_a_shallow_clone_is_incomplete(run: Runner, tmp_path: Path) -> None:
    """A shallow clone is reported, because older commits are missing."""
    _commit(run.directory, {"main.tf": BLOCK % PASSWORD})
    _commit(run.directory, {"main.tf": REFERENCE})
    _git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{tmp_path}", "shallow")
    ran = run("secrets", "shallow", "--history")
    assert ran.code == 3
    assert "shallow" in ran.err


def test_a_partial_clone_is_incomplete_and_nothing_is_fetched(run: Runner, tmp_path: Path) -> None:
    """A missing blob is reported, and no program from the git configuration runs."""
    first = _commit(run.directory, {"main.tf": BLOCK % PASSWORD})
    _commit(run.directory, {"main.tf": REFERENCE})
    _git(tmp_path, "config", "uploadpack.allowFilter", "true")
    _git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{tmp_path}", "partial")
    ran_marker = tmp_path / "ran"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {ran_marker}\n")
    script.chmod(0o755)
    clone = tmp_path / "partial"
    for key, value in {
        "remote.origin.url": f"ext::{script}",
        "remote.origin.uploadpack": str(script),
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
        "core.fsmonitor": str(script),
        "core.sshCommand": str(script),
        "core.pager": str(script),
        "diff.external": str(script),
        "diff.evil.textconv": str(script),
        "diff.evil.command": str(script),
        "filter.evil.smudge": str(script),
        "filter.evil.clean": str(script),
        "log.showSignature": "true",
        "gpg.program": str(script),
    }.items():
        _git(clone, "config", key, value)
    (clone / ".git/info/attributes").write_text("* diff=evil filter=evil\n")
    ran = run("secrets", "partial", "--history")
    assert ran.code == 3
    assert f"main.tf in commit {first} is not in this clone" in ran.err
    assert not ran_marker.exists()


def test_replaced_objects_and_grafts_hide_nothing(run: Runner) -> None:
    """Replaced objects and grafts do not hide a commit of the history."""
    bad = _commit(run.directory, {"main.tf": BLOCK % PASSWORD})
    good = _commit(run.directory, {"main.tf": REFERENCE})
    _git(run.directory, "replace", bad, good)
    (run.directory / ".git/info").mkdir(exist_ok=True)
    (run.directory / ".git/info/grafts").write_text(_git(run.directory, "rev-parse", good) + "\n")
    code, found = _history(run)
    assert (code, [s["first"]["commit"] for s in found]) == (1, [bad])


def test_excluded_files_are_left_out_unless_they_are_asked_for(run: Runner) -> None:
    """The setting `exclude` also applies to the history, and a path limits it."""
    _commit(
        run.directory,
        {
            "iacpolicy.toml": 'exclude = ["examples"]\n',
            "examples/a.tf": BLOCK % PASSWORD,
            "b/b.tf": BLOCK % PASSWORD,
            "c/c.tf": BLOCK % PASSWORD,
        },
    )
    assert {s["location"]["path"] for s in _history(run)[1]} == {"b/b.tf", "c/c.tf"}
    assert {s["location"]["path"] for s in _history(run, "b")[1]} == {"b/b.tf"}
    assert {s["location"]["path"] for s in _history(run, "examples")[1]} == {"examples/a.tf"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("main.tf", '# iacpolicy:ignore[plaintext-secret] reason="a demo"\n' + BLOCK % PASSWORD),
        ("x.tfvars", f'db_password = "{PASSWORD}" # iacpolicy:ignore[plaintext-secret] reason="a demo"\n'),
        (".env", f'# iacpolicy:ignore[plaintext-secret] reason="a demo"\nAPI_TOKEN={OTHER}\n'),
        ("a.sql", f"-- iacpolicy:ignore[plaintext-secret] reason=\"a demo\"\ncreate role a password '{PASSWORD}';\n"),
    ],
)
def test_waivers_count(run: Runner, path: str, text: str) -> None:
    """A comment with a reason waives a secret in the work tree and in the history, but it is listed."""
    _commit(run.directory, {"main.tf": "locals {}\n"} | {path: text})
    for arguments in (("secrets", "--json"), ("secrets", "--history", "--json")):
        ran = run(*arguments)
        document = json.loads(ran.out)
        assert [(s["status"], s["reason"]) for s in document["secrets"]] == [("waived", "a demo")], arguments
        assert ran.code == 0


@pytest.mark.parametrize("more", [(), ("--history",)])
def test_a_name_of_a_file_is_harmless_to_a_terminal_and_a_log(run: Runner, more: tuple[str, ...]) -> None:
    """Line breaks, escapes, direction marks and runner commands are escaped."""
    hostile = ["n\nl.auto.tfvars", "e\x1b[2J.auto.tfvars", "r\u202ed.auto.tfvars", "##[group]x.auto.tfvars"]
    _commit(run.directory, {name: f'api_token_{n} = "{OTHER}{n}"\n' for n, name in enumerate(hostile)})
    ran = run("secrets", *more)
    assert ran.code == 1
    for shown in ("n\\nl.auto.tfvars:1", "e\\x1b[2J.auto.tfvars:1", "r\\u202ed.auto.tfvars:1", "# #[group]x"):
        assert shown in ran.out
    assert all(c.isprintable() or c == "\n" for c in ran.out + ran.err)
    told = run("secrets", *more, "--json")
    assert told.out.isascii()
    paths = [entry["location"]["path"] for entry in json.loads(told.out)["secrets"]]
    assert sorted(paths) == sorted(hostile)


def test_no_line_is_a_command_to_a_runner(run: Runner) -> None:
    """A name that begins with two colons is printed with a space between them."""
    write_files(run.directory, {"::error::x.env": f"API_TOKEN={OTHER}\n"})
    assert run("secrets").out.startswith(": :error::x.env:1: ")


MANY = "".join(f"db_password_{n}: Vq7mKd2Lw9x{n}\n" for n in range(2_100))
LONG = "# filler\n" * 230_000 + f"db_password: {OTHER}\n"


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        pytest.param({"main.tf": f"locals {{\n  db_config = <<EOT\n{MANY}EOT\n}}\n"}, "secrets of a text", id="many"),
        pytest.param({"main.tf": f"locals {{\n  db_config = <<EOT\n{LONG}EOT\n}}\n"}, "length of texts", id="long"),
        pytest.param(
            {"main.tf": 'locals {\n  db = file("c.yaml")\n}\n', "c.yaml": MANY},
            "secrets of a text",
            id="many in a file",
        ),
    ],
)
def test_a_limit_of_the_search_is_reported(run: Runner, files: dict[str, str], limit: str) -> None:
    """A limit is named and makes the run incomplete; with secrets, the exit code is that of secrets."""
    write_files(run.directory, files)
    ran = run("secrets")
    assert f"(limit: {limit})" in ran.err
    assert ran.code == (3 if limit == "length of texts" else 1)
    scanned = run("scan", "--format=json")
    assert f"(limit: {limit})" in scanned.out
    assert scanned.code == ran.code
    assert any(reason.startswith("incomplete: ") for reason in json.loads(scanned.out)["exit"]["reasons"])


def test_a_limit_is_reported_outside_of_roots_and_in_the_history(run: Runner) -> None:
    """Var-files that no cell names, and files of every commit, have the same limits."""
    loose = f"db_config = <<EOT\n{MANY}EOT\n"
    _commit(run.directory, {"main.tf": REFERENCE, "vars/loose.tfvars": loose})
    for more in ((), ("--history",)):
        assert "(limit: secrets of a text)" in run("secrets", *more).err
