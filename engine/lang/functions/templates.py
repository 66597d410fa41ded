"""Functions that render templates. A template is parsed and evaluated by the caller, which knows the syntax."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

from engine.lang.convert import ConversionError, convert
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.files import read_text
from engine.lang.types import STRING
from engine.lang.values import MapValue, Value

Render: TypeAlias = Callable[[str, str, Mapping[str, Value]], Value]
"""Return what a template gives: its text, the name to use for it in messages, and its variables. A reference to a
variable that is not there is a FunctionError of argument 1."""

TEMPLATESTRING_NAME: Final = "<templatestring argument>"

_VARIABLE_NAME = re.compile(r"[^\W\d][\w-]*")


def template_functions(directory: Path, render: Render) -> tuple[Function, ...]:
    """Return `templatefile` and `templatestring` for a configuration whose root module is in `directory`."""

    def templatefile(path: str, variables: Value) -> Value:
        return render(read_text(directory, path), path, _template_variables(variables))

    def templatestring(text: str, variables: Value) -> Value:
        result = render(text, TEMPLATESTRING_NAME, _template_variables(variables))
        try:
            return convert(result, STRING)
        except ConversionError as problem:
            raise FunctionError(f"invalid template result: {problem}") from None

    variables = Parameter("vars", allow_inside=True, description="The names that the template may use.")
    return (
        Function(
            "templatefile",
            (Parameter("path", STRING), variables),
            templatefile,
            description="What a template in a file gives.",
        ),
        Function(
            "templatestring",
            (Parameter("template", STRING, description="A reference to the text of the template."), variables),
            templatestring,
            result=STRING,
            description="What a template gives whose text comes from elsewhere.",
        ),
    )


def functions_in_templates(functions: Mapping[str, Function]) -> dict[str, Function]:
    """Return what a template may call: all of `functions`, but those that render templates refuse to be called."""

    def refusing(name: str) -> Function:
        def refuse(*_: Value) -> NoReturn:
            raise FunctionError(f"cannot recursively call {name} from inside another template function")

        return Function(name, (), refuse, Parameter("args", allow_null=True, allow_unknown=True, allow_marked=True))

    return {**functions, **{name: refusing(name) for name in ("templatefile", "templatestring")}}


def _template_variables(variables: Value) -> Mapping[str, Value]:
    members = variables.items if variables.__class__ is MapValue else variables
    if members.__class__ is not dict:
        raise FunctionError("invalid vars value: must be a map", 1)
    for name in members:
        if not _VARIABLE_NAME.fullmatch(name):
            raise FunctionError(
                f'invalid template variable name "{name}": must start with a letter, followed by zero or more '
                "letters, digits, and underscores",
                1,
            )
    found: Mapping[str, Value] = members
    return found
