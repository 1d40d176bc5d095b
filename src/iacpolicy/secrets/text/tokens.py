"""Secrets by their format: tokens of providers, private keys, and credentials in URLs.

Every expression is linear, without nested repetition. Each has a literal text that is searched for first, so that a
large file without such texts takes almost no time.
"""

import re
from base64 import urlsafe_b64decode
from bisect import bisect_left
from collections.abc import Iterator

import msgspec

from iacpolicy.core.lazy_regex import lazy_pattern

# a match begins only at the start of a run of token characters, so that hostile text cannot make the search quadratic
_START = r"(?<![A-Za-z0-9_-])"
_END = r"(?![A-Za-z0-9_-])"

# A literal that must occur, and the whole format. Sources: the documentation of the providers.
_FORMATS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (prefix, lazy_pattern(pattern))
    for prefix, pattern in (
        ("ghp_", _START + r"ghp_[A-Za-z0-9]{30,255}"),
        ("gho_", _START + r"gho_[A-Za-z0-9]{30,255}"),
        ("ghu_", _START + r"ghu_[A-Za-z0-9]{30,255}"),
        ("ghs_", _START + r"ghs_[A-Za-z0-9]{30,255}"),
        ("ghr_", _START + r"ghr_[A-Za-z0-9]{30,255}"),
        ("github_pat_", _START + r"github_pat_[A-Za-z0-9_]{40,255}"),
        ("glpat-", _START + r"glpat-[A-Za-z0-9_.-]{20,300}"),
        ("gldt-", _START + r"gldt-[A-Za-z0-9_-]{20,64}"),
        ("glrt-", _START + r"glrt-[A-Za-z0-9_-]{20,64}"),
        ("xox", _START + r"xox[abeoprs]-[A-Za-z0-9-]{10,255}"),
        ("xapp-", _START + r"xapp-[0-9]-[A-Za-z0-9-]{10,255}"),
        ("hooks.slack.com/", r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,255}"),
        ("/api/webhooks/", r"https://(?:[a-z]+\.)?discord(?:app)?\.com/api/webhooks/[0-9]{8,32}/[A-Za-z0-9_-]{20,128}"),
        ("sk_", _START + r"sk_(?:live|test)_[A-Za-z0-9]{16,255}"),
        ("rk_", _START + r"rk_(?:live|test)_[A-Za-z0-9]{16,255}"),
        ("whsec_", _START + r"whsec_[A-Za-z0-9+/=]{24,255}"),
        ("AIza", _START + r"AIza[A-Za-z0-9_-]{35}" + _END),
        ("GOCSPX-", _START + r"GOCSPX-[A-Za-z0-9_-]{24,64}"),
        ("ya29.", _START + r"ya29\.[A-Za-z0-9_-]{30,512}"),
        ("eyJ", _START + r"eyJ[A-Za-z0-9_-]{10,4096}\.eyJ[A-Za-z0-9_-]{10,8192}\.[A-Za-z0-9_-]{16,1024}"),
        ("hvs.", _START + r"hvs\.[A-Za-z0-9_-]{20,300}"),
        ("hvb.", _START + r"hvb\.[A-Za-z0-9_-]{20,400}"),
        ("hvr.", _START + r"hvr\.[A-Za-z0-9_-]{20,400}"),
        ("sbp_", _START + r"sbp_[A-Za-z0-9]{36,64}"),
        ("sb_secret_", _START + r"sb_secret_[A-Za-z0-9_-]{20,64}"),
        ("glsa_", _START + r"glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
        ("glc_", _START + r"glc_[A-Za-z0-9+/]{32,400}={0,2}"),
        ("npm_", _START + r"npm_[A-Za-z0-9]{36}" + _END),
        ("pypi-", _START + r"pypi-AgE[A-Za-z0-9_-]{40,400}"),
        ("sk-", _START + r"sk-(?:(?:proj|svcacct|admin|ant)-)?[A-Za-z0-9_-]{32,255}"),
        ("SG.", _START + r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
        ("key-", _START + r"key-[0-9a-f]{32}" + _END),
        ("SK", _START + r"SK[0-9a-f]{32}" + _END),
        ("rnd_", _START + r"rnd_[A-Za-z0-9]{24,64}"),
        ("dop_v1_", _START + r"dop_v1_[a-f0-9]{64}"),
        ("dapi", _START + r"dapi[a-f0-9]{32}" + _END),
        (".atlasv1.", _START + r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{50,128}"),
        ("dp.", _START + r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{36,128}"),
        ("lin_api_", _START + r"lin_api_[A-Za-z0-9]{32,64}"),
        ("shp", _START + r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
        ("PMAK-", _START + r"PMAK-[A-Za-z0-9]{24}-[A-Za-z0-9]{34}"),
        ("NRAK-", _START + r"NRAK-[A-Z0-9]{27}"),
        ("HRKU-", _START + r"HRKU-[A-Za-z0-9-]{30,128}"),
        ("pscale_", _START + r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{30,64}"),
        ("dckr_", _START + r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,64}"),
        ("ATATT3", _START + r"ATATT3[A-Za-z0-9_=-]{100,300}"),
        ("hf_", _START + r"hf_[A-Za-z0-9]{30,64}"),
        ("re_", _START + r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,64}"),
        ("sntrys_", _START + r"sntrys_[A-Za-z0-9+/=_-]{40,400}"),
        (":AA", r"(?<![A-Za-z0-9])[0-9]{8,10}:AA[A-Za-z0-9_-]{33}" + _END),
        ("AGE-SECRET-KEY-1", _START + r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
        ("sig=", r"(?<=[?&]sig=)(?:[A-Za-z0-9+/_-]|%[0-9A-Fa-f]{2}){43,90}={0,2}"),
        ("AccountKey=", r"(?<=AccountKey=)[A-Za-z0-9+/]{40,100}={0,2}"),
    )
)
_AWS_ID = lazy_pattern(_START + r"(?:AKIA|ASIA)[A-Z0-9]{16}" + _END)
_AWS_KEY = lazy_pattern(r"(?<![A-Za-z0-9/+=_.:-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_.-])")
_PEM = "PRIVATE KEY"
_PEM_BEGIN = lazy_pattern(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END = lazy_pattern(r"-----END [A-Z0-9 ]{0,60}PRIVATE KEY(?: BLOCK)?-----")
_CREDENTIALS = lazy_pattern(r"://[^\s:/?#@\"'<>\\]{0,200}:([^\s/?#@\"'<>\\]{1,400})@[A-Za-z0-9\[_$%\x00]")
# `https://user:pass@example.com`: a reserved host (RFC 2606) and a word in place of the password.
_PASSWORD_WORDS = ("pass", "password", "passwd", "pwd", "secret", "token")
_RESERVED = lazy_pattern(
    r"(?:[A-Za-z0-9-]{1,63}\.){0,8}?(?:example\.(?:com|org|net)|(?:example|invalid))(?![A-Za-z0-9.-])", re.IGNORECASE
)
_REPEATED = lazy_pattern(r"([A-Za-z0-9])\1{7}")
_PUBLIC_PREFIXES = ("pk_live_", "pk_test_", "sb_publishable_")
_BLANK = lazy_pattern(r"\\[nr]|[\s.…]")
MAX_PEM = 20_000
SHORTEST_KEY = 16

# Credentials from the documentation of AWS, which are not valid.
DOCUMENTED = frozenset(
    {
        "AKIAIOSFODNN7EXAMPLE",
        "ASIAIOSFODNN7EXAMPLE",
        "AKIAI44QH8DHBEXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    }
)

TextRange = tuple[int, int]


def tokens(text: str) -> Iterator[TextRange]:
    """Yield the ranges of tokens, private keys and credentials in URLs."""
    for prefix, pattern in _FORMATS:
        if prefix in text:
            for found in pattern.finditer(text):
                if not _is_stub(found[0]) and not is_public(found[0]):
                    yield found.span()
    if "AKIA" in text or "ASIA" in text:
        yield from _aws(text)
    if _PEM in text:
        yield from _private_keys(text)
    if "://" in text:
        yield from url_passwords(text)


def url_passwords(text: str) -> Iterator[TextRange]:
    """Yield the ranges of passwords in URLs of the form `scheme://user:password@host`."""
    if "@" not in text:
        return
    for found in _CREDENTIALS.finditer(text):
        if found[1].lower() not in _PASSWORD_WORDS or not _RESERVED.match(text, found.end() - 1):
            yield found.span(1)


def _aws(text: str) -> Iterator[TextRange]:
    """Yield AWS access keys; an id counts only with a secret key in the same text, because it is no secret alone."""
    ids = [m for m in _AWS_ID.finditer(text) if m[0] not in DOCUMENTED and not m[0].endswith("EXAMPLE")]
    if not ids:
        return
    keys = [m for m in _AWS_KEY.finditer(text) if m[0] not in DOCUMENTED and _is_mixed(m[0])]
    if keys:
        yield from (m.span() for m in ids)
        yield from (m.span() for m in keys)


def _is_mixed(text: str) -> bool:
    return any(c.isupper() for c in text) and any(c.islower() for c in text) and any(c.isdigit() for c in text)


def _private_keys(text: str) -> Iterator[TextRange]:
    ends = [m.span() for m in _PEM_END.finditer(text)]
    for begin in _PEM_BEGIN.finditer(text):
        at = bisect_left(ends, (begin.end(), 0))
        end = ends[at] if at < len(ends) and ends[at][0] - begin.end() < MAX_PEM else None
        if end is not None and len(_BLANK.sub("", text[begin.end() : end[0]])) < SHORTEST_KEY:
            continue  # "BEGIN … END" without a key between is an example
        yield begin.start(), end[1] if end is not None else begin.end()


def _is_stub(token: str) -> bool:
    """Return whether a token is an example: it has no digit, or repeats one character."""
    return not any(c.isdigit() for c in token) or _REPEATED.search(token) is not None


def is_public(token: str) -> bool:
    """Return whether a token is public: a JWT with Supabase's role `anon`, or a publishable key."""
    if token.startswith(_PUBLIC_PREFIXES):
        return True
    if not token.startswith("eyJ") or token.count(".") != 2:
        return False
    payload = token.split(".")[1]
    try:
        claims = msgspec.json.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(claims, dict) and claims.get("role") == "anon"
