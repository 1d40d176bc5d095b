"""Evaluates the part of Cloudflare's rules language that redirects use, for one request.

https://developers.cloudflare.com/ruleset-engine/rules-language/
Fields that a request does not determine, such as the country, are unknown.
"""

from collections.abc import Callable
from typing import TypeAlias

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.linear_regex import PatternError, linear_regex
from iacpolicy.policy.library.web_request import WebRequest, wildcard_match

Result: TypeAlias = "str | bool | int | None"

MAX_LENGTH = 20_000
MAX_DEPTH = 60

_WORD = (
    r'\s*(?:("(?:[^"\\]|\\.)*")|(r#"[^"]*"#|r"[^"]*")|([A-Za-z_][A-Za-z0-9_.]*)|(\d[0-9A-Fa-f.:/]*)|'
    r"(==|!=|<=|>=|&&|\|\||\^\^|[~<>!(){},\[\]$*]))"
)
_ESCAPE = lazy_pattern(r"\\(.)")
_COMPARISONS = {"eq": "==", "ne": "!=", "matches": "~", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_CONNECTIVES = {"and": "&&", "or": "||", "xor": "^^", "not": "!"}


class SyntaxProblem(Exception):  # noqa: N818 - the expression is the user's
    """An expression with a syntax error, or with a part of the language that is not supported."""


def evaluate(expression: str, request: WebRequest) -> Result:
    """Return the value of an expression for a request, None if the request does not determine it.

    Raises:
        SyntaxProblem: the expression cannot be parsed.
    """
    if len(expression) > MAX_LENGTH:
        raise SyntaxProblem("the expression is too long")
    return _Reader(tokens(expression), request).whole()


def tokens(expression: str) -> list[tuple[str, str]]:
    """Return the tokens of an expression, each with its kind: `text`, `name`, `number` or `sign`.

    Raises:
        SyntaxProblem: a character does not start a token.
    """
    words = linear_regex(_WORD)
    found: list[tuple[str, str]] = []
    position, end = 0, len(expression.rstrip())
    while position < end:
        match = words.match(expression, position)
        if match is None:
            raise SyntaxProblem(f"unexpected {expression[position : position + 10]!r}")
        position = match.end()
        text, raw, name, number, sign = match.groups()
        if text is not None:
            found.append(("text", _unescaped(text[1:-1])))
        elif raw is not None:
            found.append(("text", raw[3:-2] if raw.startswith("r#") else raw[2:-1]))
        elif name is not None:
            word = _CONNECTIVES.get(name) or _COMPARISONS.get(name)
            found.append(("sign", word) if word else ("name", name))
        elif number is not None:
            found.append(("number", number))
        else:
            found.append(("sign", str(sign)))
    return found


class _Reader:
    """A recursive descent parser; it always parses both sides of an operator."""

    def __init__(self, words: list[tuple[str, str]], request: WebRequest) -> None:
        self.words = words
        self.at = 0
        self.depth = 0
        self.request = request

    def whole(self) -> Result:
        result = self.either()
        if self.at != len(self.words):
            raise SyntaxProblem(f"unexpected {self.words[self.at][1]!r}")
        return result

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.words):
            raise SyntaxProblem("the expression ends too soon")
        self.at += 1
        return self.words[self.at - 1]

    def _is(self, *signs: str) -> bool:
        return self.at < len(self.words) and self.words[self.at] in [("sign", s) for s in signs]

    def _take(self, sign: str) -> None:
        if self._next() != ("sign", sign):
            raise SyntaxProblem(f"expected {sign!r}")

    def either(self) -> Result:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SyntaxProblem("the expression is nested too deeply")
        result = self._joined("||", self._exclusive)
        self.depth -= 1
        return result

    def _exclusive(self) -> Result:
        result = self._joined("&&", self._negated)
        while self._is("^^"):
            self.at += 1
            other = self._joined("&&", self._negated)
            result = None if result is None or other is None else bool(result) != bool(other)
        return result

    def _joined(self, sign: str, operand: Callable[[], Result]) -> Result:
        result = operand()
        deciding = sign == "||"
        while self._is(sign):
            self.at += 1
            other = operand()
            if deciding in (result, other):
                result = deciding
            elif result is None or other is None:
                result = None
        return result

    def _negated(self) -> Result:
        turns = 0
        while self._is("!"):
            self.at += 1
            turns += 1
        result = self._comparison()
        return result if result is None or turns % 2 == 0 else not result

    def _comparison(self) -> Result:
        left = self._operand()
        kind, word = self.words[self.at] if self.at < len(self.words) else ("", "")
        if kind == "name" and word == "strict":
            self.at += 1
            kind, word = self._next()
            self.at -= 1
        if kind == "sign" and word in ("==", "!=", "~", "<", "<=", ">", ">="):
            self.at += 1
            return _compared(word, left, self._operand())
        if kind == "name" and word in ("contains", "wildcard"):
            self.at += 1
            return _compared(word, left, self._operand())
        if kind == "name" and word == "in":
            self.at += 1
            return self._member(left)
        return left

    def _member(self, left: Result) -> Result:
        if self._is("$"):
            self.at += 1
            self._next()
            return None
        self._take("{")
        members: list[str] = []
        while not self._is("}"):
            members.append(self._next()[1])
            while self._is(","):
                self.at += 1
        self._take("}")
        return None if left is None else str(left) in members

    def _operand(self) -> Result:
        if self._is("("):
            self.at += 1
            result = self.either()
            self._take(")")
            return result
        kind, word = self._next()
        if kind == "text":
            return word
        if kind == "number":
            return int(word) if word.isdigit() and len(word) < 20 else None
        if kind != "name":
            raise SyntaxProblem(f"unexpected {word!r}")
        if self._is("("):
            return self._call(word)
        while self._is("["):
            while self._next() != ("sign", "]"):
                pass
        if word in ("true", "false"):
            return word == "true"
        return _field(self.request, word)

    def _call(self, name: str) -> Result:
        self._take("(")
        arguments: list[Result] = []
        while not self._is(")"):
            arguments.append(self.either())
            if not self._is(")"):
                self._take(",")
        self._take(")")
        return _called(name, arguments)


def _compared(sign: str, left: Result, right: Result) -> Result:
    if left is None or right is None:
        return None
    match sign:
        case "==" | "!=":
            return (str(left) == str(right)) == (sign == "==")
        case "contains":
            return str(right) in str(left)
        case "wildcard":
            return wildcard_match(str(right), str(left)) is not None
        case "~":
            try:
                return linear_regex(str(right)).search(str(left)) is not None
            except PatternError:
                return None
    return None


def _called(name: str, arguments: list[Result]) -> Result:
    if None in arguments:
        return None
    texts = [str(a) for a in arguments]
    match name, texts:
        case "concat", _:
            return "".join(texts)
        case "lower", [text]:
            return text.lower()
        case "upper", [text]:
            return text.upper()
        case "starts_with", [text, part]:
            return text.startswith(part)
        case "ends_with", [text, part]:
            return text.endswith(part)
        case "len", [text]:
            return len(text)
        case "to_string", [text]:
            return text
        case "substring", [text, start, *end]:
            if not all(n.isdigit() and len(n) < 10 for n in (start, *end)):
                return None
            return text[int(start) : int(end[0]) if end else None]
        case "regex_replace", [text, pattern, replacement]:
            return _replaced(pattern, replacement, text)
        case "wildcard_replace", [text, pattern, replacement, *_]:
            parts = wildcard_match(pattern, text)
            return text if parts is None else _filled(replacement, parts)
    return None


def _replaced(pattern: str, replacement: str, text: str) -> Result:
    try:
        match = linear_regex(pattern).search(text)
    except PatternError:
        return None
    if match is None:
        return text
    return text[: match.start()] + _filled(replacement, [g or "" for g in match.groups()]) + text[match.end() :]


def _filled(template: str, parts: list[str]) -> str:
    """Return a text with the matched parts in place of `${1}` and so on."""
    for number, part in enumerate(parts, 1):
        template = template.replace(f"${{{number}}}", part)
    return template


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


def _field(request: WebRequest, name: str) -> Result:
    """Return a field of the language, None if the request does not determine it."""
    match name:
        case "ssl":
            return request.scheme == "https"
        case "http.host":
            return request.host
        case "http.request.uri.path" | "raw.http.request.uri.path":
            return request.path
        case "http.request.uri.query" | "raw.http.request.uri.query":
            return request.query
        case "http.request.uri" | "raw.http.request.uri":
            return request.path + (f"?{request.query}" if request.query else "")
        case "http.request.full_uri" | "raw.http.request.full_uri":
            return request.url
        case "http.request.method":
            return "GET"
    return None
