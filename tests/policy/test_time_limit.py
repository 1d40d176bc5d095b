"""Endless code is stopped, in the main thread and in others, where it is safe."""

import threading
import time
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import pytest
from tests.support.scans import report_of, scan_files, write_policy

from iacpolicy.engine import run as engine
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.prepare import prepare
from iacpolicy.policy.loading import time_limit
from iacpolicy.policy.loading.load import load_policies

MAIN = 'resource "terraform_data" "a" {\n  input = 1\n}\n\nresource "terraform_data" "b" {\n  input = 1\n}\n'
ENDLESS = {
    "loop": "while True:\n    pass\nyield",
    "over the evaluator": 'while resource["input"] == 1:\n    pass\nyield',
    "that catches what it can": "while True:\n    try:\n        while True:\n            pass\n"
    "    except Exception:\n        pass\nyield",
    "in a regular expression": 'import re\nre.fullmatch("(a|a)*b", "a" * 40)\nyield',
    "in what it yields": "while True:\n    yield from ()",
}


def _run(tmp_path: Path, body: str, seconds: float) -> engine.Results:
    policies = write_policy(tmp_path / "policies", "endless", "terraform_data", body)
    write_policy(policies, "own", "terraform_data", 'yield Violation("seen", at=resource)')
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo/main.tf").write_text(MAIN, encoding="utf-8")
    prepared = prepare(Request(tmp_path / "repo", ("",), checkov="off"))
    loaded, broken = load_policies([policies], {})
    assert broken == []
    return engine.run(loaded, prepared.graphs, prepared.secrets, {}, seconds=seconds)


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_stopped_once(tmp_path: Path, body: str) -> None:
    """One diagnostic names the policy, which does not run for further resources; the others continue."""
    results = _run(tmp_path, body, 0.1)
    (problem,) = results.diagnostics
    assert problem.summary == "Policy endless failed"
    assert problem.detail.startswith(
        "It failed on terraform_data.a: it took more than 0.1 s for one resource, and was stopped for this run."
    )
    assert [(f.policy, f.address) for f in results.findings] == [
        ("own", "terraform_data.a"),
        ("own", "terraform_data.b"),
    ]


def test_it_is_stopped_in_another_thread(tmp_path: Path) -> None:
    """Without a signal, a thread checks the time."""
    found: list[engine.Results] = []
    thread = threading.Thread(target=lambda: found.append(_run(tmp_path, ENDLESS["loop"], 0.1)))
    thread.start()
    thread.join(20)
    assert [d.summary for d in found[0].diagnostics] == ["Policy endless failed"]


def test_waiting_is_stopped_too() -> None:
    """A run that only waits is stopped after a multiple of the limit."""
    with pytest.raises(time_limit.OutOfTime), time_limit.watched(0.05), time_limit.limited_run():
        time.sleep(20)


def test_many_short_runs() -> None:
    """The limit is for each run, and there is none outside of runs."""
    started = time.process_time()
    with time_limit.watched(0.1):
        while time.process_time() - started < 0.4:
            with time_limit.limited_run():
                sum(range(1000))
        while time.process_time() - started < 0.8:
            sum(range(1000))


def test_the_evaluator_is_not_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the limit and twice the limit only the code of a policy is stopped."""
    used = 0.0
    monkeypatch.setattr(time_limit, "time", SimpleNamespace(process_time=lambda: used, monotonic=lambda: used))
    clock = time_limit._Clock(5)
    own = compile("import sys\nframe = sys._getframe()", "own", "exec")
    frames: dict[str, FrameType] = {}
    for name in ("iacpolicy.evaluate.modules.module_instance", "iacpolicy_policies.own.own"):
        space: dict[str, Any] = {"__name__": name}
        exec(own, space)
        frames[name] = space["frame"]
    with clock:
        assert not clock.is_over(None)
        used = 6.0
        assert not clock.is_over(frames["iacpolicy.evaluate.modules.module_instance"])
        assert clock.is_over(frames["iacpolicy_policies.own.own"])
        used = 11.0
        assert clock.is_over(frames["iacpolicy.evaluate.modules.module_instance"])


def test_a_policy_that_ends_the_process_has_failed(tmp_path: Path) -> None:
    """`sys.exit` in a policy ends only the policy."""
    policies = write_policy(tmp_path / "policies", "own", "terraform_data", "raise SystemExit(0)\nyield")
    scanned = scan_files(tmp_path / "repo", {"main.tf": MAIN}, policy_dirs=(policies,), wanted=("own",))
    assert scanned.report.exit_code == 3
    report = report_of(tmp_path / "other", {"main.tf": MAIN}, policy_dirs=(policies,), wanted=("own",))
    assert [d.summary for d in report.diagnostics] == ["Policy own failed"]
