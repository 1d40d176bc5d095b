"""Hashes and identifiers: https://developer.hashicorp.com/terraform/language/functions/md5."""

import base64
import hashlib
import re
import uuid
from collections.abc import Callable

from iacpolicy.core.types import NUMBER, STRING
from iacpolicy.evaluate.functions.common import text
from iacpolicy.evaluate.functions.encoding import decode_base64
from iacpolicy.evaluate.functions.frame import Files, Function, Parameter, undecided
from iacpolicy.evaluate.values import value
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.identities import CallResult
from iacpolicy.evaluate.values.terms import Cause, Reason
from iacpolicy.evaluate.values.value import Value

_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}
_UUID = re.compile(
    r"(?:urn:uuid:)?(\{)?(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})(?(1)\})\Z",
    re.IGNORECASE | re.ASCII,
)


def _hex(algorithm: str) -> Callable[[bytes], str]:
    return lambda data: hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def _base64(algorithm: str) -> Callable[[bytes], str]:
    return lambda data: base64.b64encode(hashlib.new(algorithm, data, usedforsecurity=False).digest()).decode()


def _of_text(name: str, digest: Callable[[bytes], str]) -> Function:
    return Function(name, (Parameter("str", STRING),), STRING, lambda string: text(digest(string.data.encode())))


def _of_file(name: str, digest: Callable[[bytes], str]) -> Function:
    def body(files: Files, path: Value) -> Value:
        data = files.read_bytes(path.data)
        return undecided(name, STRING, data) if isinstance(data, Value) else text(digest(data))

    return Function(name, (Parameter("path", STRING),), STRING, body)


def _uuidv5(namespace: Value, name: Value) -> Value:
    space = _NAMESPACES.get(namespace.data)
    if space is None:
        if not _UUID.match(namespace.data):
            raise FunctionError("uuidv5() doesn't support namespace " + namespace.data, 0)
        space = uuid.UUID(namespace.data)
    return text(str(uuid.uuid5(space, name.data)))


def _rsadecrypt(ciphertext: Value, key: Value) -> Value:
    decode_base64(ciphertext.data)
    if "-----BEGIN" not in key.data:
        raise FunctionError("the given key is not in PEM format", 1)
    digest = hashlib.sha256(f"{ciphertext.data}\0{key.data}".encode()).hexdigest()
    reason = Reason(Cause.LIMIT, "nothing is decrypted during a scan")
    return value.unknown_because(STRING, CallResult("rsadecrypt", digest, "rsadecrypt(…)"), reason)


def _unreachable(*_: Value) -> Value:
    raise AssertionError("an impure function has no body")


FUNCTIONS = (
    _of_text("md5", _hex("md5")),
    _of_text("sha1", _hex("sha1")),
    _of_text("sha256", _hex("sha256")),
    _of_text("sha512", _hex("sha512")),
    _of_text("base64sha256", _base64("sha256")),
    _of_text("base64sha512", _base64("sha512")),
    _of_file("filemd5", _hex("md5")),
    _of_file("filesha1", _hex("sha1")),
    _of_file("filesha256", _hex("sha256")),
    _of_file("filesha512", _hex("sha512")),
    _of_file("filebase64sha256", _base64("sha256")),
    _of_file("filebase64sha512", _base64("sha512")),
    Function(
        "bcrypt",
        (Parameter("str", STRING),),
        STRING,
        _unreachable,
        variadic=Parameter("cost", NUMBER),
    ),
    Function("rsadecrypt", (Parameter("ciphertext", STRING), Parameter("privatekey", STRING)), STRING, _rsadecrypt),
    Function("uuid", (), STRING, _unreachable),
    Function("uuidv5", (Parameter("namespace", STRING), Parameter("name", STRING)), STRING, _uuidv5),
)
