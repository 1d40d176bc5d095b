"""The arguments whose values other people can read: listed, logged or published."""

from collections.abc import Iterator

import msgspec

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.schemas.secret_names import words
from iacpolicy.schemas.sensitive import Path, SecretPaths
from iacpolicy.secrets.flow.literals import ValuePath
from iacpolicy.secrets.flow.syntax_queries import key_of
from iacpolicy.secrets.sinks.known_types import is_plain_parameter
from iacpolicy.secrets.text.classify import Trust
from iacpolicy.secrets.text.embedded import trust_of
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.language import CONDITIONS, META_BLOCKS

_SHOWN = {
    **dict.fromkeys(words("tags tags_all tag"), "the tags, which everyone who may list the resource can read"),
    **dict.fromkeys(words("labels annotations"), "labels, which everyone who may list the resource can read"),
    **dict.fromkeys(
        words("description alarm_description comment comments summary"),
        "a description, which everyone who may list the resource can read",
    ),
    **dict.fromkeys(
        words("name name_prefix display_name friendly_name title bucket hostname"),
        "a name, which lists and logs show",
    ),
    **dict.fromkeys(
        words(
            "user_data user_data_base64 startup_script metadata_startup_script custom_data startup-script "
            "startup-script-url windows-startup-script-ps1 user-data"
        ),
        "the user data, which every process on the machine can read",
    ),
}
_DNS = "a DNS record, which is public"
_STATIC = "the environment of a static site, which is built into public pages"
_DASHBOARD = "a dashboard, which everyone with access to it can read"
_FILE = "a local file, which every plan prints"
_SHARED = "a file in a repository, which keeps it in its history"
_TRIGGERS = "triggers, which the plan shows in plain text; use a hash of the secret"
_PLAIN = "an argument that is stored and shown in plain text"
_PROGRAM = "a command line, which the process list shows"
_MESSAGE = "an error message, which Terraform prints into the log of the run"
_COMMAND_NAMES = words("command args entrypoint entry_point start_command pre_deploy_command build_command")
_CONTAINER = "the command line of a container, which everyone who may read its definition can read"
_BY_TYPE: dict[str, dict[str, str]] = {
    "cloudflare_dns_record": {"content": _DNS, "data": _DNS},
    "cloudflare_record": {"content": _DNS, "value": _DNS, "data": _DNS},
    "aws_route53_record": {"records": _DNS},
    "google_dns_record_set": {"rrdatas": _DNS},
    "digitalocean_record": {"value": _DNS},
    "render_static_site": {"env_vars": _STATIC},
    "aws_amplify_app": {"environment_variables": _STATIC},
    "aws_amplify_branch": {"environment_variables": _STATIC},
    "grafana_dashboard": {"config_json": _DASHBOARD},
    "aws_cloudwatch_dashboard": {"dashboard_body": _DASHBOARD},
    "datadog_dashboard_json": {"dashboard": _DASHBOARD},
    "local_file": {"content": _FILE, "content_base64": _FILE},
    "github_repository_file": {"content": _SHARED},
    "gitlab_repository_file": {"content": _SHARED},
    "null_resource": {"triggers": _TRIGGERS},
    "terraform_data": {"triggers_replace": _TRIGGERS},
    "aws_ssm_parameter": {"insecure_value": _PLAIN},
    "kubernetes_config_map": {"data": _PLAIN},
    "kubernetes_config_map_v1": {"data": _PLAIN},
    "external": {"program": _PROGRAM, "query": ""},
    "azurerm_virtual_machine_extension": {"settings": _PLAIN},
    "azurerm_virtual_machine_scale_set_extension": {"settings": _PLAIN},
}
_COMMANDS = {"command": "a command line", "inline": "a command line"}
_COMMAND = "a command line, which the process list and the log of the run show"
_URL = "a URL, which the servers that handle it log"
# Terraform hides sensitive values in messages, but prints those that `nonsensitive` unmarks.
_NONSENSITIVE = lazy_pattern(r"\bnonsensitive\s{0,20}\(")
_URL_NAME = lazy_pattern(r"(?:.*_)?(?:url|uri|endpoint|webhook)s?\Z")
_ENVIRONMENTS = words("env_vars environment environment_variables variables env")
_FOR_BROWSERS = ("NEXT_PUBLIC_", "VITE_", "REACT_APP_", "NUXT_PUBLIC_", "PUBLIC_", "EXPO_PUBLIC_", "GATSBY_")
_BROWSERS = "a variable that is built into public pages"
MAX_DEPTH = 6


class ExposedArgument(msgspec.Struct, frozen=True):
    """An argument, or an item in it, that other people can read; `what` describes it and its readers.

    A secret in a URL is exposed if other text is around it.
    """

    argument: Argument
    path: Path
    what: str
    around: tuple[ConfigBlock, ...] = ()
    is_url: bool = False
    is_for_browsers: bool = False

    @property
    def is_static(self) -> bool:
        """Return whether the whole environment is built into public pages."""
        return self.what == _STATIC


def exposed_arguments(block: ConfigBlock, type_: str, paths: SecretPaths) -> Iterator[ExposedArgument]:
    """Yield the exposed arguments of a resource's block and of its provisioners.

    An argument that the schema calls sensitive is not exposed, except for the environment of a public site.
    """
    own = _BY_TYPE.get(type_, {})
    if is_plain_parameter(block, type_):
        own = {**own, "value": _PLAIN}
    yield from _in_block(block, own, paths, (), ())
    for inner in block.nested("provisioner", 1):
        for name, argument in inner.attributes.items():
            if name in _COMMANDS:
                yield ExposedArgument(argument, ("provisioner", name), _COMMAND)
    for condition in (c for inner in block.nested("lifecycle") for kind in CONDITIONS for c in inner.nested(kind)):
        message = condition.attributes.get("error_message")
        if message is not None and _NONSENSITIVE.search(message.source.text, message.value.start, message.value.end):
            yield ExposedArgument(message, ("lifecycle", condition.type, "error_message"), _MESSAGE)


def _in_block(
    block: ConfigBlock, own: dict[str, str], paths: SecretPaths, path: Path, around: tuple[ConfigBlock, ...]
) -> Iterator[ExposedArgument]:
    for name, argument in block.attributes.items():
        here = (*path, name)
        if not path and name in own:
            if own[name]:
                yield ExposedArgument(argument, here, own[name], around)
        elif name in _COMMAND_NAMES:
            yield ExposedArgument(argument, here, _CONTAINER, around)
        elif name in _ENVIRONMENTS:
            yield ExposedArgument(argument, here, _BROWSERS, around, is_for_browsers=True)
        elif here in paths.sensitive or here in paths.write_only:
            continue
        elif name == "name" and path and trust_of(path[-1]) > Trust.NONE:
            continue  # the name of a secret, not its value
        elif name in _SHOWN:
            yield ExposedArgument(argument, here, _SHOWN[name], around)
        elif _URL_NAME.match(name) and here not in paths.named:
            yield ExposedArgument(argument, here, _URL, around, is_url=True)
        elif isinstance(argument.value, ast.ObjectCons | ast.TupleCons):
            yield from _in_value(argument, argument.value, here, paths, around)
    for inner in block.blocks:
        if inner.type == "dynamic" and inner.labels:
            for content in inner.nested("content"):
                yield from _in_block(content, own, paths, (*path, inner.labels[0]), (*around, inner))
        elif inner.type not in META_BLOCKS:
            yield from _in_block(inner, own, paths, (*path, inner.type), around)


def _in_value(
    argument: Argument,
    value: ast.Expression,
    path: Path,
    paths: SecretPaths,
    around: tuple[ConfigBlock, ...],
) -> Iterator[ExposedArgument]:
    """Yield the exposed items of nested attributes, which are objects."""
    if len(path) > MAX_DEPTH:
        return
    if isinstance(value, ast.TupleCons):
        for element in value.items:
            yield from _in_value(argument, element, path, paths, around)
    elif isinstance(value, ast.ObjectCons):
        for item in value.items:
            name = key_of(item.key, argument.source)
            if name is None or (*path, name) in paths.sensitive:
                continue
            inner = _item(argument.source, item, name)
            if name in _SHOWN:
                yield ExposedArgument(inner, (*path, name), _SHOWN[name], around)
            elif _URL_NAME.match(name) and (*path, name) not in paths.named:
                yield ExposedArgument(inner, (*path, name), _URL, around, is_url=True)
            else:
                yield from _in_value(inner, item.value, (*path, name), paths, around)


def _item(source: SourceFile, item: ast.ObjectItem, name: str) -> Argument:
    """Return an item of an object as an argument."""
    node = ast.Attribute(start=item.start, end=item.end, name=name, name_end=item.key.end, value=item.value)
    return Argument(source, node)


def name_for_browsers(path: ValuePath) -> str:
    """Return the name of an environment variable that is built into public pages, without its prefix; else empty."""
    name = path[0] if path else None
    prefix = next((p for p in _FOR_BROWSERS if isinstance(name, str) and name.startswith(p)), None)
    return "" if prefix is None else str(name).removeprefix(prefix)
