"""Encodings of text: base64, URLs, CSV: https://developer.hashicorp.com/terraform/language/functions/base64encode."""

import base64
import binascii
import codecs
import hashlib
import re
import zlib
from urllib.parse import quote_plus, unquote_plus

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.types import DYNAMIC, STRING
from iacpolicy.evaluate.functions.common import MAX_TEXT, bounded, text
from iacpolicy.evaluate.functions.csv_text import records
from iacpolicy.evaluate.functions.frame import Function, Parameter
from iacpolicy.evaluate.values import value
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.identities import CallResult
from iacpolicy.evaluate.values.terms import Cause, Reason
from iacpolicy.evaluate.values.value import Value

_BASE64 = lazy_pattern(r"[A-Za-z0-9+/]*={0,2}\Z", re.ASCII)
_NO_ESCAPE = lazy_pattern(r"%(?![0-9A-Fa-f]{2})")
_GZIP = 31  # zlib's parameter for a window of 32 KiB and the header of gzip
MAX_MEMBERS = 100
_ENCODINGS = lazy_pattern(
    r"(?:utf-(?:8|16(?:le|be)?)|us-ascii|iso[-_]8859-(?:[1-9]|1[03-6])|(?:latin|l)[1-4]|windows-(?:125[0-8]|874)"
    r"|macintosh|koi8-[ru]|(?:ibm|cp)(?:037|437|85[0258]|86[0235]|866)|437|gbk|gb18030|hz-gb-2312|big5|euc-(?:jp|kr)"
    r"|shift_jis|iso-2022-jp|ebcdic-cp-us)\Z",
    re.IGNORECASE,
)


def decode_base64(content: str) -> bytes:
    """Return the bytes of standard base64 with padding; line breaks are skipped, as in Go.

    Raises:
        FunctionError: it is not base64.
    """
    compact = content.replace("\n", "").replace("\r", "")
    if _BASE64.match(compact) and len(compact) % 4 == 0:
        try:
            return base64.b64decode(compact, validate=True)
        except binascii.Error:
            pass
    raise FunctionError("failed to decode base64 data", 0)


def _base64decode(string: Value) -> Value:
    try:
        return text(decode_base64(string.data).decode())
    except UnicodeDecodeError:
        raise FunctionError("the result of decoding the provided string is not valid UTF-8", 0) from None


def _base64encode(string: Value) -> Value:
    return text(base64.b64encode(string.data.encode()).decode())


def _base64gzip(string: Value) -> Value:
    digest = hashlib.sha256(string.data.encode()).hexdigest()
    reason = Reason(Cause.LIMIT, "the bytes that gzip makes depend on Terraform's compressor")
    return value.unknown_because(STRING, CallResult("base64gzip", digest, "base64gzip(…)"), reason)


def _codec(name: Value) -> codecs.CodecInfo:
    wanted = name.data.strip()
    if _ENCODINGS.match(wanted):
        try:
            return codecs.lookup(_ALIASES.get(wanted.upper(), wanted))
        except LookupError:
            pass
    raise FunctionError(f'"{name.data}" is not a supported IANA encoding name or alias', 1)


_ALIASES = {"UTF-16": "utf-16-be", "MACINTOSH": "mac-roman", "EBCDIC-CP-US": "cp037", "WINDOWS-874": "cp874"}


def _textencodebase64(string: Value, encoding: Value) -> Value:
    codec = _codec(encoding)
    prefix = b"\xfe\xff" if encoding.data.strip().upper() == "UTF-16" else b""
    try:
        encoded = codec.encode(string.data)[0]
    except UnicodeEncodeError as problem:
        letter = string.data[problem.start]
        raise FunctionError(
            f"the given string contains a character {letter!r} that {encoding.data} cannot hold", 0
        ) from None
    return text(base64.b64encode(prefix + encoded).decode())


def _textdecodebase64(source: Value, encoding: Value) -> Value:
    codec = _codec(encoding)
    data = decode_base64(source.data)
    if encoding.data.strip().upper() == "UTF-16":
        codec = codecs.lookup("utf-16-le" if data[:2] == b"\xff\xfe" else "utf-16-be")
        data = data[2:] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data
    try:
        return text(codec.decode(data, "strict")[0])
    except UnicodeError:
        raise FunctionError(f"the given string contains bytes that are not {encoding.data}", 0) from None


def _base64gunzip(string: Value) -> Value:
    data = decode_base64(string.data)
    parts: list[bytes] = []
    while data or not parts:
        if len(parts) == MAX_MEMBERS:
            raise FunctionError(f"more than {MAX_MEMBERS} members (limit: members of gzip)", 0)
        member = zlib.decompressobj(wbits=_GZIP)
        try:
            parts.append(member.decompress(data, MAX_TEXT + 1))
        except zlib.error:
            raise FunctionError("the data is not in the format of gzip", 0) from None
        bounded(sum(map(len, parts)))
        if not member.eof:
            raise FunctionError("the data in the format of gzip ends too early", 0)
        data = member.unused_data
    return text(b"".join(parts).decode(errors="replace"))


def _urldecode(string: Value) -> Value:
    wrong = _NO_ESCAPE.search(string.data)
    if wrong is not None:
        raise FunctionError(f'failed to decode the URL: "{string.data[wrong.start() :][:3]}" is no escape', 0)
    return text(unquote_plus(string.data))


def _urlencode(string: Value) -> Value:
    return text(quote_plus(string.data))


def _csvdecode(string: Value) -> Value:
    rows = records(string.data)
    if not rows:
        raise FunctionError("missing header line", 0)
    header, *body = rows
    names = [str(text(name).data) for name in header]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise FunctionError(f'duplicate column name "{name}"', 0)
    items = [value.object_of({n: text(field) for n, field in zip(names, row, strict=True)}) for row in body]
    return value.list_of(value.object_of({n: value.string("") for n in names}).type, items)


_STR = Parameter("str", STRING)

FUNCTIONS = (
    Function("base64decode", (_STR,), STRING, _base64decode),
    Function("base64encode", (_STR,), STRING, _base64encode),
    Function("base64gunzip", (_STR,), STRING, _base64gunzip),
    Function("base64gzip", (_STR,), STRING, _base64gzip),
    Function("csvdecode", (_STR,), DYNAMIC, _csvdecode),
    Function(
        "textdecodebase64", (Parameter("source", STRING), Parameter("encoding", STRING)), STRING, _textdecodebase64
    ),
    Function(
        "textencodebase64", (Parameter("string", STRING), Parameter("encoding", STRING)), STRING, _textencodebase64
    ),
    Function("urldecode", (_STR,), STRING, _urldecode),
    Function("urlencode", (_STR,), STRING, _urlencode),
)
