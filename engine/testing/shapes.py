"""Which members of test files in JSON are blocks, as `engine.syntax.json_shapes` says it of configurations."""

from collections.abc import Mapping
from typing import Final

from engine.syntax.json_shapes import Reading, Shape

_LITERAL, _EXPRESSION = Reading.LITERAL, Reading.EXPRESSION

_OVERRIDE: Final = Shape(arguments={"target": _EXPRESSION, "override_during": _EXPRESSION})
_OVERRIDES: Final[Mapping[str, Shape]] = {"override_resource": _OVERRIDE, "override_data": _OVERRIDE}
_MOCK: Final = Shape(("type",), arguments={"override_during": _EXPRESSION})
_MOCKS: Final[Mapping[str, Shape]] = {"mock_resource": _MOCK, "mock_data": _MOCK, **_OVERRIDES}

_RUN: Final = Shape(
    ("name",),
    {
        "assert": Shape(),
        "plan_options": Shape(
            arguments={"mode": _EXPRESSION, "refresh": _LITERAL, "target": _EXPRESSION, "replace": _EXPRESSION}
        ),
        "variables": Shape(names=True),
        "module": Shape(otherwise=_LITERAL),
        **_OVERRIDES,
        "override_module": _OVERRIDE,
    },
    {"command": _EXPRESSION, "providers": _EXPRESSION, "expect_failures": _EXPRESSION, "state_key": _LITERAL},
)

SUITE: Final = Shape(
    blocks={
        "run": _RUN,
        "variables": Shape(names=True),
        "provider": Shape(("name",), arguments={"alias": _LITERAL, "version": _LITERAL}),
        "mock_provider": Shape(
            ("name",), _MOCKS, {"alias": _LITERAL, "source": _LITERAL, "override_during": _EXPRESSION}
        ),
        **_OVERRIDES,
        "override_module": _OVERRIDE,
    }
)
"""A `.tftest.json` file."""

MOCKS: Final = Shape(blocks=_MOCKS)
"""A `.tfmock.json` file."""
