"""Laws that hold for all functions: calls with generated arguments, and one call of each that uses all its arguments."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.lang import numbers
from engine.lang.function import Function, FunctionError, Parameter, invoke
from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, SetOf, Type
from engine.lang.values import (
    EPHEMERAL,
    NULL,
    SENSITIVE,
    ListValue,
    Null,
    Unknown,
    Value,
    is_unknown,
    mark,
    type_of,
    unmark_deep,
    wholly_known,
)
from tests.engine.lang.describing import FUNCTIONS, call, describe, number, secret, strings
from tests.engine.lang.test_laws import texts, values

NAMES = sorted(FUNCTIONS)
# Random results, which no two calls share.
RANDOM = {"bcrypt", "uuid"}
# These tell about secrets, or make them known: that is what they are for.
TELLING = {"issensitive", "nonsensitive"}

bounded = settings(max_examples=25, derandomize=True, deadline=None)

# Texts that one function or another takes for something.
words = st.sampled_from([
    "", "a", "b,c", "1", "-7.5", "true", "%s %d", "[a-z]+", "(?P<x>.)", "/./", "10.0.0.0/8", "2001:db8::/32", "1h30m",
    "2026-01-02T03:04:05Z", "YYYY-MM-DD", "YQ==", "UTF-16LE", "a,b\n1,2", "{\"a\": [1]}", "a: [1, yes, 2020-01-01]",
    "files", "files/hello.txt", "files/greet.tftpl", "*.txt", "~", "${a}", "a = 1", "dns", "\u0301e", "\0",
])  # fmt: skip
amounts = st.one_of(st.integers(-3, 9), st.sampled_from([2**64, -(2**70), number("0.5"), number("1e300")]))
infinite = st.sampled_from([numbers.divide(1, 0), numbers.divide(-1, 0)])


def of_type(wanted: Type) -> st.SearchStrategy[Value]:
    """Values of about the type that a parameter has."""
    if wanted == NUMBER:
        return amounts
    if wanted == STRING:
        return st.one_of(words, texts)
    if wanted == BOOL:
        return st.booleans()
    if isinstance(wanted, MapOf):
        return st.dictionaries(words, of_type(wanted.element), max_size=3)
    if isinstance(wanted, ListOf | SetOf):
        return st.lists(of_type(wanted.element), max_size=3).map(tuple)
    return st.one_of(values, words, amounts, infinite, st.lists(words, max_size=3).map(tuple))


def arguments_for(function: Function) -> st.SearchStrategy[list[Value]]:
    def argument(parameter: Parameter) -> st.SearchStrategy[Value]:
        usual = of_type(parameter.type)
        return st.one_of(usual, usual, usual, values)

    fixed = st.tuples(*map(argument, function.parameters)).map(list)
    if function.variadic is None:
        return fixed
    return st.tuples(fixed, st.lists(argument(function.variadic), max_size=3)).map(lambda drawn: drawn[0] + drawn[1])


@pytest.mark.parametrize("name", NAMES)
@bounded
@given(data=st.data())
def test_a_function_gives_a_value_or_says_why_not(name: str, data: st.DataObject) -> None:
    function = FUNCTIONS[name]
    arguments = data.draw(arguments_for(function))
    try:
        plain = invoke(function, arguments)
    except FunctionError:
        return
    describe(plain)  # it is a value
    if name not in RANDOM:
        check_unknown_arguments(function, arguments, plain)
    if arguments and name not in TELLING:
        check_secret_arguments(function, arguments, plain, same=name not in RANDOM)


def check_unknown_arguments(function: Function, arguments: list[Value], plain: Value) -> None:
    """With an argument still unknown, nothing may be told that would not be so once it is known."""
    for position, argument in enumerate(arguments):
        unknown = [Unknown(type_of(argument)) if i == position else item for i, item in enumerate(arguments)]
        try:
            told = invoke(function, unknown)
        except FunctionError:
            continue  # it may not become null, or the types will never do
        if wholly_known(told):
            assert describe(told) == describe(plain)
        if is_unknown(told) and type_of(told) in (STRING, NUMBER, BOOL):
            assert type_of(plain) == type_of(told)


def check_secret_arguments(function: Function, arguments: list[Value], plain: Value, *, same: bool) -> None:
    stripped, marks = unmark_deep(invoke(function, [secret(argument) for argument in arguments]))
    assert SENSITIVE in marks or is_empty(plain)
    if same:
        assert describe(stripped) == describe(unmark_deep(plain)[0])


def is_empty(value: Value) -> bool:
    return describe(unmark_deep(value)[0]) in ({}, ())


@pytest.mark.parametrize("name", [name for name in NAMES if FUNCTIONS[name].parameters or FUNCTIONS[name].variadic])
def test_unknown_arguments_give_unknown_results(name: str) -> None:
    function = FUNCTIONS[name]
    parameters = [*function.parameters, *([function.variadic] if function.variadic else [])]
    arguments = [Unknown(parameter.type) for parameter in parameters]
    if name == "setproduct":
        arguments *= 2
    assert is_unknown(call(name, *arguments))


# One call of each function in which every argument has a part in the result.
CALLS: dict[str, list[Value]] = {
    **{name: [number("-1.5")] for name in ("abs", "ceil", "floor")},
    **{
        name: ["YQ=="]
        for name in [
            "abspath", "base64decode", "base64encode", "base64gzip", "base64sha256", "base64sha512", "basename", "chomp",
            "csvdecode", "dirname", "ephemeralasnull", "lower", "md5", "pathexpand", "sha1", "sha256", "sha512", "strrev",
            "title", "trimspace", "upper", "urlencode", "yamldecode", "yamlencode", "provider::terraform::encode_expr",
        ]
    },
    **{
        name: ["files/hello.txt"]
        for name in [
            "file", "filebase64", "filebase64sha256", "filebase64sha512", "fileexists", "filemd5", "filesha1", "filesha256",
            "filesha512",
        ]
    },
    **{name: [2, 1] for name in ("max", "min", "range", "log", "pow")},
    **{name: [("a", "b")] for name in ("compact", "distinct", "flatten", "reverse", "sort", "tolist", "toset", "length")},
    **{name: [(True, False)] for name in ("alltrue", "anytrue")},
    **{name: ["abc", "c"] for name in ("trim", "trimprefix", "trimsuffix", "startswith", "endswith", "strcontains")},
    **{name: [{"a": "x"}] for name in ("jsonencode", "keys", "values", "tomap", "provider::terraform::encode_tfvars")},
    **{name: [("a", "b"), ("b",)] for name in ("setunion", "setintersection", "setsubtract", "coalescelist")},
    **{name: ["[a-z]", "ab"] for name in ("regex", "regexall")},
    "chunklist": [("a", "b"), 1],
    "cidrhost": ["10.0.0.0/8", 1],
    "cidrnetmask": ["10.0.0.0/8"],
    "cidrsubnet": ["10.0.0.0/8", 8, 1],
    "cidrsubnets": ["10.0.0.0/8", 8, 8],
    "coalesce": [NULL, "a"],
    "concat": [("a",), ("b",)],
    "contains": [("a",), "b"],
    "element": [("a", "b"), 1],
    "fileset": ["files", "*.txt"],
    "format": ["%s", "a"],
    "formatdate": ["YYYY", "2026-01-02T03:04:05Z"],
    "formatlist": ["%s", ("a",)],
    "indent": [1, "a\nb"],
    "index": [("a",), "a"],
    "join": [",", strings("a")],
    "jsondecode": ["[1]"],
    "lookup": [{"a": 1}, "b", 2],
    "matchkeys": [("a",), ("b",), ("b",)],
    "merge": [{"a": 1}, {"b": 2}],
    "one": [("a",)],
    "parseint": ["ff", 16],
    "provider::terraform::decode_tfvars": ["a = 1"],
    "replace": ["a", "a", "b"],
    "sensitive": ["a"],
    "setproduct": [("a",), ("b",)],
    "signum": [-3],
    "slice": [("a", "b"), 0, 1],
    "split": [",", "a"],
    "substr": ["abc", 0, 1],
    "sum": [(1, 2)],
    "templatefile": ["files/greet.tftpl", {"name": "x"}],
    "templatestring": ["${name}", {"name": "x"}],
    "textdecodebase64": ["YQ==", "UTF-8"],
    "textencodebase64": ["a", "UTF-8"],
    "timeadd": ["2026-01-02T03:04:05Z", "1h"],
    "timecmp": ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"],
    "tobool": ["true"],
    "tonumber": ["1"],
    "tostring": [1],
    "transpose": [{"a": ("b",)}],
    "uuidv5": ["dns", "a"],
    "zipmap": [("a",), (1,)],
}  # fmt: skip

# The clock and chance have no arguments; a password's hash is another each time; the key of this one is a file.
WITHOUT = TELLING | RANDOM | {"plantimestamp", "timestamp", "rsadecrypt"}
# `coalesce` passes over a null, secret or not, and takes no mark from it; so does Terraform.
UNUSED = {("coalesce", 0)}


def test_every_function_has_a_call_here() -> None:
    assert CALLS.keys() | WITHOUT == FUNCTIONS.keys()


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_secret_argument_makes_the_result_secret_and_changes_nothing_else(name: str) -> None:
    arguments = CALLS[name]
    plain = call(name, *arguments)
    for position in range(len(arguments)):
        marked = [secret(item) if i == position else item for i, item in enumerate(arguments)]
        stripped, marks = unmark_deep(call(name, *marked))
        assert describe(stripped) == describe(unmark_deep(plain)[0])
        assert (SENSITIVE in marks) is ((name, position) not in UNUSED)


@pytest.mark.parametrize("kind", [tuple, lambda items: ListValue(STRING, items)], ids=["tuple", "list"])
@pytest.mark.parametrize("name", ["join", "jsonencode", "distinct", "compact", "toset", "formatlist", "sort"])
def test_a_secret_inside_makes_a_result_that_mixes_elements_secret(name: str, kind: Callable[..., Value]) -> None:
    items = kind(("a", secret("b")))
    arguments = {"join": [",", items], "formatlist": ["%s", items]}.get(name, [items])
    assert unmark_deep(call(name, *arguments))[1] == {SENSITIVE}


@pytest.mark.parametrize(("value", "expected"), [
    pytest.param(mark("a", frozenset({EPHEMERAL})), Null(STRING), id="an ephemeral text"),
    pytest.param(mark("a", frozenset({EPHEMERAL, SENSITIVE})), secret(Null(STRING)), id="an ephemeral secret"),
    pytest.param((mark("a", frozenset({EPHEMERAL})), "b"), (Null(STRING), "b"), id="inside"),
    pytest.param(mark(Unknown(NUMBER), frozenset({EPHEMERAL})), Unknown(NUMBER), id="not known yet"),
    pytest.param({"a": NULL}, {"a": Null(DYNAMIC)}, id="nothing ephemeral"),
])  # fmt: skip
def test_ephemeralasnull_lets_nothing_ephemeral_through(value: Value, expected: Value) -> None:
    assert describe(call("ephemeralasnull", value)) == describe(expected)
