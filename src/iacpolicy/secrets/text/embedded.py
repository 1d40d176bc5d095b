"""Secrets inside texts: JSON documents, environment files, scripts, connection strings, SQL.

All of them have a name before a value. The trust in the name decides which values count as secrets.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.schemas.secret_names import is_secret_name, words
from iacpolicy.secrets.text.classify import UNKNOWN, Trust, is_placeholder, is_secret_text
from iacpolicy.secrets.text.commands import HEADER, command_passwords
from iacpolicy.secrets.text.manifests import secrets_of_manifests
from iacpolicy.secrets.text.tokens import TextRange, tokens

# Every name of a secret contains one of these, in any case: the stems of the words of `is_secret_name`.
_STEMS = tuple(
    """pass pwd secret token credential key jwt bearer authorization dsn conn kubeconfig webhook _pat url uri id_rsa
    id_ed25519 sensitive string file( _auth pw basic login mysql mariadb mongo ldap stdin sqlcmd redis-cli
    rabbitmqctl""".split()  # noqa: SIM905 - a table
)
_SURE = lazy_pattern(
    r"(?:pass(?:word|wd|phrase|code)?s?|pwd|(?<![A-Za-z])pw|secret_?access_?key)"
    r"(?:_?(?:wo|value|hash|[0-9]{1,9}|prod(?:uction)?|staging|dev)){0,4}$",
    re.IGNORECASE,
)
# Programs read the secret itself under such a name; in a configuration it can also be the name of a secret.
_EXPLICIT_NAME = lazy_pattern(
    r"(?:[A-Z0-9]{1,40}_){0,8}(?:SECRET|SECRET_KEY|SECRET_KEY_BASE|(?:MASTER|SIGNING|ENCRYPTION|PRIVATE|API)_KEY"
    r"|APIKEY|(?:ACCESS|AUTH|API|BOT|REFRESH)_TOKEN|TOKEN)"
    r"|(?:[a-z0-9]{1,40}_){0,8}(?:(?:client|shared|webhook|app|application|consumer|tunnel|session)_secret"
    r"|pre_?shared_key|psk)"
)
# `ssm_path_api_key`, `PATH_TO_PRIVATE_KEY`: the location or the name of a secret.
_POINTING = words("path paths ssm parameter param prefix suffix format location ref reference selector pattern regex")
_PAIR_NAME = lazy_pattern(r"(?i)(?:.{0,80}[_.-])?(?:basic_?auth|user_?pass|userpwd)")

_JSON = lazy_pattern(r'"([A-Za-z_][A-Za-z0-9_.-]{0,80})"\s{0,20}:\s{0,20}"((?:[^"\\\n]|\\.){1,8000})"')
_ESCAPED_JSON = lazy_pattern(r'\\"([A-Za-z_][A-Za-z0-9_.-]{0,80})\\"\s{0,20}:\s{0,20}\\"([^"\\\n]{1,8000})\\"')
_ASSIGNED = lazy_pattern(
    r"(?<![A-Za-z0-9_-])([A-Za-z_][A-Za-z0-9_-]{0,80})[ \t]{0,3}=[ \t]{0,3}"
    r"(?:\"([^\"\n]{1,4000})\"|'([^'\n]{1,4000})'|([^\s;&,\"'|()]{1,4000}))"
)
_YAML = lazy_pattern(
    r"(?m)^[ \t]{0,200}(?:- )?[\"']?([A-Za-z_][A-Za-z0-9_.-]{0,80})[\"']?:[ \t]{1,20}"
    r"(?:\"([^\"\n]{1,4000})\"|'([^'\n]{1,4000})'|([^\s#\"'|>&*{\[][^\n#]{0,4000}))"
)
_OPTION = lazy_pattern(
    r"(?<!\S)--?([A-Za-z][A-Za-z0-9-]{1,60})(?:[ \t]{1,4}|=)"
    r"(?:\"([^\"\n]{1,4000})\"|'([^'\n]{1,4000})'|([^\s\"';|&-][^\s\"';|&]{0,4000}))"
)
# `{user: admin, password: "…"}`: a YAML flow mapping
_FLOW = lazy_pattern(
    r"(?<=[{,])[ \t]{0,20}[\"']?([A-Za-z_][A-Za-z0-9_.-]{0,80})[\"']?:[ \t]{1,20}"
    r"(?:\"([^\"\n]{1,4000})\"|'([^'\n]{1,4000})'|([^\s#\"'|>&*{}\[\],][^\n#{}\[\],]{0,4000}))"
)
# `- name: X` and on the next line its `value:`
_YAML_PAIRED = lazy_pattern(
    r"(?m)^[ \t]{0,200}(?:- )?(?:name|key):[ \t]{1,20}[\"']?([A-Za-z_][A-Za-z0-9_.-]{0,80})[\"']?[ \t]{0,20}\n"
    r"[ \t]{1,200}value:[ \t]{1,20}"
    r"(?:\"([^\"\n]{1,4000})\"|'([^'\n]{1,4000})'|([^\s#\"'|>&*{\[][^\n#]{0,4000}))"
)
_BEARER = lazy_pattern(r"(?i)\b(?:bearer|basic)[ \t]{1,4}([A-Za-z0-9+/=_.~-]{8,4096})")
_PAIRED = lazy_pattern(
    r'"(?:name|key)"\s{0,20}:\s{0,20}"([A-Za-z_][A-Za-z0-9_.-]{0,80})"\s{0,20},\s{0,20}"value"\s{0,20}:\s{0,20}"((?:[^"\\\n]|\\.){1,8000})"'
)
_ENVIRONMENT = lazy_pattern(
    r"(?m)^[ \t]{0,20}(?:export[ \t]{1,20})?([A-Za-z_][A-Za-z0-9_.-]{0,80})[ \t]{0,20}=[ \t]{0,20}"
    r"(?:\"([^\"\n]{0,8000})\"|'([^'\n]{0,8000})'|([^\s\"'][^\n]{0,8000}))"
)
_BARE = 4  # the group of a value without quotes, which a comment can follow
_SQL = lazy_pattern(r"(?i)\bpassword\s{1,20}(?:=\s{0,20})?[eE]?'((?:[^']|''){1,1000})'")
MAX_TEXT = 2_000_000
MAX_REMEMBERED = 20_000
MAX_FOUND = 2_000
MAX_INDENT = 200


def has_hint(text: str) -> bool:
    """Return whether a text has one of the words that every name of a secret contains."""
    lowered = text.lower()
    for stem in _STEMS:  # noqa: SIM110 - called for each line of a history, and `any` takes twice as long
        if stem in lowered:
            return True
    return False


def environment_secrets(text: str) -> Iterator[tuple[str, TextRange]]:
    """Yield the secrets of an environment file with their names; each line is an assignment or a comment."""
    text = text[:MAX_TEXT]
    for line in _ENVIRONMENT.finditer(text):
        group = line.lastindex or 2
        value = line[group] if group < _BARE else line[group].partition(" #")[0].rstrip()
        start = line.start(group)
        inner = [s for s in tokens(value) if is_real_text(value[s[0] : s[1]])]
        if inner:
            yield from ((line[1], (start + a, start + b)) for a, b in inner)
        elif is_secret_text(value, trust_of(line[1])):
            yield line[1], (start, start + len(value))


def hint_offsets(text: str) -> list[int]:
    """Return the offsets of the words of `has_hint`, in order."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = text  # a character whose lower case is longer would shift the offsets
    found: list[int] = []
    for stem in _STEMS:
        at = lowered.find(stem)
        while at >= 0:
            found.append(at)
            at = lowered.find(stem, at + len(stem))
    found.sort()
    return found


@lru_cache(maxsize=20_000)
def trust_of(name: str) -> Trust:
    """Return how likely a value with this name is a secret."""
    if not _POINTING.isdisjoint(name[:200].lower().replace("-", "_").split("_")[:-1]):
        return Trust.NONE
    if not is_secret_name(name):
        return Trust.NAMED if _PAIR_NAME.fullmatch(name[:200]) else Trust.NONE
    if _EXPLICIT_NAME.fullmatch(name[:200]):
        return Trust.EXPLICIT
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name[:200])
    return Trust.SURE if _SURE.search(parts) else Trust.NAMED


def secrets_in(text: str, is_document: bool) -> tuple[TextRange, ...]:
    """Return the ranges of secrets in a text: values after the name of a secret, and texts with the format of one.

    A document, such as a heredoc or a file, is also read as YAML. The result has at most `MAX_FOUND` ranges.
    """
    if len(text) > MAX_REMEMBERED:
        return _secrets_in(text[:MAX_TEXT], is_document)
    return _remembered(text, is_document)


def _secrets_in(text: str, is_document: bool) -> tuple[TextRange, ...]:
    found: dict[TextRange, None] = dict.fromkeys(s for s in tokens(text) if is_real_text(text[s[0] : s[1]]))
    found.update(dict.fromkeys(s for s in command_passwords(text) if is_secret_text(text[s[0] : s[1]], Trust.SURE)))
    if has_hint(text):
        found.update(dict.fromkeys(_named(text, is_document)))
    taken: list[TextRange] = []
    for start, end in sorted(found, key=lambda s: (s[0], -s[1])):
        if not taken or start >= taken[-1][1]:
            taken.append((start, end))
            if len(taken) >= MAX_FOUND:
                break
    return tuple(taken)


_remembered = lru_cache(maxsize=1_000)(_secrets_in)


def is_real_text(text: str) -> bool:
    """Return whether a text is known and no placeholder."""
    return UNKNOWN not in text and not is_placeholder(text)


def _named(text: str, is_document: bool) -> Iterator[TextRange]:
    if '"' in text and ":" in text:
        for pattern in (_JSON, _ESCAPED_JSON, _PAIRED):
            yield from _pairs(pattern, text, Trust.SURE)
    if "=" in text:
        yield from _pairs(_ASSIGNED, text, Trust.SURE if is_document else Trust.MIXED)
    if is_document and ":" in text:
        for pattern in (_YAML, _FLOW, _YAML_PAIRED):
            yield from _pairs(pattern, text, Trust.SURE)
        yield from secrets_of_manifests(text)
    if "-" in text:
        yield from _pairs(_OPTION, text, Trust.MIXED)
    if "assword" in text or "ASSWORD" in text:
        yield from (m.span(1) for m in _SQL.finditer(text) if is_secret_text(m[1], Trust.SURE))
    for found in _BEARER.finditer(text):
        if is_secret_text(found[1], Trust.CONTAINER):
            yield found.span(1)
    if ":" in text:
        for found in HEADER.finditer(text):
            if is_secret_text(found[2], min(trust_of(found[1]), Trust.NAMED)):
                yield found.span(2)


def _pairs(pattern: re.Pattern[str], text: str, most: Trust) -> Iterator[TextRange]:
    """Yield the values of pairs with the name of a secret; `most` is the highest trust that such a pair can have."""
    for found in pattern.finditer(text):
        group = found.lastindex or 2
        trust = min(trust_of(found[1]), most)
        if "${" in found[group] or "{{" in found[group] or _is_comment(text, found.start()):
            continue  # part of a template, or documentation in a comment
        if trust is Trust.EXPLICIT:
            trust = Trust.NAMED  # in a text the value can also be the name of a secret
        if pattern is _YAML and " " in found[group].strip():
            continue
        if trust > Trust.NONE and is_secret_text(found[group], trust):
            inner = list(tokens(found[group]))
            start = found.start(group)
            if inner and not _whole(inner, found[group]):
                yield from ((start + a, start + b) for a, b in inner)
            else:
                yield found.span(group)


def _is_comment(text: str, at: int) -> bool:
    """Return whether the line around an offset is a comment in shell or YAML."""
    first = text.rfind("\n", 0, at) + 1
    return text[first : first + MAX_INDENT].lstrip().startswith("#")


def _whole(inner: list[TextRange], text: str) -> bool:
    return any(b - a >= len(text) - 2 for a, b in inner)


__all__ = ["UNKNOWN", "environment_secrets", "has_hint", "hint_offsets", "is_real_text", "secrets_in", "trust_of"]
