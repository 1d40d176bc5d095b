"""Precision and recall of the finder of secrets on the labelled set `fixtures/secrets`.

Values in the formats of real services are generated when the set is read, so no file contains one.
"""

import random
import re
import shutil
import string
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.cases import ROOT
from iacpolicy.core.tree import WorkTree
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.scan import scan
from iacpolicy.policy.testing.expectations import read_expectations

FAMILIES = ROOT / "fixtures/secrets"
POLICIES = ("plaintext-secret", "secret-default")
LEAST = 0.95

_LETTERS = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
_MADE = re.compile(r"MADE\(([a-z_]+)\)")
_FINE = re.compile(r"(?:#|--) fine(?=$|:)")

Case = tuple[str, int]
_Random = Callable[..., str]  # so many characters, of some letters


@dataclass(frozen=True, slots=True)
class Family:
    """The cases of one folder as file and line, and the findings; a place can have several secrets."""

    name: str
    positives: tuple[Case, ...]
    negatives: frozenset[Case]
    found: tuple[Case, ...]

    @property
    def missed(self) -> list[Case]:
        """Marked places without a finding."""
        return _without(self.positives, self.found)

    @property
    def surplus(self) -> list[Case]:
        """Findings at places without a mark."""
        return _without(self.found, self.positives)


def families() -> Iterator[Family]:
    """Scan each folder of the set as a repository."""
    for directory in sorted(p for p in FAMILIES.iterdir() if p.is_dir()):
        with TemporaryDirectory() as work:
            root = Path(work).resolve() / directory.name
            make(directory, root)
            yield _scanned(root)


def make(family: Path, target: Path) -> None:
    """Copy a family and insert the generated tokens."""
    shutil.copytree(family, target)
    for path in target.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            if "MADE(" in text:
                path.write_text(_MADE.sub(lambda found: made(found[1]), text), encoding="utf-8")


def table() -> str:
    """Return precision and recall on the set, in Markdown."""
    measured = list(families())
    lines = ["| secrets | positives | negatives | missed | false |", "|---|---:|---:|---:|---:|"]
    lines += [
        f"| {f.name} | {len(f.positives)} | {len(f.negatives)} | {len(f.missed)} | {len(f.surplus)} |" for f in measured
    ]
    precision, recall = rates(measured)
    over = [f"**under {LEAST}**"] if min(precision, recall) < LEAST else []
    lines += [
        "",
        "; ".join([f"Secrets: precision {precision:.3f}, recall {recall:.3f}, at least {LEAST}", *over]) + ".",
    ]
    return "\n".join(lines) + "\n"


def rates(measured: list[Family]) -> tuple[float, float]:
    """Return precision and recall over all families."""
    hits = sum(len(f.positives) - len(f.missed) for f in measured)
    found, marked = sum(len(f.found) for f in measured), sum(len(f.positives) for f in measured)
    return hits / max(1, found), hits / max(1, marked)


def _scanned(root: Path) -> Family:
    report = scan(Request(root, ("",), wanted=POLICIES, checkov="off")).report
    places = (f.location for f in report.findings)
    found = tuple(sorted((place.path, place.line) for place in places if place is not None))
    marked = tuple((e.path, e.line) for e in read_expectations(WorkTree(root)) if e.policy in POLICIES)
    return Family(root.name, marked, frozenset(_fine(root)), found)


def _fine(root: Path) -> Iterator[Case]:
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        if path.name == "expect.toml":
            yield from (
                (f"{path.parent.relative_to(root).as_posix()}/{e['file']}".removeprefix("./"), e["line"])
                for e in tomllib.loads(text).get("fine", [])
            )
        elif path.suffix in (".tf", ".tfvars", ".sql"):
            for number, line in enumerate(text.splitlines(), start=1):
                if _FINE.search(line):
                    yield name, number


def _without(some: tuple[Case, ...], others: tuple[Case, ...]) -> list[Case]:
    rest = list(others)
    left = []
    for case in some:
        if case in rest:
            rest.remove(case)
        else:
            left.append(case)
    return left


def _text(name: str, size: int, letters: str = _LETTERS) -> str:
    """Return letters for one format, equal in every run."""
    return "".join(random.Random(f"{name} {size}").choices(letters, k=size))


def _jwt(name: str, claims: str) -> str:
    parts = ('{"alg":"HS256","typ":"JWT"}', claims)
    encoded = [urlsafe_b64encode(p.encode()).decode().rstrip("=") for p in parts]
    return ".".join((*encoded, _text(name, 43)))


def made(name: str) -> str:
    """Return a token of no account in the format of a service.

    Raises:
        KeyError: there is no format of that name.
    """
    pieces: dict[str, Callable[[_Random], str]] = {
        "github": lambda t: "gh" + "p_" + t(36),
        "github_fine": lambda t: "github" + "_pat_" + t(22) + "_" + t(59),
        "gitlab": lambda t: "gl" + "pat-" + t(20),
        "slack": lambda t: "xo" + "xb-" + t(12, string.digits) + "-" + t(24),
        "slack_webhook": lambda t: "https://hooks.slack" + ".com/services/T" + t(8) + "/B" + t(9) + "/" + t(24),
        "discord_webhook": lambda t: "https://discord" + ".com/api/webhooks/" + t(18, string.digits) + "/" + t(68),
        "stripe": lambda t: "sk" + "_live_" + t(24),
        "stripe_public": lambda t: "pk" + "_live_" + t(24),
        "stripe_webhook": lambda t: "wh" + "sec_" + t(32),
        "supabase": lambda t: "sb" + "p_" + t(40, _HEX),
        "supabase_secret": lambda t: "sb" + "_secret_" + t(31),
        "vault": lambda t: "hv" + "s." + t(24),
        "render": lambda t: "rn" + "d_" + t(28),
        "grafana": lambda t: "gl" + "sa_" + t(32) + "_" + t(8, _HEX),
        "grafana_cloud": lambda t: "gl" + "c_" + t(48),
        "google": lambda t: "AI" + "za" + t(35),
        "npm": lambda t: "np" + "m_" + t(36),
        "sendgrid": lambda t: "S" + "G." + t(22) + "." + t(43),
        "openai": lambda t: "sk" + "-proj-" + t(48),
        "resend": lambda t: "re" + "_" + t(8) + "_" + t(24),
        "digitalocean": lambda t: "do" + "p_v1_" + t(64, _HEX),
        "hashicorp": lambda t: t(14) + ".at" + "lasv1." + t(67),
        "age": lambda t: "AGE-SECRET" + "-KEY-1" + t(58, string.ascii_uppercase + string.digits),
        "docker": lambda t: "dc" + "kr_pat_" + t(27),
        "linear": lambda t: "li" + "n_api_" + t(40),
        "shopify": lambda t: "sh" + "pat_" + t(32, _HEX),
        "newrelic": lambda t: "NR" + "AK-" + t(27, string.ascii_uppercase + string.digits),
        "telegram": lambda t: t(9, "123456789") + ":" + "AA" + t(33),
        "mailgun": lambda t: "ke" + "y-" + t(32, _HEX),
        "azure_storage": lambda t: t(86) + "==",
        "azure_signature": lambda t: t(43) + "%3D",
        "aws_pair": lambda t: "id AK" + "IA" + t(16, string.ascii_uppercase) + ", key " + t(40),
        "jwt": lambda t: _jwt(name, '{"sub":"system:serviceaccount:shop:deploy"}'),
        "jwt_anon": lambda t: _jwt(name, '{"iss":"supabase","ref":"abcdefghijklmnopqrst","role":"anon"}'),
        "jwt_service": lambda t: _jwt(name, '{"iss":"supabase","ref":"abcdefghijklmnopqrst","role":"service_role"}'),
        "private_key": lambda t: "-----BEGIN EC PRIVATE" + r" KEY-----\n" + t(64) + r"\n-----END EC PRIVATE KEY-----",
    }
    return pieces[name](lambda size, letters=_LETTERS: _text(name, size, letters))
