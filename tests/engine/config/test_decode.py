import pytest

from engine.diagnostics import Diagnostics
from engine.syntax.references import Key
from tests.engine.config.texts import details, good_module, module_of, told

WRONG = {
    "argument outside of blocks": ("a = 1", "main.tf:1:1 Unsupported argument", "not expected here"),
    "unknown block": ('resorce "a" "b" {}', "main.tf:1:1 Unsupported block type", 'Did you mean "resource"?'),
    "module": ('module "a" {}', "main.tf:1:12 Missing required argument", '"source"'),
    "variable without name": ("variable {}", "main.tf:1:10 Missing name for variable", "must have 1 labels (name)"),
    "variable with two": ('variable "a" "b" {}', "main.tf:1:14 Extraneous label for variable", "Only 1 labels"),
    "variable that is no name": ('variable "1a" {}', "main.tf:1:10 Invalid variable name", "starts with a letter"),
    "variable with a blank": ('variable "a b" {}', "main.tf:1:10 Invalid variable name", "starts with a letter"),
    "reserved variable": ('variable "count" {}', "main.tf:1:10 Invalid variable name", "reserved"),
    "variable twice": ('variable "a" {}\nvariable "a" {}', "main.tf:2:1 Duplicate variable declaration", "at main.tf:1:1"),
    "argument of a variable": ('variable "a" {\n  typ = string\n}', "main.tf:2:3 Unsupported argument", 'Did you mean "type"?'),
    "block in a variable": ('variable "a" {\n  x {}\n}', "main.tf:2:3 Unsupported block type", "not expected"),
    "ephemeral variable": ('variable "a" {\n  ephemeral = 1\n}', "main.tf:2:15 Unsuitable value type", "bool"),
    "sensitive of a kind": ('variable "a" {\n  sensitive = []\n}', "main.tf:2:15 Unsuitable value type", "bool"),
    "nullable null": ('variable "a" {\n  nullable = null\n}', "main.tf:2:14 Unsuitable value type", "null"),
    "type of a variable": ('variable "a" {\n  type = strin\n}', "main.tf:2:10 Invalid type specification", 'mean "string"?'),
    "locals with a label": ('locals "a" {}', "main.tf:1:8 Extraneous label for locals", "No labels are expected"),
    "block in locals": ("locals {\n  a {}\n}", "main.tf:2:3 Unexpected \"a\" block", "not allowed here"),
    "local twice": ("locals {\n  a = 1\n}\nlocals {\n  a = 2\n}", "main.tf:5:3 Duplicate local value definition", "defined at main.tf:2:3"),
    "output without value": ('output "a" {}', "main.tf:1:12 Missing required argument", '"value" is required'),
    "output twice": ('output "a" { value = 1 }\noutput "a" { value = 1 }', "main.tf:2:1 Duplicate output definition", "An output"),
    "output that is no name": ('output "a.b" { value = 1 }', "main.tf:1:8 Invalid output name", "starts with"),
    "depends_on no list": ('output "a" {\n  value = 1\n  depends_on = x\n}', "main.tf:3:16 Invalid expression", "square brackets"),
    "resource without name": ('resource "a" {}', "main.tf:1:14 Missing name for resource", "2 labels (type, name)"),
    "resource with three": ('resource "a" "b" "c" {}', "main.tf:1:18 Extraneous label for resource", "Only 2"),
    "resource type no name": ('resource "a b" "c" {}', "main.tf:1:10 Invalid resource type", "starts with"),
    "resource name no name": ('resource "a" "1" {}', "main.tf:1:14 Invalid resource name", "starts with"),
    "resource twice": ('resource "a" "b" {}\nresource "a" "b" {}', 'main.tf:2:1 Duplicate resource "a" configuration', "at main.tf:1:1"),
    "count and for_each": ('resource "a" "b" {\n  count = 1\n  for_each = {}\n}', 'main.tf:3:3 Invalid combination of "count" and "for_each"', "Only one"),
    "block in a resource": ('resource "a" "b" {\n  session {}\n}', "main.tf:2:3 Unsupported block type", 'define argument "session"?'),
    "provider of a kind": ('resource "a" "b" {\n  provider = 1\n}', "main.tf:2:14 Invalid provider configuration reference", "alias"),
    "provider too long": ('resource "a" "b" {\n  provider = x.y.z\n}', "main.tf:2:14 Invalid provider configuration reference", "alias"),
    "lifecycle twice": ('resource "a" "b" {\n  lifecycle {}\n  lifecycle {}\n}', "main.tf:3:3 Duplicate lifecycle block", "at main.tf:2:3"),
    "lifecycle with a label": ('resource "a" "b" {\n  lifecycle "x" {}\n}', "main.tf:2:13 Extraneous label for lifecycle", "No labels"),
    "argument of lifecycle": ('resource "a" "b" {\n  lifecycle {\n    prevent_destry = true\n  }\n}', "main.tf:3:5 Unsupported argument", 'mean "prevent_destroy"?'),
    "ignored call": ('resource "a" "b" {\n  lifecycle {\n    ignore_changes = [f(x)]\n  }\n}', "main.tf:3:23 Invalid expression", "static variable reference"),
    "ignored index": ('resource "a" "b" {\n  lifecycle {\n    ignore_changes = [x[true]]\n  }\n}', "main.tf:3:23 Invalid expression", "indexing with constants"),
    "provider without name": ("provider {}", "main.tf:1:10 Missing name for provider", "1 labels"),
    "provider twice": ('provider "a" {}\nprovider "a" {}', "main.tf:2:1 Duplicate provider configuration", "alias"),
    "alias twice": ('provider "a" { alias = "x" }\nprovider "a" { alias = "x" }', "main.tf:2:1 Duplicate provider configuration", 'with alias "x"'),
    "alias that is no name": ('provider "a" { alias = "x y" }', "main.tf:1:24 Invalid provider configuration alias", "starts with"),
    "block in a provider": ('provider "a" {\n  x {}\n}', "main.tf:2:3 Unsupported block type", "not expected"),
    "terraform with a label": ('terraform "a" {}', "main.tf:1:11 Extraneous label for terraform", "No labels"),
    "cloud": ("terraform {\n  cloud {}\n}", "main.tf:2:3 Unsupported backend", "local file"),
    "block in terraform": ("terraform {\n  required_provider {}\n}", "main.tf:2:3 Unsupported block type", 'mean "required_providers"?'),
    "requirement of a kind": ("terraform {\n  required_providers {\n    a = [1]\n  }\n}", "main.tf:3:9 Invalid required_providers object", "strings or objects"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "problem", "detail"), [pytest.param(*row, id=name) for name, row in WRONG.items()])
def test_what_is_wrong_with_a_block_is_told_where_it_is(text: str, problem: str, detail: str) -> None:
    found = Diagnostics()
    module_of(found, text)
    assert told(found) == [problem]
    assert detail in details(found)


def test_everything_wrong_is_told_in_one_run() -> None:
    found = Diagnostics()
    module_of(found, 'variable "a" {\n  x = 1\n  y = 1\n}\nnope {}', 'variable "a" {}\noutput "o" {}')
    assert told(found) == [
        "main.tf:2:3 Unsupported argument",
        "main.tf:3:3 Unsupported argument",
        "main.tf:5:1 Unsupported block type",
        "second.tf:1:1 Duplicate variable declaration",
        "second.tf:2:12 Missing required argument",
    ]


def test_a_resource_is_read_with_all_its_meta_arguments() -> None:
    block = good_module(
        """
        resource "openai_realtime_call" "a" {
          count      = 2
          provider   = openai.eu
          depends_on = [terraform_data.b, var.c]
          sdp        = "v=0"
          lifecycle {
            create_before_destroy = true
            prevent_destroy       = "true"
            ignore_changes        = [sdp, session.model, tags["x"], list[0].y]
          }
        }
        """
    ).resources["openai_realtime_call.a"]
    assert block.count is not None
    assert block.for_each is None
    assert block.provider == "openai.eu"
    assert len(block.depends_on) == 2
    assert list(block.arguments) == ["sdp"]
    assert (block.lifecycle.create_before_destroy, block.lifecycle.prevent_destroy) == (True, True)
    assert [path.steps for path in block.lifecycle.ignore_changes] == [
        ("sdp",), ("session", "model"), ("tags", Key("x")), ("list", Key(0), "y"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "argument", "name"),
    [
        pytest.param("openai_realtime_call", "", "openai", id="by the type"),
        pytest.param("terraform_data", "provider = openai", "openai", id="by name"),
        pytest.param("terraform_data", "provider = terraform.x", "terraform.x", id="by alias"),
        pytest.param("single", "", "single", id="a type of one word"),
    ],
)
def test_the_provider_of_a_resource_is_found(type: str, argument: str, name: str) -> None:
    module = good_module(f'resource "{type}" "a" {{\n{argument}\n}}')
    assert module.resources[f"{type}.a"].provider == name
    assert list(module.provider_names()) == [name]


def test_ignore_changes_may_name_everything() -> None:
    lifecycle = good_module('resource "a" "b" {\n lifecycle {\n ignore_changes = all\n }\n}').resources["a.b"].lifecycle
    assert lifecycle.ignore_all
    assert lifecycle.ignore_changes == ()
    assert lifecycle.create_before_destroy is None


def test_the_same_names_in_different_kinds_of_blocks_are_different_things() -> None:
    module = good_module(
        'variable "a" {}\noutput "a" { value = 1 }\nlocals { a = 1 }\nresource "x" "a" {}\nresource "y" "a" {}',
        'provider "x" {}\nprovider "x" { alias = "a" }\n',
    )
    assert list(module.resources) == ["x.a", "y.a"]
    assert list(module.providers) == ["x", "x.a"]
    assert module.providers["x.a"].type == "x"
    assert list(module.files) == ["main.tf", "second.tf"]


def test_providers_may_be_required_in_two_ways() -> None:
    module = good_module(
        'terraform {\n required_version = ">= 1.0"\n required_providers {\n a = "~> 1.0"\n b = { source = "x/b" }\n }\n}'
    )
    required = module.required_providers
    assert [str(constraint) for constraint in required["a"].constraints] == ["~> 1.0"]
    assert (required["a"].source, required["b"].source) == (None, "registry.terraform.io/x/b")


def test_a_variable_keeps_what_is_said_of_it() -> None:
    variable = good_module(
        'variable "a" {\n type = list(string)\n default = []\n description = 5\n sensitive = true\n nullable = false\n}'
    ).variables["a"]
    assert (variable.description, variable.sensitive, variable.nullable, variable.literal) == ("5", True, False, False)
    assert variable.default is not None
