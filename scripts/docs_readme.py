"""Make the generated blocks of the README: a real run, file contents, and the list of policies."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from iacpolicy.policy.loading.policy import Policy

EXAMPLE = "docs/example"
POLICY = "docs/example-policies/compute/service-region"
BLOCK = re.compile(r"(?P<begin><!-- begin: (?P<name>[\w-]+) -->\n).*?(?P<end><!-- end: (?P=name) -->)", re.DOTALL)


def readme(root: Path, catalogue: Sequence[Policy]) -> str:
    """Return the text of README.md with all generated blocks.

    Raises:
        KeyError: the README has a block that nothing fills.
    """
    makers: dict[str, Callable[[], str]] = {
        "scan": lambda: run(root),
        "catalogue": lambda: domains(catalogue),
        "workflow": lambda: fenced(root / "docs/github-workflow.yml", "yaml"),
        "policy": lambda: fenced(root / POLICY / "service_region.py", "python"),
        "policy-fixture": lambda: fenced(root / POLICY / "fail.tf", "hcl"),
    }
    text = (root / "README.md").read_text(encoding="utf-8")
    return BLOCK.sub(lambda m: f"{m['begin']}{makers[m['name']]()}{m['end']}", text)


def run(root: Path) -> str:
    """Return the output of `iacpolicy scan docs/example` in a code fence.

    Raises:
        RuntimeError: the scan does not end with 1, as it should over an example with violations.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("IACPOLICY_", "TF_"))}
    command = [sys.executable, "-m", "iacpolicy.cli.main", "scan", EXAMPLE, "--checkov", "off"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 1:
        raise RuntimeError(f"the scan of {EXAMPLE} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return f"```text\n$ iacpolicy scan {EXAMPLE}\n{done.stdout.rstrip()}\n```\n"


def domains(catalogue: Sequence[Policy]) -> str:
    """Return the ids of all policies, one line per domain."""
    found: dict[str, list[str]] = {}
    for policy in catalogue:
        domain = policy.folder.parent.name
        found.setdefault(domain, []).append(f"[`{policy.id}`](policies/{domain}/{policy.id}/README.md)")
    return "".join(f"- {domain}: {', '.join(links)}\n" for domain, links in sorted(found.items()))


def fenced(file: Path, language: str) -> str:
    """Return the text of a file in a code fence."""
    return f"```{language}\n{file.read_text(encoding='utf-8').rstrip()}\n```\n"
