"""Make the pages of the policies from their META and fixtures."""

import ast
import json
from collections.abc import Iterable, Sequence

from iacpolicy.gate import governance
from iacpolicy.policy.loading.load import module_name
from iacpolicy.policy.loading.policy import Policy
from scripts.docs_examples import examples

GENERATED = "<!-- Generated from META and the fixtures by `make docs`. -->\n"


def policy_page(policy: Policy) -> str:
    """Return the text of `README.md` in the folder of a policy."""
    meta = policy.meta
    facts = [f"**{meta.severity.value}**", f"looks at {_codes(meta.on)}"]
    if meta.aliases:
        facts.append(f"also called {_codes(meta.aliases)}")
    if not meta.waivable:
        facts.append("cannot be waived")
    parts = [
        f"{GENERATED}# `{meta.id}`: {meta.title}",
        " · ".join(facts),
        summary(policy),
        f"## Why\n\n{meta.why}",
        f"## Remediation\n\n{meta.fix}",
        _options(policy),
        *examples(policy.folder, meta.id),
        "## References\n\n" + "\n".join(f"- <{url}>" for url in meta.references) if meta.references else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def policies_page(catalogue: Sequence[Policy]) -> str:
    """Return the text of `docs/policies.md`, which lists every policy by domain."""
    lines = [f"{GENERATED}# Policies", "", "`iacpolicy explain ID` prints the page of a policy."]
    for domain in sorted({p.folder.parent.name for p in catalogue}):
        lines += ["", f"## {domain}", "", "| policy | severity | what it finds |", "|---|---|---|"]
        lines += [
            f"| [`{p.id}`](../policies/{domain}/{p.id}/README.md) | {p.meta.severity.value} | {_cell(p.meta.title)} |"
            for p in catalogue
            if p.folder.parent.name == domain
        ]
    lines += ["", f"## {governance.DOMAIN}", "", "Found by the gate, in comments and in the baseline."]
    for meta in governance.POLICIES.values():
        lines += ["", f"### `{meta.id}`: {meta.title}", "", f"**{meta.severity.value}** · cannot be waived"]
        lines += ["", meta.why, "", meta.fix]
    return "\n".join(lines) + "\n"


def summary(policy: Policy) -> str:
    """Return the docstring of the module of a policy, which states its rule in a sentence."""
    source = (policy.folder / f"{module_name(policy.id)}.py").read_text(encoding="utf-8")
    return ast.get_docstring(ast.parse(source)) or ""


def _options(policy: Policy) -> str:
    if not policy.meta.options:
        return ""
    rows = [f"| `{o.name}` | `{_cell(json.dumps(o.default))}` | {_cell(o.description)} |" for o in policy.meta.options]
    head = f"## Options\n\nIn `iacpolicy.toml`, under `[policies.{policy.id}]`:\n\n"
    return head + "\n".join(["| option | default | meaning |", "|---|---|---|", *rows])


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _cell(text: str) -> str:
    """Return text that does not end a table cell."""
    return text.replace("|", "\\|")
