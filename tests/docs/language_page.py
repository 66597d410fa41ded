"""The page about the functions of the language, written from what the functions tell of themselves.

Every function has an example here, whose result is computed; files of the examples are those of the recorded cases.
"""

from collections.abc import Iterator
from typing import Final

from engine.diagnostics import SourceFile
from engine.lang.function import Function, Parameter
from engine.lang.functions import FAMILIES, lazy_functions
from engine.lang.types import DYNAMIC, Type, to_notation, written
from engine.lang.values import type_of, unmark_deep
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.parser import parse_expression
from engine.syntax.scope import Scope
from tests.engine.lang.describing import FUNCTIONS, call

_TEMPLATE: Final = "Hello, ${name}!"
_PROVIDER: Final = "provider::terraform::"

EXAMPLES: Final = {
    "abs": "abs(-12.5)",
    "abspath": 'basename(abspath("modules/../main.tf"))',
    "alltrue": 'alltrue([true, "true"])',
    "anytrue": "anytrue([false, true])",
    "base64decode": 'base64decode("SGVsbG8=")',
    "base64encode": 'base64encode("Hello")',
    "base64gzip": 'base64gzip("Hello")',
    "base64sha256": 'base64sha256("hello world")',
    "base64sha512": 'base64sha512("hello world")',
    "basename": 'basename("config/rtf/main.tf")',
    "bcrypt": 'substr(bcrypt("a password", 4), 0, 7)',
    "can": 'can(tonumber("ten"))',
    "ceil": "ceil(5.1)",
    "chomp": 'chomp("line\\n")',
    "chunklist": 'chunklist(["a", "b", "c"], 2)',
    "cidrhost": 'cidrhost("10.12.112.0/20", 16)',
    "cidrnetmask": 'cidrnetmask("172.16.0.0/12")',
    "cidrsubnet": 'cidrsubnet("172.16.0.0/12", 4, 2)',
    "cidrsubnets": 'cidrsubnets("10.1.0.0/16", 4, 4, 8)',
    "coalesce": 'coalesce("", null, "b")',
    "coalescelist": 'coalescelist([], ["a", "b"])',
    "compact": 'compact(["a", "", null, "b"])',
    "concat": 'concat(["a"], ["b", 1])',
    "contains": 'contains(["a", "b"], "b")',
    "csvdecode": 'csvdecode("name,age\\nAnn,30\\nBob,25")',
    "dirname": 'dirname("config/rtf/main.tf")',
    "distinct": 'distinct(["a", "b", "a"])',
    "element": 'element(["a", "b", "c"], 4)',
    "endswith": 'endswith("main.tf", ".tf")',
    "ephemeralasnull": 'ephemeralasnull("kept")',
    "file": 'file("files/hello.txt")',
    "filebase64": 'filebase64("files/hello.txt")',
    "filebase64sha256": 'filebase64sha256("files/hello.txt")',
    "filebase64sha512": 'filebase64sha512("files/hello.txt")',
    "fileexists": 'fileexists("files/hello.txt")',
    "filemd5": 'filemd5("files/hello.txt")',
    "fileset": 'fileset("files/sub", "**/*.txt")',
    "filesha1": 'filesha1("files/hello.txt")',
    "filesha256": 'filesha256("files/hello.txt")',
    "filesha512": 'filesha512("files/hello.txt")',
    "flatten": 'flatten([["a"], [], ["b", ["c"]]])',
    "floor": "floor(4.9)",
    "format": 'format("%s has %03d of %.1f", "Ann", 7, 2.25)',
    "formatdate": 'formatdate("EEEE, DD MMM YYYY hh:mm ZZZ", "2026-01-02T23:12:01Z")',
    "formatlist": 'formatlist("Hello, %s!", ["Ann", "Bob"])',
    "indent": 'indent(2, "a\\nb")',
    "index": 'index(["a", "b", "c"], "b")',
    "issensitive": 'issensitive(sensitive("key"))',
    "join": 'join(", ", ["a", "b"])',
    "jsondecode": 'jsondecode("{\\"a\\": [1, true]}")',
    "jsonencode": "jsonencode({ a = [1, true] })",
    "keys": "keys({ b = 1, a = 2 })",
    "length": 'length(["a", "b"])',
    "log": "log(16, 2)",
    "lookup": 'lookup({ a = "x" }, "b", "none")',
    "lower": 'lower("HELLO")',
    "matchkeys": 'matchkeys(["i-1", "i-2"], ["eu", "us"], ["us"])',
    "max": "max(5, 12, 9)",
    "md5": 'md5("hello world")',
    "merge": "merge({ a = 1, b = 2 }, { b = 3 })",
    "min": "min(5, 12, 9)",
    "nonsensitive": 'nonsensitive(sensitive("shown"))',
    "one": 'one(["a"])',
    "parseint": 'parseint("ff", 16)',
    "pathexpand": 'basename(pathexpand("~/keys"))',
    "plantimestamp": "plantimestamp()",
    "pow": "pow(3, 2)",
    "range": "range(1, 8, 3)",
    "regex": 'regex("(?P<scheme>[a-z]+)://(?P<host>[^/]+)", "https://example.com/a")',
    "regexall": 'regexall("[a-z]+", "1ab2cd")',
    "replace": 'replace("hello world", "/w.*d/", "everybody")',
    "reverse": "reverse([1, 2, 3])",
    "rsadecrypt": 'rsadecrypt(file("files/rsa_cipher.b64"), file("files/throwaway_rsa_key.pem"))',
    "sensitive": 'sensitive("hidden in all output")',
    "setintersection": 'setintersection(["a", "b"], ["b", "c"])',
    "setproduct": 'setproduct(["a", "b"], [1, 2])',
    "setsubtract": 'setsubtract(["a", "b"], ["b"])',
    "setunion": 'setunion(["a", "b"], ["b", "c"])',
    "sha1": 'sha1("hello world")',
    "sha256": 'sha256("hello world")',
    "sha512": 'sha512("hello world")',
    "signum": "signum(-13)",
    "slice": 'slice(["a", "b", "c"], 1, 3)',
    "sort": 'sort(["b", "c", "a"])',
    "split": 'split(",", "a,b")',
    "startswith": 'startswith("main.tf", "main")',
    "strcontains": 'strcontains("hello world", "wor")',
    "strrev": 'strrev("hello")',
    "substr": 'substr("hello world", 1, 4)',
    "sum": "sum([1, 2.5])",
    "templatefile": 'templatefile("files/greet.tftpl", { name = "Ann" })',
    "templatestring": 'templatestring(local.greeting, { name = "Ann" })',
    "textdecodebase64": 'textdecodebase64("SABpAA==", "UTF-16LE")',
    "textencodebase64": 'textencodebase64("Hi", "UTF-16LE")',
    "timeadd": 'timeadd("2026-01-02T23:12:01Z", "10m")',
    "timecmp": 'timecmp("2026-01-02T23:12:01Z", "2026-01-02T23:12:01-01:00")',
    "timestamp": "timestamp()",
    "title": 'title("hello world")',
    "tobool": 'tobool("true")',
    "tolist": 'tolist(["a", 1])',
    "tomap": 'tomap({ a = "x", b = 1 })',
    "tonumber": 'tonumber("1.5")',
    "toset": 'toset(["b", "a", "b"])',
    "tostring": "tostring(true)",
    "transpose": 'transpose({ a = ["1", "2"], b = ["2"] })',
    "trim": 'trim("?!hello?!", "!?")',
    "trimprefix": 'trimprefix("helloworld", "hello")',
    "trimspace": 'trimspace("  hello\\n")',
    "trimsuffix": 'trimsuffix("helloworld", "world")',
    "try": 'try(tonumber("ten"), 10)',
    "upper": 'upper("hello")',
    "urlencode": 'urlencode("a b&c")',
    "uuid": "length(uuid())",
    "uuidv5": 'uuidv5("dns", "example.com")',
    "values": "values({ b = 1, a = 2 })",
    "yamldecode": 'yamldecode("a: [1, yes]")',
    "yamlencode": 'yamlencode({ a = [1, "yes"] })',
    "zipmap": 'zipmap(["a", "b"], [1, 2])',
    f"{_PROVIDER}decode_tfvars": f'{_PROVIDER}decode_tfvars("a = 1")',
    f"{_PROVIDER}encode_expr": f"{_PROVIDER}encode_expr({{ a = [1, true] }})",
    f"{_PROVIDER}encode_tfvars": f'{_PROVIDER}encode_tfvars({{ name = "Ann", age = 30 }})',
}

_INTRODUCTION: Final = """\
# The language

Configurations are written in Terraform's language, and mean what they mean in Terraform 1.11; what differs is listed in
[compatibility.md](compatibility.md). This page describes the functions. It is written by a test from what the functions
tell of themselves, and the results are computed: `make golden` writes it anew.

A function is called by its name, or by its name in the namespace `core`, as in `core::upper("a")`. Where one argument is
not known before the apply, neither is the result; where one is sensitive, so is the result, unless said otherwise. The
examples are evaluated in `tests/conformance/expressions`, and `local.greeting` is `Hello, $${name}!`.
"""


def language_page() -> str:
    """Return the page as Markdown."""
    return "\n".join([_INTRODUCTION, *(line for title, functions in sections() for line in _section(title, functions))])


def sections() -> Iterator[tuple[str, list[Function]]]:
    """Yield the functions of each family under its title, all in order."""
    described = {**FUNCTIONS, **{function.name: function for function in lazy_functions()}}
    taken: set[str] = set()
    for title, modules in FAMILIES:
        names = {function.name for module in modules for function in module.FUNCTIONS} | _BUILT.get(title, set())
        taken |= names
        yield title, [described[name] for name in sorted(names)]
    provider = {name for name in described if name.startswith(_PROVIDER)}
    yield "Files and templates", [described[name] for name in sorted(described.keys() - taken - provider)]
    yield "Functions of the provider `terraform`", [described[name] for name in sorted(provider)]


# Functions that are made for each run, or by the evaluator, stand with the family that they belong to.
_BUILT: Final = {
    "Time": {"plantimestamp", "timestamp"},
    "File names": {"abspath", "fileset"},
    "Types": {"can", "try"},
}


def _section(title: str, functions: list[Function]) -> Iterator[str]:
    yield f"## {title}\n"
    if title.startswith("Functions of the provider"):
        yield (
            "A module calls them when its `required_providers` lists `terraform.io/builtin/terraform`, by the name that "
            "it gives to the provider there.\n"
        )
    for function in functions:
        yield f"### {function.name}\n"
        yield f"`{_signature(function)}`\n"
        yield f"{function.description}\n"
        notes = [*function.parameters, *([function.variadic] if function.variadic else [])]
        listed = [f"- `{parameter.name}`: {parameter.description}" for parameter in notes if parameter.description]
        if listed:
            yield "\n".join(listed) + "\n"
        yield f"```hcl\n{EXAMPLES[function.name]}\n# {_result(EXAMPLES[function.name])}\n```\n"


def _signature(function: Function) -> str:
    parameters = [_parameter(parameter) for parameter in function.parameters]
    if function.variadic:
        parameters.append(f"{_parameter(function.variadic)}...")
    return f"{function.name}({', '.join(parameters)}) {_type(function.return_type)}"


def _parameter(parameter: Parameter) -> str:
    return f"{parameter.name} {_type(parameter.type)}"


def _type(kind: Type) -> str:
    return "any" if kind == DYNAMIC else written(kind)


def _result(example: str) -> str:
    """Return what an example gives, as an expression, in lines that are comments."""
    source = SourceFile("example", example)
    scope = Scope({"local": {"greeting": _TEMPLATE}}, FUNCTIONS)
    value, marks = unmark_deep(evaluate(Expression(parse_expression(source), source), scope))
    if marks:
        return "(sensitive value)"
    text = str(call(f"{_PROVIDER}encode_expr", value)).replace("\n", "\n# ")
    kind = to_notation(type_of(value))
    is_collection = isinstance(kind, list) and kind[0] in ("list", "set", "map")
    return f"{'to' + kind[0]}({text})" if is_collection else text
