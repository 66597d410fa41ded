"""What a session may call: functions that the client runs, and MCP servers that the API calls itself."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from providers.errors import Problem
from providers.openai.models.request import JsonObject, RequestBlock
from providers.resource import Items, Members, Text, by_kind
from providers.schema import Attr

_FUNCTION_ONLY = ("name", "description", "parameters")
_SERVERS = ("server_url", "connector_id", "tunnel_id")
_MCP_ONLY = (
    "server_label",
    *_SERVERS,
    "authorization",
    "server_description",
    "headers",
    "allowed_tools",
    "allowed_callers",
    "require_approval",
    "defer_loading",
)


class ToolFilter(RequestBlock):
    """Some of a server's tools: by name, or those that only read."""

    tool_names: list[str] | None = None
    read_only: bool | None = None


class ApprovalFilter(RequestBlock):
    """Which tools need approval before they are called, and which do not."""

    always: ToolFilter | None = None
    never: ToolFilter | None = None


class Tool(RequestBlock):
    """A function of the client (`type = "function"`) or an MCP server (`type = "mcp"`)."""

    free_form: ClassVar[frozenset[str]] = frozenset({"parameters"})

    type: Literal["function", "mcp"]
    name: str | None = None
    description: str | None = None
    parameters: JsonObject | None = None
    server_label: str | None = None
    server_url: str | None = None
    connector_id: (
        Literal[
            "connector_dropbox",
            "connector_gmail",
            "connector_googlecalendar",
            "connector_googledrive",
            "connector_microsoftteams",
            "connector_outlookcalendar",
            "connector_outlookemail",
            "connector_sharepoint",
        ]
        | None
    ) = None
    tunnel_id: Annotated[str, Field(pattern=r"^tunnel_[a-z0-9]{32}$")] | None = None
    authorization: Annotated[str | None, Attr(sensitive=True)] = None
    server_description: str | None = None
    headers: Annotated[dict[str, str] | None, Attr(sensitive=True)] = None
    allowed_tools: Annotated[Annotated[list[str], Items] | Annotated[ToolFilter, Members], by_kind] | None = None
    allowed_callers: list[Literal["direct", "programmatic"]] | None = None
    require_approval: (
        Annotated[Annotated[Literal["always", "never"], Text] | Annotated[ApprovalFilter, Members], by_kind] | None
    ) = None
    defer_loading: bool | None = None

    def rules(self) -> Iterator[Problem]:
        """Yield what does not belong to the type, and what it lacks."""
        if self.type == "function":
            yield from self._foreign(_MCP_ONLY, "mcp")
            if "name" not in self.model_fields_set or self.name is None:
                yield Problem("Missing required argument", 'A function tool needs a "name".', ("name",))
        elif self.type == "mcp":
            yield from self._foreign(_FUNCTION_ONLY, "function")
            yield from self._server_rules()

    def _foreign(self, names: tuple[str, ...], other: str) -> Iterator[Problem]:
        for name in names:
            if self.given(name):
                detail = f'"{name}" belongs to tools of type "{other}", not to "{self.type}".'
                yield Problem("Conflicting arguments", detail, (name,))

    def _server_rules(self) -> Iterator[Problem]:
        if self.server_label is None:
            detail = 'An MCP tool needs a "server_label".'
            yield Problem("Missing required argument", detail, ("server_label",))
        if all(getattr(self, name) is None for name in _SERVERS):
            detail = 'An MCP tool needs one of "server_url", "connector_id" and "tunnel_id".'
            yield Problem("Missing required argument", detail, ())
        if self.allowed_callers == []:
            detail = '"allowed_callers" must name at least one caller, or be left out.'
            yield Problem("Invalid attribute value", detail, ("allowed_callers",))
        if self.given("connector_id"):
            detail = "Connectors are deprecated: models released after 2026-09-01 do not take them."
            yield Problem("Deprecated argument", detail, ("connector_id",), "warning")


class ToolTarget(RequestBlock):
    """The one function, or the one MCP server, that the model has to call."""

    type: Literal["function", "mcp"]
    name: str | None = None
    server_label: str | None = None

    def rules(self) -> Iterator[Problem]:
        """Yield what the type needs and what it does not take."""
        if self.type == "function":
            if self.name is None:
                yield Problem("Missing required argument", 'A function is chosen by its "name".', ("name",))
            if self.given("server_label"):
                detail = '"server_label" belongs to the type "mcp", not to "function".'
                yield Problem("Conflicting arguments", detail, ("server_label",))
        if self.type == "mcp" and self.server_label is None:
            detail = 'An MCP server is chosen by its "server_label".'
            yield Problem("Missing required argument", detail, ("server_label",))


ToolChoice = Annotated[
    Annotated[Literal["none", "auto", "required"], Text] | Annotated[ToolTarget, Members],
    by_kind,
]
"""How the model chooses among its tools."""
