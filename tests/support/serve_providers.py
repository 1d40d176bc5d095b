"""Serve recorded provider schemas to a real Terraform, without providers, network and credentials.

    python serve_providers.py SCHEMA.json.gz... -- terraform plan

Terraform uses gRPC for its providers, and `TF_REATTACH_PROVIDERS` names providers that already run. This process
serves all given ones on Unix sockets. Computed values are placeholders: a string is
"fake-<name>", a number is 0, a collection is empty. `answers` replaces them by kind (`resources`, `data_sources`,
`ephemeral_resources`), type and attribute. Custom validators and plan modifiers do not run. Terraform itself checks
names, types, nesting, required arguments, and the rules of write-only and ephemeral values.

The server needs few messages and fields of Terraform's plugin protocol, version 6. It reads and writes the
protobuf format by itself.
"""

import contextlib
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent import futures
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import msgpack

Answers = Mapping[str, Mapping[str, Mapping[str, Any]]]
Handler = Callable[[dict[int, Any]], bytes]

SCHEMAS = Path(__file__).parent / "schemas"
UNKNOWN = msgpack.ExtType(0, b"\0")

NESTING = {"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}
FLAGS = {"required": 4, "optional": 5, "computed": 6, "sensitive": 7, "deprecated": 9, "write_only": 11}


# Protobuf


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _number(field: int, value: int | bool | None) -> bytes:
    return _varint(field << 3) + _varint(int(value)) if value else b""


def _bytes(field: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = message[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


def _fields(message: bytes) -> dict[int, Any]:
    """Return the last value of each field, because no repeated field of a request is needed."""
    out: dict[int, Any] = {}
    at = 0
    while at < len(message):
        key, at = _read_varint(message, at)
        value, at = _read_varint(message, at)
        number = key >> 3
        if key & 7:
            out[number], at = message[at : at + value], at + value
        else:
            out[number] = value
    return out


# Recorded schema as a message of the protocol


def _attribute(name: str, recorded: dict[str, Any]) -> bytes:
    out = _bytes(1, name) + b"".join(_number(field, recorded.get(flag)) for flag, field in FLAGS.items())
    if "nested" not in recorded:
        return out + _bytes(2, json.dumps(recorded["type"]))
    nested = recorded["nested"]
    attributes = b"".join(_bytes(1, _attribute(*item)) for item in nested["attributes"].items())
    return out + _bytes(10, attributes + _number(3, NESTING[nested["nesting"]]))


def _block(recorded: dict[str, Any]) -> bytes:
    out = b"".join(_bytes(2, _attribute(*item)) for item in recorded["attributes"].items())
    for name, nested in recorded.get("blocks", {}).items():
        message = _bytes(1, name) + _bytes(2, _block(nested["block"])) + _number(3, NESTING[nested["nesting"]])
        out += _bytes(3, message + _number(4, nested.get("min")) + _number(5, nested.get("max")))
    return out + _number(6, recorded.get("deprecated"))


def _schema(recorded: dict[str, Any]) -> bytes:
    return _number(1, recorded.get("version")) + _bytes(2, _block(recorded))


def _function(recorded: dict[str, Any]) -> bytes:
    out = b""
    for parameter in recorded["parameters"]:
        out += _bytes(1, _bytes(1, parameter["name"]) + _bytes(2, json.dumps(parameter["type"])))
    if "variadic" in recorded:
        out += _bytes(2, _bytes(1, "more") + _bytes(2, json.dumps(recorded["variadic"])))
    return out + _bytes(3, _bytes(1, json.dumps(recorded["returns"])))


def _entries(field: int, recorded: dict[str, Any], encode: Callable[[dict[str, Any]], bytes]) -> bytes:
    return b"".join(_bytes(field, _bytes(1, name) + _bytes(2, encode(item))) for name, item in recorded.items())


# Values that a provider would compute

Leaf = Callable[[str, dict[str, Any], Any], Any]


def _load(value: bytes) -> Any:
    message = _fields(value)
    if 1 in message:
        return msgpack.unpackb(message[1], raw=False, strict_map_key=False)
    return json.loads(message[2])


def _dump(value: Any) -> bytes:
    return _bytes(1, msgpack.packb(value, use_bin_type=True))


def _made_up(name: str, kind: Any) -> Any:
    constructor: str
    element: Any
    constructor, element = (kind, None) if isinstance(kind, str) else kind
    match constructor:
        case "string":
            return "{}" if name.endswith("json") else f"fake-{name}"
        case "number":
            return 0
        case "bool":
            return False
        case "map":
            return {}
        case "dynamic":
            return [b'"string"', f"fake-{name}"]
        case "object":
            return {key: _made_up(key, item) for key, item in element.items()}
        case "tuple":
            return [_made_up(name, item) for item in element]
    return []


def _made_up_attribute(name: str, attribute: dict[str, Any]) -> Any:
    if "nested" not in attribute:
        return _made_up(name, attribute["type"])
    nested = attribute["nested"]
    match nested["nesting"]:
        case "single":
            return {
                key: _made_up_attribute(key, item) if item.get("computed") else None
                for key, item in nested["attributes"].items()
            }
        case "map":
            return {}
    return []


def _each(nesting: str, change: Callable[[Any], Any], value: Any) -> Any:
    if value is None or isinstance(value, msgpack.ExtType):
        return value
    if nesting in ("single", "group"):
        return change(value)
    if isinstance(value, dict):
        return {key: change(item) for key, item in value.items()}
    return [change(item) for item in value]


def _walk(block: dict[str, Any], value: Any, leaf: Leaf) -> Any:
    """Apply `leaf` to every attribute, including those of nested objects and blocks."""
    if value is None or isinstance(value, msgpack.ExtType):
        return value
    out = {}
    for name, attribute in block["attributes"].items():
        item = leaf(name, attribute, value.get(name))
        if "nested" in attribute:
            nested = attribute["nested"]
            item = _each(nested["nesting"], partial(_walk_with, nested, leaf), item)
        out[name] = item
    for name, nested in block.get("blocks", {}).items():
        out[name] = _each(nested["nesting"], partial(_walk_with, nested["block"], leaf), value.get(name))
    return out


def _walk_with(block: dict[str, Any], leaf: Leaf, value: Any) -> Any:
    return _walk(block, value, leaf)


def _planned_anew(_: str, attribute: dict[str, Any], value: Any) -> Any:
    if attribute.get("write_only"):
        return None
    if value is not None:
        return value
    return attribute["default"] if "default" in attribute else UNKNOWN if attribute.get("computed") else None


def _planned_again(_: str, attribute: dict[str, Any], value: Any) -> Any:
    if attribute.get("write_only"):
        return None
    return attribute.get("default") if value is None else value


def _applied(name: str, attribute: dict[str, Any], value: Any) -> Any:
    if attribute.get("write_only"):
        return None
    return _made_up_attribute(name, attribute) if isinstance(value, msgpack.ExtType) else value


def _read(name: str, attribute: dict[str, Any], value: Any) -> Any:
    return _made_up_attribute(name, attribute) if value is None and attribute.get("computed") else value


# The service


class Provider(grpc.GenericRpcHandler):
    """One recorded provider with the interface that Terraform uses."""

    def __init__(self, path: Path, answers: Answers) -> None:
        self.recorded = json.loads(gzip.decompress(path.read_bytes()))
        self.address = "registry.terraform.io/" + self.recorded["provider"]
        self._answers = answers
        self._calls: dict[str, Handler] = {
            "GetProviderSchema": self._provider_schema,
            "ValidateProviderConfig": self._nothing,
            "ValidateResourceConfig": self._validate_resource,
            "ValidateDataResourceConfig": self._nothing,
            "ValidateEphemeralResourceConfig": self._nothing,
            "ConfigureProvider": self._nothing,
            "UpgradeResourceState": lambda request: _bytes(1, _bytes(2, _fields(request[3])[1])),
            "ReadResource": lambda request: _bytes(1, request[2]) + (_bytes(3, request[3]) if 3 in request else b""),
            "PlanResourceChange": self._plan,
            "ApplyResourceChange": lambda request: (
                _bytes(1, self._filled("resources", request[1], request[3], _applied)) + _number(4, 1)
            ),
            "ReadDataSource": lambda request: _bytes(1, self._filled("data_sources", request[1], request[2], _read)),
            "OpenEphemeralResource": lambda request: _bytes(
                3, self._filled("ephemeral_resources", request[1], request[2], _read)
            ),
            "CloseEphemeralResource": self._nothing,
            "StopProvider": self._nothing,
        }

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[Any, Any] | None":
        call = self._calls.get(handler_call_details.method.rsplit("/", 1)[1])
        return call and grpc.unary_unary_rpc_method_handler(lambda request, _: call(_fields(request)))

    def _nothing(self, _: dict[int, Any]) -> bytes:
        return b""

    def _provider_schema(self, _: dict[int, Any]) -> bytes:
        recorded = self.recorded
        return (
            _bytes(1, _schema(recorded["provider_config"]))
            + _entries(2, recorded["resources"], _schema)
            + _entries(3, recorded["data_sources"], _schema)
            + _entries(7, recorded["functions"], _function)
            + _entries(8, recorded["ephemeral_resources"], _schema)
        )

    def _filled(self, kind: str, name: bytes, value: bytes, leaf: Leaf) -> bytes:
        type_name, given = name.decode(), _load(value)
        out = _walk(self.recorded[kind][type_name], given, leaf)
        if given and leaf in (_applied, _read):
            for attribute, answer in self._answers.get(kind, {}).get(type_name, {}).items():
                if given[attribute] is None or isinstance(given[attribute], msgpack.ExtType):
                    out[attribute] = answer
        return _dump(out)

    def _validate_resource(self, request: dict[int, Any]) -> bytes:
        schema, config = self.recorded["resources"][request[1].decode()], _load(request[2])
        wrong = []

        def check(name: str, attribute: dict[str, Any], value: Any) -> Any:
            allowed = attribute.get("one_of")
            if allowed and isinstance(value, str | int) and str(value) not in allowed:
                wrong.append(f'{name}: expected one of {", ".join(allowed)}, got "{value}".')
            return value

        _walk(schema, config, check)
        for name, attribute in schema["attributes"].items():
            if config[name] is None:
                continue
            for other in attribute.get("required_with", ()):
                if other in config and config[other] is None:
                    wrong.append(f"{name} needs {other}.")
            for other in attribute.get("conflicts_with", ()):
                if config.get(other) is not None:
                    wrong.append(f"{name} excludes {other}.")
        return b"".join(_bytes(1, _number(1, 1) + _bytes(2, "Value not allowed") + _bytes(3, text)) for text in wrong)

    def _plan(self, request: dict[int, Any]) -> bytes:
        prior, wanted = _load(request[2]), _load(request[3])
        leaf = _planned_anew if prior is None else _planned_again
        out = _bytes(1, self._filled("resources", request[1], request[3], leaf))
        if prior and wanted:
            for name, attribute in self.recorded["resources"][request[1].decode()]["attributes"].items():
                if attribute.get("force_new") and prior[name] != wanted[name]:
                    out += _bytes(2, _bytes(1, _bytes(1, name)))
        # The last field means "legacy type system", which allows a default for an absent argument.
        return out + _number(5, 1)


@contextlib.contextmanager
def serving(schemas: Sequence[Path], answers: Answers | None = None) -> Iterator[dict[str, str]]:
    """Serve the recorded schemas, and yield the environment for Terraform."""
    with tempfile.TemporaryDirectory(prefix="providers-") as folder:
        servers, reattach = [], {}
        for path in schemas:
            provider, server = Provider(path, answers or {}), grpc.server(futures.ThreadPoolExecutor(4))
            socket = f"{folder}/{path.name.split('.')[0]}"
            server.add_generic_rpc_handlers((provider,))
            server.add_insecure_port(f"unix://{socket}")
            server.start()
            servers.append(server)
            reattach[provider.address] = {
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": os.getpid(),
                "Test": True,
                "Addr": {"Network": "unix", "String": socket},
            }
        try:
            yield {"TF_REATTACH_PROVIDERS": json.dumps(reattach)}
        finally:
            for server in servers:
                server.stop(None).wait()


def main(arguments: Sequence[str]) -> int:
    """Run the command after `--` while serving the schemas before it, or all recorded ones."""
    cut = arguments.index("--")
    schemas = [Path(argument) for argument in arguments[:cut]] or sorted(SCHEMAS.glob("*.json.gz"))
    with serving(schemas) as environment:
        return subprocess.call(arguments[cut + 1 :], env={**os.environ, **environment})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
