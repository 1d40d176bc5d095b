"""The decision whether a text is a secret at its place: the higher the trust in the place, the weaker the test."""

import re
from enum import IntEnum
from itertools import pairwise
from math import log2

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.secrets.text.tokens import DOCUMENTED, is_public, tokens, url_passwords

UNKNOWN = "\0"  # the placeholder in a text for a part that is no literal


class Trust(IntEnum):
    """The likelihood that a place holds a secret, by its schema, its name and the names around it."""

    NONE = 0  # nothing says so: only a text with the format of a token counts
    CONTAINER = 1  # it is in a container with secrets and other values: random text counts
    MIXED = 2  # it is in a container for secrets, but its own name is neutral: varied text counts
    NAMED = 3  # its name is that of a secret: anything but plain words counts
    EXPLICIT = 4  # a program reads a secret under this name: anything but the name of a secret counts
    SURE = 5  # the schema, the configuration or the name of a password says so: plain words count too


SHORTEST_NAMED = 4  # a shorter text is a sign or a flag, unless the trust is SURE

_PLACEHOLDER = lazy_pattern(
    r"""
      <[^<>]{0,200}> | \[[^\[\]]{0,200}\] | \([^()]{0,200}\) | \{\{.{0,200}\}\}
    | %{1,2}[A-Za-z0-9_]{1,60}%{1,2} | %[sdvq] | :['"]?[A-Za-z_]{1,60}['"]?
    | \$ | \$?\$\{.{0,300}\} | \$\(.{0,300}\) | \$[A-Za-z_][A-Za-z0-9_.-]{0,100}(?:[:/][A-Za-z0-9_./-]{1,100})?
    | \$[0-9] | `.{0,300}
    | (?:bearer|basic|token|apikey)\ +(?:\$.{1,200}|<[^<>]{1,100}>|\{\{.{0,200}\}\})
    | @[A-Za-z]+@ | __[A-Z0-9_]{1,80}__
    | (.)\1{2,}
    | [xX*.\#_?-]{2,}
    | (?:please[-_ ]?)?(?:replace|insert|enter|put|fill|add|provide|set)
      (?:[-_ ]?(?:me|this|here|in|with|your|by|at)\b.{0,80}|me)
    | (?-i:CHANGE)[-_ ](?-i:(?:ME|THIS|IT))(?:[-_ ].{0,80})?
    | (?:(?:is|will\ be)[-_ ])?(?:managed|stored|kept|set|injected|generated|provided|supplied|rotated|read|fetched
      |taken)[-_ ](?:by|in|at|outside|externally|elsewhere|from|via|later|out[-_ ]of)\b.{0,80}
    | (?-i:(?:[A-Z]{1,20}[-_])?(?:PASS(?:WORD|WD)?|PWD|SECRET|TOKEN|API[-_]?KEY|USER(?:NAME)?))
    | your[-_ ].{0,80} | your(?:api)?(?:password|secret|token|key) | .{0,80}(?:\.{3}|…)
    | .{0,60}[-_ ]goes[-_ ]here | .{0,60}[-_ ]here
    | (?:a[-_ ]|some[-_ ]|the[-_ ])?(?:placeholder|example|sample|dummy|mock|fake|redacted|masked|hidden)
      (?:[-_ ].{0,60})?
    | todo | tbd | fixme | none | null | nil | undefined | n/?a | unset | unused | not[-_ ]used | optional | required
    | ignored? | true | false | yes | no | on | off | enabled | disabled | auto | sensitive | \(sensitive(?:\ value)?\)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_HARMLESS = lazy_pattern(
    r"""
      arn:[a-z-]{1,20}:.{1,500}
    | (?:vault|op|ssm|sm|awssm|awsps|gcpsm|secretref|secret|ref\+[a-z]{1,20}|file|azurekeyvault|keyvault|env|k8s|sops)
      :[/\w].{0,500}
    | (?:secret|secrets|kv|kv-v2|cubbyhole|auth|database|pki|transit)/[\w./-]{1,300}
    | projects/[^/]{1,100}/secrets/.{1,300}
    | (?:/|\./|\.\./|~/)[\w@.+/*-]{0,300}
    | [A-Za-z]:\\[\w.\\-]{1,300}
    | [\w@.+/-]{0,200}
      \.(?:pem|key|crt|cer|cert|pub|json|ya?ml|toml|ini|conf|txt|p12|pfx|jks|env|tfvars|tf|sh|asc|gpg|hcl)
    | (?:sha(?:1|224|256|384|512)|md5):[A-Fa-f0-9]{8,128} | (?i:sha(?:1|256|384|512))[-:][A-Za-z0-9+/]{27,88}={0,2}
    | md5[a-f0-9]{32} | SCRAM-SHA-256\$.{1,400}
    | \$(?:1|2[abxy]?|5|6|7|y|apr1|argon2[id]{1,2}|scrypt|pbkdf2[a-z0-9-]{0,20})\$.{8,400}
    | (?:ConvertTo|Get|New|Read|Import)-[A-Z][A-Za-z]{2,40}
    | @Microsoft\.KeyVault\(.{1,400}\) | \{\{resolve:.{1,400}\}\}
    | ssh-(?:rsa|ed25519|dss)\ .{1,2000} | ecdsa-sha2-\S{1,30}\ .{1,2000} | age1[a-z0-9]{50,70}
    | -----BEGIN\ (?:RSA\ |EC\ |OPENSSH\ |PGP\ |SSH2\ |TRUSTED\ |X509\ )?
      (?:PUBLIC\ KEY|CERTIFICATE)(?:\ (?:REQUEST|BLOCK))?-----.{0,20000}
    | [A-Z][A-Z0-9]{1,40}(?:_[A-Z0-9]{1,40}){1,12}
    | (?:data|var|local|module|each|self|aws|azurerm|google|random|vault|kubernetes)[._][a-z0-9_.\[\]*"]{1,300}
    | (?:vpc|subnet|sg|ami|i|vol|snap|eni|eipalloc|igw|nat|rtb|acl|lt|fs|key|pcx|tgw|vgw|vpce)-[0-9a-f]{8,17}
    """,
    re.VERBOSE | re.DOTALL,
)
_WORDS = lazy_pattern(r"[A-Za-z]{0,30}(?:[-_./: ][A-Za-z]{1,30}){0,12}")
_IDENTIFIER = lazy_pattern(r"[a-z]{1,30}(?:[-_./][a-z]{1,30}){0,10}[-_./]?v?[0-9]{0,4}")
_PAIR = lazy_pattern(r"[A-Za-z][A-Za-z0-9._@-]{0,60}:(?=[^:/\s]{4,200}\Z)[A-Za-z0-9!#$%&()*+,.;=?@^_~-]{4,200}")
_SHORT_NUMBER = lazy_pattern(r"[-+0-9.,:]{1,5}[a-zA-Z]{0,3}")
_NAME = lazy_pattern(
    r"(?=.{0,120}[-_/.])[a-z0-9_./-]{0,120}(?:secret|credential|cred|token|password|passwd|key|vault)s?[a-z0-9_./-]{0,120}"
)
_URL = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.:-]{0,40}://\S{0,2000}")
_HOST = lazy_pattern(
    r"[A-Za-z0-9_*-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,12}\.(?:[A-Za-z]{2,24}|[0-9]{1,3})(?::[0-9]{1,5})?(?:/[\w./-]{0,200})?"
)
_MAIL = lazy_pattern(r"[^\s@]{1,100}@[A-Za-z0-9.-]{1,200}")
_UUID = lazy_pattern(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_ROUTING = lazy_pattern(r"[a-z0-9_-]{0,40}(?:\.?[*#](?:\.[a-z0-9_*#-]{1,60}){0,10})")  # a pattern of routing keys
_NUMERIC = lazy_pattern(r"[-+0-9.,:/ vVxX%eE]{1,20}[a-zA-Z]{0,3}")
_TOKEN_TEXT = lazy_pattern(r"[A-Za-z0-9+/=_.~-]{16,4096}")
_SEGMENT = lazy_pattern(r"[A-Za-z0-9_-]{16,}")
_HEX = lazy_pattern(r"[0-9a-fA-F]{32,}")


def is_placeholder(text: str) -> bool:
    """Return whether a text is a placeholder for a value, or empty."""
    stripped = text.strip().strip("\"'")
    return not stripped or _PLACEHOLDER.fullmatch(stripped) is not None


def is_secret_text(text: str, trust: Trust) -> bool:
    """Return whether a whole text is a secret at a place with this trust."""
    if is_placeholder(text) or text.strip() in DOCUMENTED or is_public(text.strip()):
        return False
    if trust is Trust.NONE:
        return any(True for _ in tokens(text))
    if UNKNOWN in text:
        return False
    stripped = text.strip()
    if _URL.fullmatch(stripped):
        return _is_secret_url(stripped, trust)
    if _HARMLESS.fullmatch(stripped):
        return False
    if trust is Trust.SURE:
        return True
    if trust is Trust.EXPLICIT and not (_is_host(stripped) or _MAIL.fullmatch(stripped) or _is_name(stripped)):
        return True
    if trust >= Trust.NAMED and _PAIR.fullmatch(stripped):
        return True
    if len(stripped) < SHORTEST_NAMED or _ROUTING.fullmatch(stripped):
        return False
    if _WORDS.fullmatch(stripped) or _NUMERIC.fullmatch(stripped):
        return False
    if trust >= Trust.NAMED:
        return not (_is_host(stripped) or _MAIL.fullmatch(stripped) or _IDENTIFIER.fullmatch(stripped))
    if trust is Trust.MIXED:
        return is_varied(stripped)
    return is_random(stripped)


def _is_name(text: str) -> bool:
    """Return whether a text is the name of a secret or a short number, in place of the secret itself."""
    return bool(_SHORT_NUMBER.fullmatch(text) or _NAME.fullmatch(text))


def _is_host(text: str) -> bool:
    return _HOST.fullmatch(text) is not None


def _is_secret_url(url: str, trust: Trust) -> bool:
    """Return whether a URL has credentials, or a random part where a secret is expected."""
    passwords = [url[start:end] for start, end in url_passwords(url)]
    if any(UNKNOWN not in p and not is_placeholder(p) for p in passwords):
        return True
    rest = url.partition("://")[2].partition("/")[2]
    return trust >= Trust.NAMED and any(is_random(s) and not _UUID.fullmatch(s) for s in _SEGMENT.findall(rest))


def is_varied(text: str) -> bool:
    """Return whether a text mixes letters and digits like a password, and is no identifier, host, URL or address."""
    if len(text) < 6 or len(text) > 4096 or "\n" in text:
        return False
    for other in (_IDENTIFIER, _MAIL, _UUID, _URL):
        if other.fullmatch(text):
            return False
    if _is_host(text):
        return False
    letters, digits = any(c.isalpha() for c in text), any(c.isdigit() for c in text)
    return letters and digits


def is_random(text: str) -> bool:
    """Return whether a text is long, has only characters of tokens, and a higher entropy than names."""
    if not _TOKEN_TEXT.fullmatch(text) or _UUID.fullmatch(text) or _IDENTIFIER.fullmatch(text):
        return False
    if not any(c.isdigit() for c in text) or not any(c.isalpha() for c in text):
        return False
    if _HEX.fullmatch(text):
        return entropy(text) >= 3.0
    return entropy(text) >= 3.6 and _runs(text) >= 5 and not _is_host(text)


def entropy(text: str) -> float:
    """Return the Shannon entropy of a text in bits per character."""
    size = len(text)
    return -sum(n / size * log2(n / size) for n in (text.count(c) for c in set(text))) if size else 0.0


def _runs(text: str) -> int:
    """Return the number of runs of lower case, upper case, digits and other characters."""
    kinds = ["l" if c.islower() else "u" if c.isupper() else "d" if c.isdigit() else "s" for c in text]
    return 1 + sum(1 for a, b in pairwise(kinds) if a != b)
