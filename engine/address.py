"""Names of things in a configuration and in a state, as people write them: text <-> address.

An address names a module, a module's instance, a resource or a resource's instance; all four can be a *target* of a
command. What exists under an address is not known here.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

InstanceKey = str | int | None
"""What tells instances of one block apart: a number with `count`, a text with `for_each`, None with neither."""


class AddressError(ValueError):
    """Raised when a text is no address: `summary` and `detail` are Terraform's, `offset` is where it goes wrong."""

    def __init__(self, summary: str, detail: str, offset: int = 0) -> None:
        super().__init__(f"{summary}: {detail}")
        self.summary = summary
        self.detail = detail
        self.offset = offset


@dataclass(frozen=True, slots=True)
class ModuleAddress:
    """A module or one instance of it: `module.a[0].module.b`. Without steps it is the root module, whose text is ""."""

    steps: tuple[tuple[str, InstanceKey], ...] = ()

    def __str__(self) -> str:
        return ".".join(f"module.{name}{written_key(key)}" for name, key in self.steps)


@dataclass(frozen=True, slots=True)
class ResourceAddress:
    """One resource block: `openai_realtime_call.support`. `module` is the text of a module instance's address."""

    type: str
    name: str
    mode: str = "managed"  # or "data" or "ephemeral"
    module: str = ""

    def __str__(self) -> str:
        plain = f"{self.type}.{self.name}" if self.mode == "managed" else f"{self.mode}.{self.type}.{self.name}"
        return f"{self.module}.{plain}" if self.module else plain

    @property
    def kind(self) -> str:
        """The type with its mode: `terraform_data`, `data.terraform_remote_state`. Types are filed under it."""
        return self.type if self.mode == "managed" else f"{self.mode}.{self.type}"

    def instance(self, key: InstanceKey = None) -> "InstanceAddress":
        """Return the address of one of its instances."""
        return InstanceAddress(self, key)


@dataclass(frozen=True, slots=True)
class InstanceAddress:
    """One instance of a resource block: `openai_realtime_call.support["eu"]`."""

    resource: ResourceAddress
    key: InstanceKey = None

    def __str__(self) -> str:
        return f"{self.resource}{written_key(self.key)}"


Target = ModuleAddress | ResourceAddress | InstanceAddress
"""What a command can be pointed at. A resource stands for all its instances, a module for all that is in it."""


# ---------------------------------------------------------------- writing

_ESCAPED = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "\\": r"\\"}
_TO_ESCAPE = re.compile(r'["\\]|[$%](?=\{)')


def written_key(key: InstanceKey) -> str:
    """Return an instance key as it follows a name: nothing, `[0]` or `["eu"]`."""
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    text = _TO_ESCAPE.sub(lambda found: _ESCAPED.get(found[0], found[0] * 2), key)
    if not text.isprintable():
        text = "".join(character if character.isprintable() else _escape(character) for character in text)
    return f'["{text}"]'


def _escape(character: str) -> str:
    code = ord(character)
    return _ESCAPED.get(character) or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def key_order(key: InstanceKey) -> tuple[int, int, str]:
    """Return what instance keys are sorted by: none, then numbers, then texts."""
    if key is None:
        return 0, 0, ""
    return (1, key, "") if isinstance(key, int) else (2, 0, key)


def address_order(address: InstanceAddress) -> tuple[object, ...]:
    """Return what instances are sorted by where people see them.

    Modules come by depth and then by name, data sources before what is managed, then types, names and keys.
    """
    steps = parse_module(address.resource.module).steps
    modules = len(steps), [(name, key_order(key)) for name, key in steps]
    resource = address.resource
    return modules, resource.mode != "data", resource.type, resource.name, key_order(address.key)


_KEY = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


def static_address(text: str) -> str:
    """Return the name of a block without the instance keys of the modules around it."""
    return _KEY.sub("", text) if "[" in text else text


# ---------------------------------------------------------------- containing


def contains(target: Target, other: Target) -> bool:
    """Return whether everything at `other` is among what `target` names.

    A last name without a key stands for all instances (`module.m` contains `module.m[0]`); a name on the way does not
    (`module.m.a.b` does not contain `module.m[0].a.b`).
    """
    match target, other:
        case ModuleAddress(), ModuleAddress():
            return _module_contains(target.steps, other.steps)
        case ModuleAddress(), ResourceAddress(module=module):
            return _module_contains(target.steps, parse_module(module).steps)
        case ModuleAddress(), InstanceAddress(resource=resource):
            return contains(target, resource)
        case ResourceAddress(), InstanceAddress(resource=resource):
            return target == resource
    return target == other


def _module_contains(outer: tuple[tuple[str, InstanceKey], ...], inner: tuple[tuple[str, InstanceKey], ...]) -> bool:
    if not outer:
        return True
    if len(inner) < len(outer) or inner[: len(outer) - 1] != outer[:-1]:
        return False
    name, key = outer[-1]
    return inner[len(outer) - 1] == outer[-1] or (key is None and inner[len(outer) - 1][0] == name)


# ---------------------------------------------------------------- reading


def parse_target(text: str) -> Target:
    """Return what `text` names; a resource without an instance key is the whole resource. Raises AddressError."""
    module, rest = _module_prefix(_traversal(text))
    if not rest:
        return module
    instance = _instance(module, rest)
    return instance.resource if instance.key is None else instance


@cache
def parse_module(text: str) -> ModuleAddress:
    """Return the module, or the instance of one, that `text` names; the root module is "". Raises AddressError."""
    module, rest = _module_prefix(_traversal(text)) if text else (ModuleAddress(), [])
    if rest:
        raise AddressError("Invalid address operator", "This must be the address of a module.", rest[0].start)
    return module


def parse_resource_instance(text: str) -> InstanceAddress:
    """Return the resource instance that `text` names. Raises AddressError."""
    module, rest = _module_prefix(_traversal(text))
    if not rest:
        detail = (
            "A resource instance address is required here. The module path must be followed by a resource instance "
            "specification."
        )
        raise AddressError("Invalid address", detail)
    return _instance(module, rest)


def parse_instance(text: str) -> InstanceAddress | None:
    """Return the resource instance that `text` names, or None when it is no such name."""
    try:
        return parse_resource_instance(text)
    except AddressError:
        return None


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of an address: `.name`, or `[key]` when `name` is empty. `start` is where it stands in the text."""

    name: str
    key: str | Decimal | None
    start: int


_BLANKS = re.compile(r"[ \t\r\n]*")
_NAME = re.compile(r"[^\W\d][\w-]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_RESERVED = {"arg", "count", "each", "lazy", "local", "path", "self", "template", "terraform", "var"}


def _traversal(text: str) -> list[_Step]:
    """Return the steps of a name and what follows it. Raises AddressError."""
    position = _skip(text, 0)
    first = _NAME.match(text, position)
    if first is None:
        raise AddressError("Variable name required", "Must begin with a variable name.", position)
    steps = [_Step(first[0], None, position)]
    position = _skip(text, first.end())
    while position < len(text):
        start = position
        opening = text[position]
        position = _skip(text, position + 1)
        if opening == ".":
            name = _NAME.match(text, position)
            if name is None:
                splat = text.startswith("*", position)
                detail = "Splat expressions (.*) may not be used here." if splat else ""
                raise AddressError(
                    "Attribute name required", detail or "Dot must be followed by attribute name.", position
                )
            steps.append(_Step(name[0], None, start))
            position = _skip(text, name.end())
        elif opening == "[":
            key, position = _bracketed(text, position)
            steps.append(_Step("", key, start))
            position = _skip(text, position)
            if not text.startswith("]", position):
                detail = "Index key must be followed by a closing bracket."
                raise AddressError("Unclosed index brackets", detail, position)
            position = _skip(text, position + 1)
        else:
            raise AddressError("Invalid character", "Expected an attribute access or an index operator.", start)
    return steps


def _skip(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position


def _bracketed(text: str, position: int) -> tuple[str | Decimal, int]:
    """Return the key that stands at `position`, and where it ends."""
    number = _NUMBER.match(text, position)
    if number is not None:
        try:
            return Decimal(number[0]), number.end()
        except InvalidOperation:  # its exponent cannot be counted
            return Decimal("Infinity"), number.end()
    if text.startswith('"', position):
        quoted = _TEXT.match(text, position)
        if quoted is None:
            detail = "Unable to find the closing quote mark before the end of the file."
            raise AddressError("Unterminated string literal", detail, position)
        return _unescaped(quoted[1], position + 1), quoted.end()
    if text.startswith("*", position):
        raise AddressError("Attribute name required", "Splat expressions ([*]) may not be used here.", position)
    detail = "Index brackets must contain either a literal number or a literal string."
    raise AddressError("Index value required", detail, position)


_SPECIAL = re.compile(r"\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|\$\$\{|%%\{|\$\{|%\{|\n", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def _unescaped(quoted: str, start: int) -> str:
    """Return what a text between quotes says. Raises AddressError for what may not stand there."""

    def plain(found: re.Match[str]) -> str:
        special = found[0]
        if special == "\n":
            detail = "Quoted strings may not be split over multiple lines. Write \\n for a new line."
            raise AddressError("Invalid multi-line string", detail, start + found.start())
        if special[0] != "\\":
            return special[1:] if len(special) == 3 else _refuse_template(special[0], start + found.start())
        if len(special) > 2:
            return _code_point(special, start + found.start())
        if special[1] in _PLAIN:
            return _PLAIN[special[1]]
        length = {"u": "four", "U": "eight"}.get(special[1])
        detail = f'The symbol "{special[1]}" is not a valid escape sequence selector.'
        if length:
            detail = f"The \\{special[1]} escape sequence must be followed by {length} hexadecimal digits."
        raise AddressError("Invalid escape sequence", detail, start + found.start())

    return _SPECIAL.sub(plain, quoted)


def _refuse_template(character: str, offset: int) -> str:
    detail = (
        f'Template sequences are not allowed in this string. To include a literal "{character}", double it (as '
        f'"{character * 2}") to escape it.'
    )
    raise AddressError("Invalid string literal", detail, offset)


def _code_point(escape: str, offset: int) -> str:
    code = int(escape[2:], 16)
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:
        raise AddressError("Invalid escape sequence", f"Cannot encode character U+{code:04x} in UTF-8.", offset)
    return chr(code)


def _module_prefix(steps: list[_Step]) -> tuple[ModuleAddress, list[_Step]]:
    """Return the module that the first steps name, and the steps after it."""
    found: list[tuple[str, InstanceKey]] = []
    position = 0
    while position < len(steps) and steps[position].name == "module":
        if position + 1 == len(steps) or not steps[position + 1].name:
            detail = 'Prefix "module." must be followed by a module name.'
            raise AddressError("Invalid address operator", detail, steps[position].start)
        name, key = steps[position + 1].name, None
        position += 2
        if position < len(steps) and not steps[position].name:
            key = _instance_key(steps[position], "Invalid address operator", "module index")
            position += 1
        found.append((name, key))
        if position < len(steps) and not steps[position].name:
            detail = "Module address prefix must be followed by dot and then a name."
            raise AddressError("Invalid address operator", detail, steps[position].start)
    return ModuleAddress(tuple(found)), steps[position:]


def _instance(module: ModuleAddress, steps: list[_Step]) -> InstanceAddress:
    """Return the resource instance that `steps`, which follow those of the module, name."""
    mode, rest = "managed", steps
    if steps[0].name in ("data", "ephemeral", "resource"):
        mode = "managed" if steps[0].name == "resource" else steps[0].name
        rest = steps[1:]
    elif steps[0].name in _RESERVED:
        detail = (
            f'The keyword "{steps[0].name}" is reserved and cannot be used to target a resource address. If you are '
            'targeting a resource type that uses a reserved keyword, please prefix your address with "resource.".'
        )
        raise AddressError("Invalid address", detail, steps[0].start)
    if len(rest) < 2:
        detail = "Resource specification must include a resource type and name."
        raise AddressError("Invalid address", detail, steps[0].start)
    type, name, *keys = rest
    if not type.name:
        detail = "A data source name is required." if mode == "data" else "A resource type name is required."
        raise AddressError("Invalid address", detail, type.start)
    if not name.name:
        raise AddressError("Invalid address", "A resource name is required.", name.start)
    address = ResourceAddress(type.name, name.name, mode, str(module))
    if not keys:
        return address.instance()
    if len(keys) > 1:
        raise AddressError("Invalid address", "Unexpected extra operators after address.", keys[1].start)
    if keys[0].name:
        detail = "Resource instance key must be given in square brackets."
        raise AddressError("Invalid address", detail, keys[0].start)
    return address.instance(_instance_key(keys[0], "Invalid address", "resource instance key"))


def _instance_key(step: _Step, summary: str, what: str) -> InstanceKey:
    if not isinstance(step.key, Decimal):
        return step.key
    if step.key >= 2**63 or step.key != step.key.to_integral_value():
        detail = f"Invalid {what}: value must be a whole number, between -9223372036854775808 and 9223372036854775807."
        raise AddressError(summary, detail, step.start)
    return int(step.key)
