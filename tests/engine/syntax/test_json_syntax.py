import json
import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.decode import decode_module
from engine.config.load import parse_files
from engine.config.model import Module
from engine.diagnostics import DiagnosticError, Diagnostics, SourceFile, SourceRange
from engine.syntax import tree
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.json_syntax import parse_json
from engine.syntax.json_text import MAX_DEPTH, MAX_PROBLEMS
from engine.syntax.parser import parse
from engine.syntax.scope import Scope
from engine.syntax.tree import Node
from tests.engine.syntax.sketch import sketch
from tests.engine.syntax.test_offsets import descendants


def problems(text: str) -> list[str]:
    """Return `line:column-line:column summary` of each problem."""
    source = SourceFile("main.tf.json", text)
    with pytest.raises(DiagnosticError) as caught:
        parse_json(source)
    found = []
    for diagnostic in caught.value.diagnostics:
        assert diagnostic.subject is not None
        first, after = source.position(diagnostic.subject.start), source.position(diagnostic.subject.end)
        found.append(f"{first.line}:{first.column}-{after.line}:{after.column} {diagnostic.summary}")
    return found


def outline(body: Node) -> list[Any]:
    """Return a body without its positions: arguments as sketches, blocks with their labels and what is in them."""
    return [
        [item[3], sketch(item[6])]
        if item[0] == tree.ATTRIBUTE
        else [item[3], *[label[0] for label in item[6]], outline(item[7])]
        for item in body[3]
    ]


def read(value: object) -> list[Any]:
    return outline(parse_json(SourceFile("main.tf.json", json.dumps(value))))


# Summaries and places are those of Terraform 1.11.4, less what it reports because of an earlier problem.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{"locals": {"a": 1,}}', ["1:19-1:20 Trailing comma in object"], id="trailing comma in an object"),
        pytest.param('{"locals": {"a": [1,]}}', ["1:20-1:21 Trailing comma in array"], id="trailing comma in an array"),
        pytest.param('{"locals": {"a" = 1}}', ["1:17-1:18 Missing property value colon"], id="equals sign"),
        pytest.param('{"locals": {"a" 1}}', ["1:17-1:18 Missing property value colon"], id="no colon"),
        pytest.param('{"locals": {"a", "b": 1}}', ["1:16-1:17 Missing object value"], id="name alone"),
        pytest.param('{"locals": {"a"}}', ["1:16-1:17 Missing object value"], id="name alone at the end"),
        pytest.param('{"locals": {1: 1}}', ["1:13-1:14 Invalid object property name"], id="number as name"),
        pytest.param('{"locals": {"a": 1 "b": 2}}', ["1:20-1:21 Missing attribute seperator comma"], id="no comma in an object"),
        pytest.param('{"locals": {"a": [1 2]}}', ["1:21-1:22 Missing attribute seperator comma"], id="no comma in an array"),
        pytest.param('{"locals": {"a": [1: 2]}}', ["1:20-1:21 Invalid array value"], id="colon in an array"),
        pytest.param('{"locals": {"a": [1}}', ["1:20-1:21 Mismatched brackets"], id="brace for a bracket"),
        pytest.param('{"locals": {"a": 1]}', ["1:19-1:20 Mismatched braces"], id="bracket for a brace"),
        pytest.param('{"locals": {"a": }}', ["1:18-1:19 Missing JSON value"], id="no value"),
        pytest.param('{"locals": {"a": @}}', ["1:18-1:19 Invalid start of value"], id="no start of a value"),
        pytest.param("{\"locals\": {\"a\": 'x'}}", ["1:18-1:19 Invalid start of value"], id="single quotes"),
        pytest.param('{"locals": {"a": 1}} x', ["1:22-1:23 Extraneous data after value"], id="text after the end"),
        pytest.param('{"locals": {"a": NaN}}', ["1:18-1:21 Invalid JSON keyword"], id="identifier of JavaScript"),
        pytest.param('{"locals": {"a": 01}}', ["1:18-1:20 Invalid JSON number"], id="leading zero"),
        pytest.param('{"locals": {"a": -}}', ["1:18-1:19 Invalid JSON number"], id="minus alone"),
        pytest.param('{"locals": {"a": 1.}}', ["1:18-1:20 Invalid JSON number"], id="no digit after the point"),
        pytest.param('{"locals": {"a": 1e9999999999}}', ["1:18-1:30 Invalid JSON number"], id="exponent too large"),
        pytest.param('{"locals": {"a": "\\q"}}', ["1:19-1:20 Invalid JSON string"], id="unknown escape"),
        pytest.param('{"locals": {"a": "x\ty"}}', ["1:20-1:21 Invalid JSON string"], id="tab in a string"),
        pytest.param('{"locals": {"a": "x\ny"}}', ["1:20-2:1 Invalid JSON string"], id="newline in a string"),
        pytest.param(
            '{"locals": {"a": tru, "b": fals}}',
            ["1:18-1:21 Invalid JSON keyword", "1:28-1:32 Invalid JSON keyword"],
            id="values are read on after a problem",
        ),
        pytest.param(
            '{"resource": ',
            ["1:14-1:14 Missing value", "1:1-1:2 Unclosed object", "1:1-1:2 Root value must be object"],
            id="end instead of a value",
        ),
        pytest.param(
            '{"locals": {"a": [1',
            [
                "1:18-1:19 Unclosed object",
                "1:12-1:13 Unclosed object",
                "1:1-1:2 Unclosed object",
                "1:1-1:2 Root value must be object",
            ],
            id="end in an array",
        ),
        pytest.param('"text"', ["1:1-1:7 Root value must be object"], id="string at the root"),
        pytest.param("", ["1:1-1:1 Missing value", "1:1-1:1 Root value must be object"], id="empty file"),
        pytest.param(
            "// no\n{}", ["1:1-1:2 Invalid start of value", "1:1-1:2 Root value must be object"], id="comment of JavaScript"
        ),
    ],
)  # fmt: skip
def test_text_that_is_not_json_is_refused_where_it_goes_wrong(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[1]", ["1:2-1:3 Incorrect JSON value type"], id="number for a file"),
        pytest.param('{"resource": {}}', ["1:14-1:15 Missing block label"], id="no label"),
        pytest.param('{"resource": null}', ["1:14-1:18 Missing block label"], id="null for labels"),
        pytest.param('{"resource": {"t": []}}', ["1:20-1:21 Missing block label"], id="no second label"),
        pytest.param(
            '{"resource": {"t": 5}}',
            ["1:20-1:21 Incorrect JSON value type", "1:20-1:21 Missing block label"],
            id="number for labels",
        ),
        pytest.param('{"resource": {"t": {"a": "x"}}}', ["1:26-1:29 Incorrect JSON value type"], id="text for a block"),
        pytest.param('{"resource": {"t": {"a": [5]}}}', ["1:27-1:28 Incorrect JSON value type"], id="number in a list of blocks"),
        pytest.param('{"locals": "x"}', ["1:12-1:15 Incorrect JSON value type"], id="text for a block without labels"),
        pytest.param('{"resource": {"t": {"a": {"x": 1, "x": 2}}}}', ["1:35-1:38 Duplicate argument"], id="argument twice"),
        pytest.param('{"locals": {"a": 1, "a": 2}}', ["1:21-1:24 Duplicate attribute definition"], id="local value twice"),
        pytest.param('{"locals": {"a": {"x": 1, "x": 2}}}', ["1:27-1:30 Duplicate object attribute"], id="key of an object twice"),
        pytest.param('{"locals": {"a": "${"}}', ["1:21-1:22 Missing expression"], id="empty template"),
        pytest.param(
            '{"locals": {"a": "${1"}}', ["1:19-1:21 Unclosed template interpolation sequence"], id="unclosed template"
        ),
        pytest.param(
            '{"locals": {"a": "\\u0041\\n${1", "b": "${", "c": {"${": 1}}}',
            [
                "1:27-1:29 Unclosed template interpolation sequence",
                "1:41-1:42 Missing expression",
                "1:53-1:54 Missing expression",
            ],
            id="every template, after escapes too",
        ),
    ],
)  # fmt: skip
def test_json_that_is_no_configuration_is_refused_where_it_goes_wrong(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


@pytest.mark.parametrize(
    ("value", "native"),
    [
        pytest.param({"locals": {"a": [1, -2.5, True, None, "x"]}}, 'locals {\n a = [1, -2.5, true, null, "x"]\n}', id="values"),
        pytest.param({"locals": {"a": {"k": {}, "${b}": []}}}, 'locals {\n a = {"k" = {}, "${b}" = []}\n}', id="templates as keys"),
        pytest.param({"locals": {"a": "${b}", "c": "x${d}"}}, 'locals {\n a = "${b}"\n c = "x${d}"\n}', id="templates"),
        pytest.param({"locals": {"a": "$${b} %%{c}"}}, 'locals {\n a = "$${b} %%{c}"\n}', id="escaped templates"),
        pytest.param({"locals": {"a": "%{ if b }c%{ endif }"}}, 'locals {\n a = "%{ if b }c%{ endif }"\n}', id="directives"),
        pytest.param({"locals": [{"a": 1}, {"b": 2}]}, "locals {\n a = 1\n}\nlocals {\n b = 2\n}", id="a list repeats the block"),
        pytest.param([{"locals": {"a": 1}}, {"locals": {"b": 2}}], "locals {\n a = 1\n}\nlocals {\n b = 2\n}", id="a list at the root"),
        pytest.param({"//": 1, "locals": {"//": "x", "a": 1}}, "locals {\n a = 1\n}", id="comments"),
        pytest.param({"resource": {"t": {"a": None, "b": {}}}}, 'resource "t" "b" {\n}', id="null is no block"),
        pytest.param({"resource": {"t": [{"a": {}}, {"b": [{}, {}]}]}}, 'resource "t" "a" {\n}\nresource "t" "b" {\n}\nresource "t" "b" {\n}', id="lists of labels and blocks"),
        pytest.param({"resource": {"t": {"a": [[{"b": 1}, {"c": 2}]]}}}, 'resource "t" "a" {\n b = 1\n c = 2\n}', id="a body in pieces"),
        pytest.param({"output": {"o": {"value": 1, "depends_on": ["t.a"], "precondition": {"condition": "${x}"}}}}, 'output "o" {\n value = 1\n depends_on = [t.a]\n precondition {\n condition = "${x}"\n }\n}', id="output"),
        pytest.param({"variable": {"v": {"type": "list(string)", "validation": [{"condition": "${var.v}"}]}}}, 'variable "v" {\n type = list(string)\n validation {\n condition = "${var.v}"\n }\n}', id="variable"),
        pytest.param({"variable": {"v": {"type": "object({a = optional(string, \"x\")})"}}}, 'variable "v" {\n type = object({a = optional(string, "x")})\n}', id="type with a string in it"),
        pytest.param({"provider": {"p": [{"alias": "x", "key": "${var.k}"}]}}, 'provider "p" {\n alias = "x"\n key = "${var.k}"\n}', id="provider"),
        pytest.param({"terraform": {"required_version": "1", "required_providers": {"p": {"source": "a/b", "configuration_aliases": ["p.x"]}}, "backend": {"local": {}}}}, 'terraform {\n required_version = "1"\n required_providers {\n p = {"source" = "a/b", "configuration_aliases" = [p.x]}\n }\n backend "local" {\n }\n}', id="terraform"),
        pytest.param({"resource": {"t": {"a": {"provider": "p.x", "lifecycle": {"ignore_changes": ["b", "c[0].d"], "replace_triggered_by": ["t.b"], "postcondition": {}}}}}}, 'resource "t" "a" {\n provider = p.x\n lifecycle {\n ignore_changes = [b, c[0].d]\n replace_triggered_by = [t.b]\n postcondition {\n }\n }\n}', id="lifecycle"),
        pytest.param({"resource": {"t": {"a": {"provisioner": [{"local-exec": {"when": "destroy", "connection": {}}}, {"file": {}}]}}}}, 'resource "t" "a" {\n provisioner "local-exec" {\n when = destroy\n connection {\n }\n }\n provisioner "file" {\n }\n}', id="provisioners"),
        pytest.param({"resource": {"t": {"a": {"dynamic": {"x": {"for_each": "${[1]}", "iterator": "it", "content": {"y": "${it.value}"}}}}}}}, 'resource "t" "a" {\n dynamic "x" {\n for_each = "${[1]}"\n iterator = it\n content {\n y = "${it.value}"\n }\n }\n}', id="dynamic"),
        pytest.param({"module": {"m": {"source": "./x", "providers": {"p": "p.x"}, "depends_on": ["t.a"], "input": "${1}"}}}, 'module "m" {\n source = "./x"\n providers = {p = p.x}\n depends_on = [t.a]\n input = "${1}"\n}', id="module"),
        pytest.param({"moved": {"from": "t.a", "to": "t.b[\"k\"]"}}, 'moved {\n from = t.a\n to = t.b["k"]\n}', id="moved"),
        pytest.param({"import": {"to": "t.a", "id": "x${1}"}}, 'import {\n to = t.a\n id = "x${1}"\n}', id="import"),
        pytest.param({"removed": {"from": "t.a", "lifecycle": {"destroy": False}}}, "removed {\n from = t.a\n lifecycle {\n destroy = false\n }\n}", id="removed"),
        pytest.param({"check": {"c": {"data": {"t": {"d": {}}}, "assert": [{}, {}]}}}, 'check "c" {\n data "t" "d" {\n }\n assert {\n }\n assert {\n }\n}', id="check"),
        pytest.param({"ephemeral": {"t": {"e": {"x": "${1}"}}}}, 'ephemeral "t" "e" {\n x = "${1}"\n}', id="ephemeral"),
        pytest.param({"resorce": {"a": 1}}, 'resorce = {"a" = 1}', id="an unknown member stays an argument"),
    ],
)  # fmt: skip
def test_json_has_the_tree_of_the_same_configuration_in_native_syntax(value: object, native: str) -> None:
    assert read(value) == outline(parse(SourceFile("main.tf", native + "\n")))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"variable": {"v": {"default": {"a": "${x}", "b": "%{"}}}}, '{"a"="${x}" "b"="%{"}', id="default"),
        pytest.param({"output": {"o": {"description": "${x}"}}}, '"${x}"', id="description"),
        pytest.param({"module": {"m": {"source": "./${x}"}}}, '"./${x}"', id="source"),
        pytest.param({"terraform": {"required_version": "${1}"}}, '"${1}"', id="required version"),
        pytest.param({"terraform": {"backend": {"local": {"path": "${1}"}}}}, '"${1}"', id="backend"),
    ],
)  # fmt: skip
def test_what_is_read_before_evaluation_is_exactly_the_text(value: object, expected: str) -> None:
    source = SourceFile("main.tf.json", json.dumps(value))
    assert [sketch(node[6]) for node, _ in descendants(parse_json(source)) if node[0] == tree.ATTRIBUTE] == [expected]


@pytest.mark.parametrize("text", ["${t.a}", "", "t.", "a b", "t.a\nt.b"])
def test_a_string_that_is_no_expression_stays_a_string_for_the_decoder_to_refuse(text: str) -> None:
    assert read({"moved": {"from": text}}) == [["moved", [["from", json.dumps(text)]]]]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(r"\u0041\u00e9", "Aé", id="by number"),
        pytest.param(r"\ud83d\ude00", "😀", id="surrogate pair"),
        pytest.param(r"x\ud800y", "x\ufffdy", id="half a surrogate pair"),
        pytest.param(r"\"\\\/\b\f\n\r\t", '"\\/\b\f\n\r\t', id="short"),
        pytest.param("e\u0301", "é", id="composed"),
    ],
)
@pytest.mark.parametrize("template", [False, True], ids=["alone", "before an interpolation"])
def test_escapes_stand_for_their_characters(written: str, expected: str, template: bool) -> None:
    text = '{"locals": {"a": "' + written + ("${1}" if template else "") + '"}}'
    value = parse_json(SourceFile("main.tf.json", text))[3][0][7][3][0][6]
    assert evaluate(Expression(value, SourceFile("main.tf.json", text)), Scope({}, {})) == expected + "1" * template


@pytest.mark.parametrize("before", ["", "x ", r"\n\t", r"\u00e9\ud83d\ude00", "é😀", r"$${no} "])
def test_names_in_templates_stand_where_the_tree_says(before: str) -> None:
    template = before + r"${upper(local.name)} ${var.x[\"k\"]} %{ if each.key }y%{ endif }"
    text = '{"locals": {"a":\n "' + template + '"}}'
    places = [
        text[node[1] : node[2]]
        for node, _ in descendants(parse_json(SourceFile("main.tf.json", text)))
        if node[0] in (tree.TRAVERSAL, tree.INDEX)
    ]
    assert places == ["local.name", r"var.x[\"k\"]", "var.x", "each.key"]


def test_blocks_and_arguments_stand_where_the_tree_says() -> None:
    text = '{"resource": {"t": {"a": {"x": {"y": "z"}, "depends_on": ["t.b"], "provider": "p"}}}}'
    block = parse_json(SourceFile("main.tf.json", text))[3][0]
    assert text[block[1] : block[2]] == '{"x": {"y": "z"}, "depends_on": ["t.b"], "provider": "p"}'
    assert text[block[1] : block[8]] == "{"
    assert text[block[4] : block[5]] == '"resource"'
    assert [text[start:end] for _, start, end in block[6]] == ['"t"', '"a"']
    assert text[block[7][1] : block[7][2]] == '"x": {"y": "z"}, "depends_on": ["t.b"], "provider": "p"'
    attributes = block[7][3]
    assert [text[item[4] : item[5]] for item in attributes] == ['"x"', '"depends_on"', '"provider"']
    assert [text[item[6][1] : item[6][2]] for item in attributes] == ['{"y": "z"}', '["t.b"]', '"p"']


def test_no_more_problems_are_reported_than_help() -> None:
    assert len(problems('{"locals": {' + ", ".join(f'"a{i}": nope' for i in range(50)) + "}}")) == MAX_PROBLEMS
    assert len(problems('{"locals": {' + ", ".join(f'"a{i}": "${{"' for i in range(50)) + "}}")) == MAX_PROBLEMS


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_is_bounded(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    fits = MAX_DEPTH - 2
    read(json.loads('{"locals": {"a": ' + opening * fits + "1" + closing * fits + "}}"))
    for depth in (fits + 1, 100_000):
        summaries = [line.partition(" ")[2] for line in problems('{"locals": {"a": ' + opening * depth)]
        assert summaries == ["Nested too deeply"]


def test_a_deep_template_in_a_deep_value_can_be_evaluated() -> None:
    depth, inner = MAX_DEPTH - 2, 240
    text = '{"locals": {"a": ' + "[" * depth + '"x${' + "(" * inner + "1" + ")" * inner + '}"' + "]" * depth + "}}"
    source = SourceFile("main.tf.json", text)
    value: Any = evaluate(Expression(parse_json(source)[3][0][7][3][0][6], source), Scope({}, {}))
    for _ in range(depth):
        (value,) = value
    assert value == "x1"


NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,6}", fullmatch=True)
PROVIDERS = st.from_regex(r"[a-z][a-z0-9]{0,4}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8).filter(
    lambda text: "${" not in text and "%{" not in text
)
TEMPLATES = st.one_of(TEXTS, TEXTS.map(lambda text: text.replace("$", "").replace("%", "") + "${local.a}"))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), TEMPLATES),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
CONFIGURATIONS = st.fixed_dictionaries(
    {},
    optional={
        "locals": st.dictionaries(NAMES, VALUES, min_size=1, max_size=3),
        "variable": st.dictionaries(NAMES, st.fixed_dictionaries({"default": TEXTS, "description": TEXTS}), min_size=1, max_size=2),
        "output": st.dictionaries(NAMES, st.fixed_dictionaries({"value": VALUES, "sensitive": st.booleans()}), min_size=1, max_size=2),
        "provider": st.dictionaries(PROVIDERS, st.dictionaries(NAMES, TEMPLATES, max_size=2), min_size=1, max_size=2),
        "resource": st.dictionaries(
            NAMES,
            st.dictionaries(
                NAMES,
                st.fixed_dictionaries({"x": VALUES}, optional={"lifecycle": st.fixed_dictionaries({"prevent_destroy": st.booleans()})}),
                min_size=1, max_size=2,
            ),
            min_size=1, max_size=2,
        ),
    },
)  # fmt: skip
LABELS = {"locals": 0, "variable": 1, "output": 1, "provider": 1, "resource": 2, "lifecycle": 0}


def native(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(native(item) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{native(key)} = {native(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def native_blocks(header: str, labels: int, value: Any) -> Iterator[str]:
    if labels:
        for label, inner in value.items():
            yield from native_blocks(f'{header} "{label}"', labels - 1, inner)
        return
    yield header + " {\n"
    for name, inner in value.items():
        if name == "lifecycle" and isinstance(inner, dict):
            yield from native_blocks(name, 0, inner)
        else:
            yield f"{name} = {native(inner)}\n"
    yield "}\n"


def decoded(source: SourceFile) -> Module:
    found = Diagnostics()
    module = decode_module(parse_files([source], found), found)
    assert [str(item.detail) for item in found] == []
    return module


def plain(value: Any) -> Any:
    """Return what a module says, without where it says so."""
    if isinstance(value, Expression):
        return sketch(value.tree)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if not isinstance(item, SourceFile)}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if is_dataclass(value):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: plain(part) for name, part in parts.items() if not isinstance(part, SourceRange)}
    return value


@settings(max_examples=60, deadline=None)
@given(CONFIGURATIONS)
def test_both_syntaxes_give_the_same_module(configuration: dict[str, Any]) -> None:
    text = "".join(line for type, value in configuration.items() for line in native_blocks(type, LABELS[type], value))
    ours = plain(decoded(SourceFile("main.tf.json", json.dumps(configuration, ensure_ascii=False))))
    escaped = plain(decoded(SourceFile("main.tf.json", json.dumps(configuration, indent=2))))
    theirs = plain(decoded(SourceFile("main.tf", text)))
    assert ours == escaped == theirs


SAMPLE = json.dumps(
    {
        "terraform": {"required_providers": {"openai": {"source": "openai/openai"}}},
        "variable": {"v": {"type": "list(string)", "default": ["a", "${b}"]}},
        "locals": [{"a": "x${var.v[0]}", "b": -1.5e3}, {"c": {"k": None, "${local.a}": [True, "%{ if true }y%{ endif }"]}}],
        "resource": {"t": {"r": {"count": 2, "depends_on": ["t.s"], "lifecycle": {"ignore_changes": ["x"]}}, "s": {"//": "n"}}},
        "output": {"o": {"value": "${t.r[*].id}"}},
    }
)  # fmt: skip


def mutated(seed: int) -> str:
    """Return the sample with a few characters or stretches of it taken out, doubled, moved or replaced."""
    chance = random.Random(seed)
    text = SAMPLE
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([0, 1, 1, 2, 10, 60]))
        piece = text[start:end]
        instead = chance.choice(
            ["", piece * 2, piece[::-1], chance.choice('{}[]",:=\\$%\n\x00é\ud800') * chance.randint(1, 3)]
        )
        text = text[:start] + instead + text[end:]
    return text


@pytest.mark.parametrize("block", range(10))
def test_nothing_but_diagnostics_comes_of_damaged_files(block: int) -> None:
    refused = 0
    for seed in range(block * 30, block * 30 + 30):
        source = SourceFile("main.tf.json", mutated(seed))
        found = Diagnostics()
        decode_module(parse_files([source], found), found)
        for item in found:
            assert item.subject is not None
            assert 0 <= item.subject.start <= item.subject.end <= len(source.text)
        refused += found.has_errors
    assert refused > 15


def test_a_word_without_quotation_marks_is_not_repeated_in_messages() -> None:
    with pytest.raises(DiagnosticError) as caught:
        parse_json(SourceFile("main.tf.json", '{"provider": {"p": {"password": hunter2, "pin": 0451}}}'))
    assert "hunter2" not in str(caught.value)
    assert "0451" not in str(caught.value)
