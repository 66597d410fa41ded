from pathlib import Path

import pytest

from engine.config.body import Block
from engine.config.decode import decode_module
from engine.config.load import is_configuration, is_override, parse_files, read_module
from engine.config.model import Module
from engine.config.overrides import merged_blocks
from engine.diagnostics import Diagnostics, SourceFile

Outline = dict[str, object]


def outline(block: Block) -> Outline:
    """Return a block's arguments as written, and its nested blocks under their types and labels."""
    found: Outline = {}
    for name, argument in block.arguments().items():
        where = argument.expression.range
        found[name] = where.file.text[where.start : where.end]
    for inner in block.blocks():
        found[" ".join([inner.type, *inner.labels])] = outline(inner)
    return found


def merged(*texts: str) -> tuple[list[Outline], list[str]]:
    """Return what a primary file and its overrides make, and what is wrong with them."""
    sources = [SourceFile("main.tf", texts[0])]
    sources += [SourceFile(f"{letter}_override.tf", text) for letter, text in zip("abc", texts[1:], strict=False)]
    found = Diagnostics()
    blocks = merged_blocks(parse_files(sources, found), found)
    return [outline(block) for block in blocks], [f"{item.subject} {item.summary}" for item in found]


@pytest.mark.parametrize(
    ("name", "configuration", "override"),
    [
        pytest.param("main.tf", True, False, id="native"),
        pytest.param("main.hcl", True, False, id="ours"),
        pytest.param("main.tf.json", True, False, id="json"),
        pytest.param("main.json", False, False, id="other json"),
        pytest.param("main.hcl.json", False, False, id="other json of a similar name"),
        pytest.param("override.tf", True, True, id="override"),
        pytest.param("override.hcl", True, True, id="override of ours"),
        pytest.param("override.tf.json", True, True, id="override in json"),
        pytest.param("x_override.tf", True, True, id="named override"),
        pytest.param("x_override.hcl", True, True, id="named override of ours"),
        pytest.param("x_override.tf.json", True, True, id="named override in json"),
        pytest.param("x-override.tf", True, False, id="a dash is no underscore"),
        pytest.param("override_x.tf", True, False, id="only at the end"),
        pytest.param("myoverride.tf", True, False, id="only a word of its own"),
        pytest.param(".x_override.tf", False, True, id="dotfile"),
    ],
)
def test_files_are_known_by_their_names(name: str, configuration: bool, override: bool) -> None:
    assert is_configuration(name) is configuration
    assert is_override(name) is override
    assert is_override(f"override/{name}") is override


@pytest.mark.parametrize(
    ("base", "override", "expected"),
    [
        pytest.param('resource "t" "a" {\n x = 1\n y = 2\n}', 'resource "t" "a" {\n y = 3\n z = 4\n}', {"x": "1", "y": "3", "z": "4"}, id="arguments"),
        pytest.param('resource "t" "a" {\n x = { a = 1 }\n}', 'resource "t" "a" {\n x = { b = 2 }\n}', {"x": "{ b = 2 }"}, id="objects are not merged"),
        pytest.param('resource "t" "a" {\n count = 1\n}', 'resource "t" "a" {\n for_each = {}\n}', {"for_each": "{}"}, id="for_each for count"),
        pytest.param('resource "t" "a" {\n for_each = {}\n}', 'resource "t" "a" {\n count = 1\n}', {"count": "1"}, id="count for for_each"),
        pytest.param(
            'resource "t" "a" {\n lifecycle {\n create_before_destroy = true\n ignore_changes = [x]\n precondition {\n condition = 1\n }\n }\n}',
            'resource "t" "a" {\n lifecycle {\n ignore_changes = [y]\n prevent_destroy = true\n }\n}',
            {"lifecycle": {"create_before_destroy": "true", "ignore_changes": "[y]", "prevent_destroy": "true", "precondition": {"condition": "1"}}},
            id="lifecycle argument by argument",
        ),
        pytest.param('resource "t" "a" {}', 'resource "t" "a" {\n lifecycle {\n prevent_destroy = true\n }\n}', {"lifecycle": {"prevent_destroy": "true"}}, id="lifecycle anew"),
        pytest.param(
            'resource "t" "a" {\n provisioner "file" {\n x = 1\n }\n provisioner "local-exec" {}\n connection {\n x = 1\n }\n}',
            'resource "t" "a" {\n provisioner "local-exec" {\n y = 2\n }\n}',
            {"connection": {"x": "1"}, "provisioner local-exec": {"y": "2"}},
            id="provisioners all together",
        ),
        pytest.param('resource "t" "a" {\n connection {\n x = 1\n }\n}', 'resource "t" "a" {\n connection {\n y = 1\n }\n}', {"connection": {"y": "1"}}, id="connection"),
        pytest.param('resource "t" "a" {\n b {\n x = 1\n }\n c {}\n}', 'resource "t" "a" {\n dynamic "b" {\n for_each = []\n }\n}', {"c": {}, "dynamic b": {"for_each": "[]"}}, id="dynamic for plain blocks"),
        pytest.param('data "t" "a" {\n x = 1\n}', 'data "t" "a" {\n x = 2\n}', {"x": "2"}, id="data"),
        pytest.param('variable "v" {\n default = 1\n description = "d"\n validation {}\n}', 'variable "v" {\n default = 2\n}', {"default": "2", "description": '"d"', "validation": {}}, id="variable"),
        pytest.param('output "o" {\n value = 1\n depends_on = [a.b]\n precondition {}\n}', 'output "o" {\n value = 2\n}', {"value": "2", "depends_on": "[a.b]", "precondition": {}}, id="output"),
        pytest.param('module "m" {\n source = "./a"\n x = 1\n}', 'module "m" {\n source = "./b"\n}', {"source": '"./b"', "x": "1"}, id="module"),
        pytest.param("locals {\n x = 1\n y = 2\n}", "locals {\n x = 3\n}\nlocals {\n y = 4\n}", {"x": "3", "y": "4"}, id="locals"),
        pytest.param('provider "p" {\n key = 1\n}', 'provider "p" {\n key = 2\n}', {"key": "2"}, id="provider"),
        pytest.param('provider "p" {\n alias = "a"\n key = 1\n}', 'provider "p" {\n alias = "a"\n key = 2\n}', {"alias": '"a"', "key": "2"}, id="provider with an alias"),
    ],
)  # fmt: skip
def test_an_override_changes_what_it_names_and_keeps_the_rest(base: str, override: str, expected: Outline) -> None:
    assert merged(base + "\n", override + "\n") == ([expected], [])


@pytest.mark.parametrize(
    ("base", "override", "expected"),
    [
        pytest.param('provider "q" {}', 'provider "p" {\n key = 1\n}', [{}, {"key": "1"}], id="a provider may have had no block"),
        pytest.param("locals {\n x = 1\n}\nlocals {\n y = 1\n}", "locals {\n y = 2\n}", [{"x": "1"}, {"y": "2"}], id="the block with the local value"),
        pytest.param(
            'terraform {\n required_version = "1"\n backend "local" {}\n}\nterraform {\n required_version = "2"\n}',
            'terraform {\n required_version = "3"\n}',
            [{"backend local": {}}, {}, {"required_version": '"3"'}],
            id="versions all together",
        ),
        pytest.param('terraform {\n backend "local" {}\n}', "terraform {\n cloud {}\n}", [{}, {"cloud": {}}], id="storage"),
        pytest.param(
            'terraform {\n required_providers {\n a = "1"\n b = "1"\n }\n}',
            'terraform {\n required_providers {\n b = "2"\n c = "2"\n }\n}',
            [{"required_providers": {"a": '"1"', "b": '"2"', "c": '"2"'}}, {}],
            id="requirements by name",
        ),
        pytest.param("", 'terraform {\n required_providers {\n a = "1"\n }\n}', [{"required_providers": {"a": '"1"'}}], id="requirements anew"),
        pytest.param("", "nope {}", [{}], id="an unknown block is left to the decoder"),
        pytest.param('output "o" {}', 'output "o" "p" {}', [{}, {}], id="a label too many is left to the decoder"),
    ],
)  # fmt: skip
def test_blocks_without_a_counterpart_of_their_own_are_added(base: str, override: str, expected: list[Outline]) -> None:
    assert merged(base + "\n", override + "\n") == (expected, [])


def test_later_files_and_later_blocks_win() -> None:
    base = 'resource "t" "a" {\n x = 0\n}\n'
    first = 'resource "t" "a" {\n x = 1\n y = 1\n}\nresource "t" "a" {\n y = 2\n z = 2\n}\n'
    assert merged(base, first, 'resource "t" "a" {\n z = 3\n}\n') == ([{"x": "1", "y": "2", "z": "3"}], [])


@pytest.mark.parametrize(
    ("override", "problem"),
    [
        pytest.param('variable "w" {}', "1:1 Missing base variable declaration to override", id="variable"),
        pytest.param("locals {\n y = 1\n}", "2:2 Missing base local value definition to override", id="local value"),
        pytest.param('output "p" {}', "1:1 Missing base output definition to override", id="output"),
        pytest.param('resource "t" "b" {}', "1:1 Missing resource to override", id="resource"),
        pytest.param('data "t" "a" {}', "1:1 Missing data resource to override", id="data"),
        pytest.param('ephemeral "t" "a" {}', "1:1 Missing ephemeral resource to override", id="ephemeral"),
        pytest.param('module "m" {}', "1:1 Missing module call to override", id="module"),
        pytest.param('provider "p" {\n alias = "x"\n}', "1:1 Missing base provider configuration for override", id="provider with an alias"),
        pytest.param("moved {}", "1:1 Cannot override 'moved' blocks", id="moved"),
        pytest.param("removed {}", "1:1 Cannot override 'removed' blocks", id="removed"),
        pytest.param("import {}", "1:1 Cannot override 'import' blocks", id="import"),
        pytest.param('check "c" {}', "1:1 Can't override check blocks", id="check"),
        pytest.param('variable "v" {\n validation {}\n}', "2:2 Can't override validation blocks", id="validation"),
        pytest.param('output "o" {\n precondition {}\n}', "2:2 Can't override precondition blocks", id="precondition"),
        pytest.param('resource "t" "a" {\n lifecycle {\n  postcondition {}\n }\n}', "3:3 Can't override postcondition blocks", id="postcondition"),
        pytest.param('resource "t" "a" {\n depends_on = [t.b]\n}', "2:16 Unsupported override", id="dependencies of a resource"),
        pytest.param('output "o" {\n depends_on = [t.b]\n}', "2:16 Unsupported override", id="dependencies of an output"),
    ],
)  # fmt: skip
def test_what_cannot_be_overridden_is_told(override: str, problem: str) -> None:
    base = 'variable "v" {}\nlocals {\n x = 1\n}\noutput "o" {}\nresource "t" "a" {}\nprovider "p" {}\n'
    blocks, found = merged(base, override + "\n")
    assert found == [f"a_override.tf:{problem}"]
    assert blocks == merged(base)[0] or override.startswith("resource")


def test_empty_dependencies_change_nothing() -> None:
    base = 'resource "t" "a" {\n depends_on = [t.b]\n}\n'
    assert merged(base, 'resource "t" "a" {\n depends_on = []\n}\n') == ([{"depends_on": "[t.b]"}], [])


def test_a_single_file_is_no_override_whatever_its_name() -> None:
    found = Diagnostics()
    (block,) = merged_blocks(parse_files([SourceFile("x_override.tf", 'variable "v" {}\n')], found), found)
    assert (block.type, found.items) == ("variable", [])


def load(directory: Path, files: dict[str, str]) -> tuple[Module, list[str]]:
    for name, text in files.items():
        (directory / name).write_text(text)
    found = Diagnostics()
    module = decode_module(parse_files(read_module(directory, directory, found), found), found)
    return module, [f"{item.subject} {item.summary}" for item in found]


def test_a_module_of_both_syntaxes_with_overrides_is_one_module(tmp_path: Path) -> None:
    module, problems = load(
        tmp_path,
        {
            "a.tf.json": '{"variable": {"v": {"type": "number", "default": 1}}, "locals": {"x": "${var.v}"}}',
            "b.hcl": 'resource "t" "a" {\n  x = local.x\n}\noutput "o" {\n  value = t.a.x\n}\n',
            "c_override.tf.json": '{"variable": {"v": {"default": 2}}, "resource": {"t": {"a": {"x": 3, "y": "${local.x}"}}}}',
            "d_override.hcl": 'resource "t" "a" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
        },
    )
    assert problems == []
    assert list(module.files) == ["a.tf.json", "b.hcl", "c_override.tf.json", "d_override.hcl"]
    variable, resource = module.variables["v"], module.resources["t.a"]
    assert variable.default is not None
    assert (str(variable.range), str(variable.default.range)) == ("a.tf.json:1:20", "c_override.tf.json:1:32")
    places = {name: str(argument.name_range) for name, argument in resource.arguments.items()}
    assert places == {"x": "c_override.tf.json:1:62", "y": "c_override.tf.json:1:70"}
    assert (str(resource.range), resource.lifecycle.prevent_destroy) == ("b.hcl:1:1", True)


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        pytest.param(
            {"m.tf.json": '{"resorce": {}}'}, "m.tf.json:1:2 Extraneous JSON object property", id="unknown member"
        ),
        pytest.param({"m.tf": "resorce = {}\n"}, "m.tf:1:1 Unsupported argument", id="unknown argument"),
        pytest.param(
            {"m.tf": "locals {\n  x = 1\n}\n", "override.tf": "nope {\n}\n"},
            "override.tf:1:1 Unsupported block type",
            id="unknown block in an override",
        ),
        pytest.param(
            {"m.tf.json": '{"variable": {"v": {}}}', "override.tf.json": '{"variable": {"w": {}}}'},
            "override.tf.json:1:20 Missing base variable declaration to override",
            id="nothing to override in JSON",
        ),
        pytest.param(
            {"m.tf.json": '{"variable": {"v": {"type": "strin"}}}'},
            "m.tf.json:1:29 Invalid type specification",
            id="unknown type",
        ),
    ],
)
def test_problems_of_json_and_override_files_name_file_and_place(
    tmp_path: Path, files: dict[str, str], problem: str
) -> None:
    assert load(tmp_path, files)[1] == [problem]
