"""How functions are called: arguments are counted, converted and freed of what a function need not know."""

import pytest

from engine.lang.function import ArgumentCountError, Function, FunctionError, Parameter, invoke
from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf
from engine.lang.values import NULL, Null, Unknown, Value
from tests.engine.lang.describing import call, describe, failure, secret, strings

TEXT = Parameter("text", STRING)
ECHO = Function("echo", (TEXT,), lambda text: text, result=STRING)
PAIR = Function("pair", (TEXT,), lambda *texts: texts, Parameter("more", NUMBER))
LISTED = Function("listed", (Parameter("list", ListOf(STRING)),), lambda items: items, result=ListOf(STRING))
INSIDE = Function("inside", (Parameter("any", allow_inside=True),), lambda value: value)
FREE = Function("free", (Parameter("any", DYNAMIC, True, True, True, True),), lambda value: value)


@pytest.mark.parametrize(("function", "arguments", "message"), [
    pytest.param(ECHO, [], 'Function "echo" expects 1 argument(s). Missing value for "text".', id="too few"),
    pytest.param(ECHO, ["a", "b"], 'Function "echo" expects only 1 argument(s).', id="too many"),
    pytest.param(PAIR, [], 'Function "pair" expects at least 1 argument(s). Missing value for "text".', id="too few of any number"),
])  # fmt: skip
def test_arguments_are_counted(function: Function, arguments: list[Value], message: str) -> None:
    with pytest.raises(ArgumentCountError) as caught:
        invoke(function, arguments)
    assert caught.value.message == message


@pytest.mark.parametrize(("function", "arguments", "expected"), [
    pytest.param(ECHO, [True], "true", id="converted"),
    pytest.param(PAIR, [1, "2", "3"], ("1", 2, 3), id="converted, each by its parameter"),
    pytest.param(ECHO, [secret("a")], secret("a"), id="a secret"),
    pytest.param(LISTED, [("a", secret("b"))], secret(strings("a", "b")), id="a secret inside"),
    pytest.param(LISTED, [strings("a", Unknown(STRING))], Unknown(ListOf(STRING)), id="unknown inside"),
    pytest.param(LISTED, [secret(Unknown())], secret(Unknown(ListOf(STRING))), id="an unknown secret"),
    pytest.param(INSIDE, [(secret("a"), Unknown())], (secret("a"), Unknown()), id="what is inside stays there"),
    pytest.param(INSIDE, [secret(("a",))], secret(("a",)), id="its own mark moves to the result"),
    pytest.param(INSIDE, [Unknown(STRING)], Unknown(DYNAMIC), id="unknown itself"),
    pytest.param(FREE, [secret(Null(BOOL))], secret(Null(BOOL)), id="everything allowed"),
])  # fmt: skip
def test_a_function_sees_what_it_asks_for(function: Function, arguments: list[Value], expected: Value) -> None:
    assert describe(call(function, *arguments)) == describe(expected)


def test_all_conversions_are_tried_before_nulls_are_refused() -> None:
    assert failure(PAIR, NULL, "x") == ("a number is required", 1)
    assert failure(PAIR, NULL, 1) == ("argument must not be null", 0)


def test_an_error_hides_what_is_secret() -> None:
    def refuse(text: str) -> str:
        raise FunctionError(f"bad {text}", 0, redacted="bad (sensitive value)")

    function = Function("refuse", (TEXT,), refuse)
    assert failure(function, "key") == ("bad key", 0)
    assert failure(function, secret("key")) == ("bad (sensitive value)", 0)


def test_a_value_too_deep_for_a_function_is_an_error_of_the_call() -> None:
    def descend(text: str) -> str:
        return descend(text)

    assert failure(Function("descend", (TEXT,), descend), "a") == ("the value is nested too deeply", None)
