"""Reports in memory: of a small repository, and with hostile text in every place that a repository controls."""

from typing import Any

from iacpolicy.core.diagnostics import Diagnostic, error, note, warning
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import (
    Certainty,
    Finding,
    FindingStatus,
    Passed,
    TraceStep,
    Undecided,
    UndecidedReason,
    Waiver,
)
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.gate.report import Report
from iacpolicy.gate.summary import summarise
from iacpolicy.policy.meta import Meta, Severity
from iacpolicy.terraform.cells import Cell

MAIN = """\
terraform {
  backend "s3" {
    bucket = "acme-state"
  }
}

module "api" {
  source = "./modules/service"
  min    = var.api_min
}
"""
SERVICE = """\
resource "render_web_service" "this" {
  name = "api"
\tautoscaling = {
    enabled = true
    min     = var.min
    max     = 3
  }
}
"""
PRODUCTION = "api_min = 0\n"
BROKEN = 'resource "aws_s3_bucket" "logs" {\n  bucket = \n}\n'

CELLS = (
    Cell("infra", "production", ("infra/env/production.tfvars",)),
    Cell("infra", "staging", ("infra/env/staging.tfvars",)),
    Cell("infra/bootstrap", "default"),
)


def sources(**more: str) -> dict[str, SourceFile]:
    """Return the files of the small repository."""
    files = {
        "infra/main.tf": MAIN,
        "infra/modules/service/main.tf": SERVICE,
        "infra/env/production.tfvars": PRODUCTION,
        "infra/broken.tf": BROKEN,
    } | more
    return {path: SourceFile(path, text) for path, text in files.items()}


def finding(**changes: Any) -> Finding:
    """Return a certain new finding of `state-locking` at the backend's header, with changed fields."""
    values: dict[str, Any] = {
        "policy": "state-locking",
        "severity": Severity.HIGH,
        "certainty": Certainty.CERTAIN,
        "message": "the S3 backend does not lock its state",
        "address": "backend.s3",
        "attribute": "use_lockfile",
        "location": Span("infra/main.tf", 2, 3, 2, 15),
        "fingerprint": "v1:1111",
        "cells": (0, 1),
        "addresses": ("backend.s3",),
    }
    return Finding(**(values | changes))


def autoscaling(**changes: Any) -> Finding:
    """Return a possible finding in production, with a trace over a var-file and a module argument."""
    values: dict[str, Any] = {
        "policy": "autoscaling-bounds",
        "severity": Severity.CRITICAL,
        "certainty": Certainty.POSSIBLE,
        "message": "min is below 1",
        "address": 'module.api["0"].render_web_service.this',
        "attribute": "autoscaling.min",
        "location": Span("infra/modules/service/main.tf", 5, 15, 5, 22),
        "fingerprint": "v1:2222",
        "condition": "when var.api_min < 1",
        "trace": (
            TraceStep("tfvars", "infra/env/production.tfvars", 1, "api_min = 0"),
            TraceStep("argument", "infra/main.tf", 9, "  min    = var.api_min"),
            TraceStep("env", None, None, "TF_VAR_region"),
        ),
        "cells": (0,),
        "addresses": tuple(f'module.api["{i}"].render_web_service.this' for i in range(5)),
        "also": ("v1:3333",),
    }
    return Finding(**(values | changes))


def overlapping() -> Finding:
    """Return Checkov's finding of the same defect as `autoscaling`, without documentation."""
    return finding(
        policy="CKV_IACPOLICY_2",
        severity=Severity.MEDIUM,
        message="Ensure autoscaling has bounds",
        address="render_web_service.this",
        attribute=None,
        location=Span("infra/modules/service/main.tf", 1, 1, 8, 2),
        fingerprint="v1:3333",
        also=("v1:2222",),
        cells=(0, 1),
        addresses=(),
    )


def waived() -> Finding:
    """Return a finding that a comment waives."""
    return finding(
        policy="state-encryption",
        severity=Severity.LOW,
        message="the state is not encrypted",
        attribute="encrypt",
        fingerprint="v1:4444",
        waiver=Waiver("moved next month", "2027-01-31", Span("infra/main.tf", 1, 1, 1, 60)),
        status=FindingStatus.WAIVED,
    )


def metas() -> dict[str, Meta]:
    """Return the policies of the small repository."""
    listed = (
        Meta(
            id="autoscaling-bounds",
            title="Autoscaling has no usable bounds",
            severity=Severity.HIGH,
            on=("render_web_service",),
            why="A service without bounds scales to zero, or to an unbounded bill.",
            fix="Set autoscaling.min to 1 or more\nand max to what the budget allows.",
            references=("https://render.com/docs/scaling",),
        ),
        Meta(
            id="state-locking",
            title="State is not locked",
            severity=Severity.HIGH,
            on=("backend",),
            why="Two applies at once corrupt the state.",
            fix="Set use_lockfile = true.",
        ),
        Meta(
            id="state-encryption",
            title="State is not encrypted",
            severity=Severity.LOW,
            on=("backend",),
            why="State holds secrets.",
            fix="Set encrypt = true.",
        ),
    )
    return {meta.id: meta for meta in listed}


def diagnostics() -> tuple[Diagnostic, ...]:
    """Return a diagnostic of each level."""
    return (
        note("dynamodb_table is deprecated", "Use use_lockfile.", Span("infra/main.tf", 3, 5, 3, 11)),
        warning("Nothing is known of provider acme", "Its values stay unknown."),
        error(
            "Expression expected",
            "A value must follow the equals sign.\nWrite one, or remove the attribute.",
            Span("infra/broken.tf", 2, 12, 2, 12),
        ),
    )


def report(**changes: Any) -> Report:
    """Return the report of the small repository, with changed fields."""
    findings = changes.pop("findings", None)
    if findings is None:
        known = finding(fingerprint="v1:5555", status=FindingStatus.KNOWN, address="backend.other")
        findings = (waived(), finding(), known, overlapping(), autoscaling())
    undecided = (
        Undecided(
            "state-encryption",
            "backend.s3",
            Span("infra/bootstrap/main.tf", 2, 3, 2, 15),
            (
                UndecidedReason("`encrypt` may come by -backend-config"),
                UndecidedReason("module.keys is not installed", Span("infra/main.tf", 7, 1, 7, 13)),
            ),
            (2,),
        ),
    )
    passed = (Passed("state-locking", "backend.s3", Span("infra/bootstrap/main.tf", 2, 3, 2, 15), (2,)),)
    values: dict[str, Any] = {
        "version": "1.2.3",
        "exit_code": ExitCode.VIOLATIONS,
        "exit_reasons": ("3 violations at or above low: 1 critical, 1 high, 1 medium", "incomplete: 1 error"),
        "cells": CELLS,
        "findings": findings,
        "undecided": undecided,
        "passed": passed,
        "diagnostics": diagnostics(),
        "policies": metas(),
        "sources": sources(),
    } | changes
    values.setdefault(
        "summary",
        summarise(
            values["findings"],
            values["undecided"],
            values["diagnostics"],
            passed=len(values["passed"]),
            files=5,
            roots=2,
            cells=len(values["cells"]),
            resources=4,
            policies=len(values["policies"]),
        ),
    )
    return Report(**values)


def clean() -> Report:
    """Return the report of a repository without findings."""
    return report(exit_code=ExitCode.CLEAN, exit_reasons=(), findings=(), undecided=(), diagnostics=(), cells=CELLS[2:])


HOSTILE = (
    "\x1b[2Jx\n::error::pwned\r\n\u202eevil\u2066 ]]> <script>alert(1)</script> [a](http://b) \\| `a` @all #1 "
    "##[add-path]/x \ud800\uffff"
)


def hostile() -> Report:
    """Return a report in which every text of the repository is `HOSTILE`."""
    path = f"::warning::{HOSTILE}.tf"
    span = Span(path, 1, 1, 1, 4)
    bad = Finding(
        policy="state-locking",
        severity=Severity.HIGH,
        certainty=Certainty.POSSIBLE,
        message=HOSTILE,
        address=HOSTILE,
        attribute=HOSTILE,
        location=span,
        fingerprint="v1:6666",
        condition=HOSTILE,
        fix=HOSTILE,
        trace=(TraceStep("tfvars", path, 1, HOSTILE),),
        cells=(0,),
        addresses=(HOSTILE, HOSTILE + "2"),
    )
    accepted = finding(
        message=HOSTILE, location=span, waiver=Waiver(HOSTILE, "2027-01-31", span), status=FindingStatus.WAIVED
    )
    return report(
        findings=(bad, accepted),
        fixed=(bad,),
        undecided=(Undecided("state-locking", HOSTILE, span, (UndecidedReason(HOSTILE, span),), (0,)),),
        passed=(Passed("state-locking", HOSTILE, span, (0,)),),
        diagnostics=(error(HOSTILE, HOSTILE, span),),
        cells=(Cell(HOSTILE, HOSTILE, (HOSTILE,)), *CELLS),
        sources={path: SourceFile(path, HOSTILE)},
        exit_reasons=(HOSTILE,),
    )


def since() -> Report:
    """Return the report of a branch compared with its base: one fixed finding, one new one with a remediation."""
    return report(
        findings=(finding(fix="Set use_lockfile = true in the backend of acme-state."),), fixed=(autoscaling(also=()),)
    )
