"""A secret at a random source is found through random steps to a random sink, at its literal and with its trace."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iacpolicy.core.tree import MemoryTree
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.graph.build import build_graph
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.secrets.find import find_secrets
from iacpolicy.secrets.secret import Secret
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.variables import assignments

PLANTED = "Zirbel-Kiefer-4711"
CATALOGUE = Catalogue()


def secrets_of(files: dict[str, str], var_files: tuple[str, ...] = ()) -> list[Secret]:
    """Return the written secrets of a root in memory."""
    tree = MemoryTree(files)
    parsed = ParsedFiles(tree)
    modules = Modules(parsed)
    cell = Cell("", None, var_files)
    given_values, _ = assignments(parsed, "", var_files, {}, {})
    session = Session(tree, modules, CATALOGUE, cell, given_values)
    graph = build_graph(cell, 0, ModuleInstance(modules.load(""), session))
    return list(find_secrets([graph], tree).secrets)


@dataclass
class Configuration:
    """A configuration under construction: its files, and the expression that has the secret."""

    expression: str
    files: dict[str, list[str]] = field(default_factory=lambda: {"main.tf": []})
    steps: list[str] = field(default_factory=list)
    count: int = 0

    def name(self) -> str:
        """Return a new neutral name."""
        self.count += 1
        return f"v{self.count}"

    def write(self, text: str, path: str = "main.tf") -> None:
        """Add a block to a file."""
        self.files.setdefault(path, []).append(text)


def source_literal(config: Configuration) -> None:
    name = config.name()
    config.write(f'locals {{\n  {name} = "{PLANTED}"\n}}')
    config.expression = f"local.{name}"
    config.steps.append("local")


def source_default(config: Configuration) -> None:
    name = config.name()
    config.write(f'variable "{name}" {{\n  default = "{PLANTED}"\n}}')
    config.expression = f"var.{name}"
    config.steps.append("default")


def source_tfvars(config: Configuration) -> None:
    name = config.name()
    config.write(f'variable "{name}" {{}}')
    config.write(f'{name} = "{PLANTED}"', "terraform.tfvars")
    config.expression = f"var.{name}"
    config.steps.append("tfvars")


def step_local(config: Configuration) -> None:
    name = config.name()
    config.write(f"locals {{\n  {name} = {config.expression}\n}}")
    config.expression = f"local.{name}"
    config.steps.append("local")


def step_object(config: Configuration) -> None:
    name = config.name()
    config.write(f'locals {{\n  {name} = {{ a = {{ "x y" = {config.expression} }}, b = "other" }}\n}}')
    config.expression = f'local.{name}.a["x y"]'
    config.steps.append("local")


def step_list(config: Configuration) -> None:
    name = config.name()
    config.write(f'locals {{\n  {name} = ["one", {config.expression}]\n}}')
    config.expression = f"local.{name}[1]"
    config.steps.append("local")


def step_for(config: Configuration) -> None:
    name = config.name()
    config.write(
        f"locals {{\n  {name} = {{ for k, v in {{ a = {{ inner = {config.expression} }} }} : k => v.inner }}\n}}"
    )
    config.expression = f"local.{name}.a"
    config.steps.append("local")


def step_module(config: Configuration) -> None:
    name = config.name()
    config.write(f'module "{name}" {{\n  source = "./{name}"\n  given = {config.expression}\n}}')
    config.write('variable "given" {}\noutput "made" {\n  value = var.given\n}', f"{name}/main.tf")
    config.expression = f"module.{name}.made"
    config.steps += ["argument", "output"]


def step_resource(config: Configuration) -> None:
    name = config.name()
    config.write(f'resource "acme_thing" "{name}" {{\n  content = {config.expression}\n}}')
    config.expression = f"acme_thing.{name}.content"
    config.steps.append("resource")


def step_each_module(config: Configuration) -> None:
    name = config.name()
    config.write(
        f'module "{name}" {{\n  source = "./{name}"\n  for_each = {{ k = {config.expression} }}\n'
        "  given = each.value\n}"
    )
    config.write('variable "given" {}\noutput "made" {\n  value = { x = var.given }\n}', f"{name}/main.tf")
    config.expression = f'module.{name}["k"].made.x'
    config.steps += ["argument", "output"]


def step_counted_module(config: Configuration) -> None:
    name = config.name()
    config.write(f'module "{name}" {{\n  source = "./{name}"\n  count = 2\n  given = [{config.expression}]\n}}')
    config.write('variable "given" {}\noutput "made" {\n  value = one(var.given)\n}', f"{name}/main.tf")
    config.expression = f"one(module.{name}[*].made)"
    config.steps += ["argument", "output"]


def step_deep_module(config: Configuration) -> None:
    """Pass the value through three nested modules and back."""
    name = config.name()
    config.write(f'module "{name}" {{\n  source = "./{name}/a"\n  given = {config.expression}\n}}')
    for outer, inner in (("a", "b"), ("b", "c")):
        config.write(
            f'variable "given" {{}}\nmodule "m" {{\n  source = "../{inner}"\n  given = var.given\n}}\n'
            'output "made" {\n  value = module.m.made\n}',
            f"{name}/{outer}/main.tf",
        )
    config.write('variable "given" {}\noutput "made" {\n  value = var.given\n}', f"{name}/c/main.tf")
    config.expression = f"module.{name}.made"
    config.steps += ["argument"] * 3 + ["output"] * 3


def step_handed_on(config: Configuration) -> None:
    name = config.name()
    config.write(f'resource "terraform_data" "{name}" {{\n  input = {{ w = {config.expression} }}\n}}')
    config.expression = f"terraform_data.{name}.output.w"
    config.steps.append("resource")


def step_template(config: Configuration) -> None:
    name = config.name()
    config.write("%{ for one in many ~}\n${one.w}\n%{ endfor ~}", f"{name}.tftpl")
    config.expression = (
        f'trimspace(templatefile("${{path.module}}/{name}.tftpl", {{ many = [{{ w = {config.expression} }}] }}))'
    )


def step_instances(config: Configuration) -> None:
    name = config.name()
    config.write(
        f'resource "acme_thing" "{name}" {{\n  for_each = {{ a = {{ w = {config.expression} }} }}\n'
        "  content = each.value.w\n}"
    )
    config.expression = f"values(acme_thing.{name})[0].content"
    config.steps.append("resource")


def wrapped(before: str, after: str) -> Callable[[Configuration], None]:
    """Return a step inside one expression, which adds nothing to the trace."""

    def step(config: Configuration) -> None:
        config.expression = f"{before}{config.expression}{after}"

    return step


STEPS = [
    step_local,
    step_object,
    step_list,
    step_for,
    step_module,
    step_resource,
    wrapped("(", ")"),
    wrapped('"${', '}"'),
    wrapped("nonsensitive(", ")"),
    wrapped("trimspace(", ")"),
    wrapped('format("%s", ', ")"),
    wrapped('coalesce("", ', ")"),
    wrapped("merge({ a = 1 }, { b = ", " }).b"),
    wrapped("jsondecode(jsonencode({ c = ", " })).c"),
    wrapped("one([", "])"),
    wrapped("concat([], [", "])[0]"),
    wrapped("true ? ", ' : ""'),
    wrapped("try(", ', "")'),
    wrapped("lookup({ d = ", ' }, "d", "")'),
    wrapped("values({ e = ", " })[0]"),
    wrapped("base64encode(", ")"),
    step_each_module,
    step_counted_module,
    step_deep_module,
    step_handed_on,
    step_template,
    step_instances,
    wrapped('templatestring("a$${x}", { x = ', " })"),
    wrapped("yamldecode(yamlencode({ f = ", " })).f"),
    wrapped("flatten([[", "], []])[0]"),
    wrapped('zipmap(["g"], [', '])["g"]'),
    wrapped("element([", "], 0)"),
    wrapped('join("", [', "])"),
    wrapped("replace(", ', "~", "-")'),
    wrapped('split("~", ', ")[0]"),
    wrapped("tomap({ h = ", ' })["h"]'),
    wrapped("([{ i = ", " }][*].i)[0]"),
    wrapped("chunklist([", "], 1)[0][0]"),
    wrapped("one(toset([", "]))"),
    wrapped("tolist(sort([", "]))[0]"),
    wrapped("[for o in [", '] : o if o != ""][0]'),
    wrapped("coalescelist([], [", "])[0]"),
    wrapped("reverse(distinct(compact([", "])))[0]"),
    wrapped("setunion([", "], [])[0]"),
    wrapped("urlencode(", ")"),
    wrapped("substr(", ", 0, 99)"),
    wrapped('formatlist("%s", [', "])[0]"),
    wrapped('"%{ if true }${', '}%{ endif }"'),
]


def sink_argument(config: Configuration) -> str:
    config.write(f'resource "postgresql_role" "end" {{\n  name     = "end"\n  password = {config.expression}\n}}')
    return "postgresql_role.end"


def sink_provider(config: Configuration) -> str:
    config.write(f'provider "grafana" {{\n  auth = {config.expression}\n}}')
    return "provider.grafana"


def sink_environment(config: Configuration) -> str:
    value = f"{{ SESSION_SECRET = {{ value = {config.expression} }} }}"
    config.write(f'resource "render_cron_job" "end" {{\n  env_vars = merge({{}}, {value})\n}}')
    return "render_cron_job.end"


def sink_document(config: Configuration) -> str:
    config.write(
        f'resource "supabase_settings" "end" {{\n  auth = jsonencode({{ smtp_pass = {config.expression} }})\n}}'
    )
    return "supabase_settings.end"


def sink_each(config: Configuration) -> str:
    config.write(
        f'resource "postgresql_role" "end" {{\n  for_each = {{ a = {{ word = {config.expression} }} }}\n'
        "  name     = each.key\n  password = each.value.word\n}"
    )
    return "postgresql_role.end"


def sink_dynamic(config: Configuration) -> str:
    config.write(
        f'resource "grafana_contact_point" "end" {{\n  dynamic "webhook" {{\n    for_each = [{config.expression}]\n'
        "    content {\n      basic_auth_password = webhook.value\n    }\n  }\n}"
    )
    return "grafana_contact_point.end"


def sink_module(config: Configuration) -> str:
    config.write(f'module "end" {{\n  source = "./end"\n  given = {config.expression}\n}}')
    config.write('variable "given" {}\nresource "postgresql_role" "end" {\n  password = var.given\n}', "end/main.tf")
    config.steps.append("argument")
    return "module.end.postgresql_role.end"


def sink_write_only(config: Configuration) -> str:
    config.write(f'resource "postgresql_role" "end" {{\n  password_wo = {config.expression}\n}}')
    return "postgresql_role.end"


def sink_command(config: Configuration) -> str:
    config.write(
        'resource "terraform_data" "end" {\n  provisioner "local-exec" {\n'
        f'    command = "run --password ${{{config.expression}}} --now"\n  }}\n}}'
    )
    return "terraform_data.end.provisioner.local-exec"


def sink_connection(config: Configuration) -> str:
    config.write(
        'resource "terraform_data" "end" {\n  connection {\n    host     = "x"\n'
        f"    password = {config.expression}\n  }}\n}}"
    )
    return "terraform_data.end.connection"


def sink_user_data(config: Configuration) -> str:
    config.write("#!/bin/sh\nexport DB_PASSWORD=${word}\nexport LEVEL=${level}", "boot.tftpl")
    config.write(
        'resource "aws_instance" "end" {\n  user_data = base64encode(templatefile("boot.tftpl", '
        f'{{ level = "info", word = {config.expression} }}))\n}}'
    )
    return "aws_instance.end"


def sink_pair(config: Configuration) -> str:
    config.write(
        'resource "aws_codebuild_project" "end" {\n  environment {\n    environment_variable {\n'
        f'      name  = "MAIL_PASSWORD"\n      value = {config.expression}\n    }}\n  }}\n}}'
    )
    return "aws_codebuild_project.end"


SOURCES = [source_literal, source_default, source_tfvars]
SINKS = [sink_argument, sink_provider, sink_environment, sink_document, sink_each, sink_dynamic, sink_module]
SINKS += [sink_write_only, sink_command, sink_connection, sink_user_data, sink_pair]


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(SOURCES), st.lists(st.sampled_from(STEPS), min_size=1, max_size=6), st.sampled_from(SINKS))
def test_every_trace_is_found(
    source: Callable[[Configuration], None],
    steps: list[Callable[[Configuration], None]],
    sink: Callable[[Configuration], str],
) -> None:
    """There is one secret, at its literal, with its sink and each step in order."""
    config = Configuration("")
    source(config)
    for step in steps:
        step(config)
    address = sink(config)
    files = {path: "\n".join(blocks) + "\n" for path, blocks in config.files.items()}
    (secret,) = secrets_of(files)
    assert secret.text == PLANTED
    assert secret.place is not None
    line = files[secret.place.path].split("\n")[secret.place.line - 1]
    assert line[secret.place.column - 1 : secret.place.end_column - 1] == PLANTED
    assert secret.kind == ("default" if source is source_default else "literal")
    assert secret.address == address
    assert secret.trace is not None
    kinds = [str(step.kind) for step in secret.trace.steps()]
    assert kinds == ["literal", *config.steps, "attribute"]


@pytest.mark.parametrize(
    ("expression", "path", "text"),
    [
        ('yamldecode(file("c.yaml")).db.password', "c.yaml", f"# first\n\ndb:\n  password: {PLANTED}\n"),
        ('jsondecode(file("c.json")).db.password', "c.json", f'{{\n  "db": {{\n\n    "password": "{PLANTED}"}}}}\n'),
        ('templatefile("c.tftpl", { a = "b" })', "c.tftpl", f"# ${{a}}\n\n\npassword={PLANTED}\n"),
        ('file("c.conf")', "c.conf", f"# first\n\n\npassword={PLANTED}\n"),
    ],
)
def test_the_trace_from_a_file_begins_on_the_line_of_the_literal(expression: str, path: str, text: str) -> None:
    """A secret in a file has its place in the file, whichever function decodes the file."""
    main = f'resource "aws_db_instance" "a" {{\n  password = {expression}\n}}\n'
    [secret] = secrets_of({"main.tf": main, path: text})
    step = secret.trace
    while step is not None and step.parents:
        step = step.parents[0]
    assert step is not None
    assert step.span is not None
    assert secret.place is not None
    assert (step.span.path, step.span.line, secret.place.line) == (path, 4, 4)


def test_padding_before_a_line_break_is_no_assignment() -> None:
    """A base64 text that ends in `=` and a line break is a secret, not a line of an environment file."""
    given = "base64encode(base64encode(base64encode(local.v)))"
    main = f"""
locals {{
  v = "{PLANTED}"
}}
resource "postgresql_role" "a" {{
  name     = "a"
  password = templatefile("c.tftpl", {{ w = {given} }})
}}
"""
    [secret] = secrets_of({"main.tf": main, "c.tftpl": "${w}\n"})
    assert secret.text == PLANTED
