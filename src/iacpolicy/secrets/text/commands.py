"""Passwords in commands that have no name before them: `-p …`, `user:…`, `echo … | passwd --stdin`.

Sources: the manuals of these commands. Each expression begins with the name of the command, matches within one command,
and has no nested repetition.
"""

from collections.abc import Iterator

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.secrets.text.tokens import TextRange

_REST = r"[^\n|;&]{0,200}?[ \t]"
_WORD = r"(?:\"([^\"\n]{1,400})\"|'([^'\n]{1,400})'|([^\s\"'|;&<>()-][^\s\"'|;&<>()]{0,400}))"
_AFTER_COLON = r"[\"']?[A-Za-z0-9._@-]{1,64}:([^\s\"'|;&:/$][^\s\"'|;&]{0,400})"

# A text that must occur, and an expression whose group is the password.
_COMMANDS = tuple(
    (hint, lazy_pattern(pattern))
    for hint, pattern in (
        ("login", r"\blogin\b" + _REST + r"-p[ \t=]{0,4}" + _WORD),
        ("mysql", r"\bmysql(?:dump|admin|import)?\b" + _REST + r"-p(?=\S)" + _WORD),
        ("mariadb", r"\bmariadb(?:-dump|-admin)?\b" + _REST + r"-p(?=\S)" + _WORD),
        ("sshpass", r"\bsshpass[ \t]{1,4}-p[ \t]{0,4}" + _WORD),
        ("curl", r"\bcurl\b" + _REST + r"(?:-u|--user|--proxy-user)[ \t=]{0,4}" + _AFTER_COLON),
        (
            "chpasswd",
            r"\b(?:echo|printf)[ \t]{1,4}(?:-[en][ \t]{1,4})?"
            + _AFTER_COLON
            + r"[\"']?[ \t]{0,4}\|[^\n|]{0,80}\bchpasswd\b",
        ),
        (
            "stdin",
            r"\b(?:echo|printf)[ \t]{1,4}(?:-[en][ \t]{1,4})?"
            + _WORD
            + r"[ \t]{0,4}\|[^\n|]{0,200}--?(?:password-)?stdin\b",
        ),
        ("net user", r"(?i)\bnet[ \t]{1,4}user[ \t]{1,4}[\w.-]{1,64}[ \t]{1,4}(?!/)" + _WORD),
        ("ConvertTo-SecureString", r"(?i)\bConvertTo-SecureString[ \t]{1,4}(?:-String[ \t]{1,4})?" + _WORD),
        ("sqlcmd", r"\bsqlcmd\b" + _REST + r"-P[ \t]{0,4}" + _WORD),
        ("redis-cli", r"\bredis-cli\b" + _REST + r"-a[ \t]{0,4}" + _WORD),
        ("mongo", r"\bmongo(?:sh|dump|restore|export|import)?\b" + _REST + r"-p[ \t]{0,4}" + _WORD),
        ("ldap", r"\bldap(?:add|modify|search|passwd|delete)\b" + _REST + r"-w[ \t]{0,4}" + _WORD),
        ("rabbitmqctl", r"\brabbitmqctl[ \t]{1,4}(?:add_user|change_password)[ \t]{1,4}[\w.-]{1,64}[ \t]{1,4}" + _WORD),
        (
            "htpasswd",
            r"\bhtpasswd\b[ \t]{1,4}-[a-zA-Z]{0,6}b[a-zA-Z]{0,6}[ \t]{1,4}\S{1,200}[ \t]{1,4}[\w.-]{1,64}[ \t]{1,4}"
            + _WORD,
        ),
    )
)
# A quoted HTTP header; the authorization scheme is not part of the value.
HEADER = lazy_pattern(
    r"(?i)[\"']([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]{0,4}"
    r"(?:(?:token|bearer|basic|apikey)[ \t]{1,4})?([^\s\"'\\]{4,2000})[\"']"
)


def command_passwords(text: str) -> Iterator[TextRange]:
    """Yield the words that a command in this text takes as a password."""
    for hint, pattern in _COMMANDS:
        if hint in text:
            for found in pattern.finditer(text):
                yield found.span(found.lastindex or 1)
