"""Why a token cannot stand where it does: what the parser had read -> a mistake worded as Terraform words it.

Runs once per problem. It looks for the innermost thing still open among the symbols read so far, and says what that
thing lacks.
"""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from engine.syntax.automaton import Unexpected
from engine.syntax.mistakes import Mistake, mistake
from engine.syntax.tree import ATTRIBUTE, Node

_LENGTHS: Final = {
    **dict.fromkeys(("DOUBLE_EQ", "NEQ", "LEQ", "GEQ", "DOUBLE_AMP", "DOUBLE_PIPE", "FOR_OBJECT_ARROW"), 2),
    **dict.fromkeys(("INTERP_START", "DIRECTIVE_START"), 2),
    "ELLIPSIS": 3,
    "$END": 0,
}
_OPENER_OF: Final = {"RPAR": "LPAR", "RSQB": "LSQB", "RBRACE": "LBRACE"}
_OPERATORS: Final = frozenset(
    {"DOUBLE_EQ", "NEQ", "LT", "GT", "LEQ", "GEQ", "PLUS", "MINUS", "ASTERISK", "SLASH", "PERCENT"}
    | {"DOUBLE_AMP", "DOUBLE_PIPE", "COMMA"}
)
_NAMES: Final = frozenset(
    {"NAME", "TRAVERSAL", "FUNCTION_NAME", "LITERAL", "IN", "FOR", "IF", "ELSE", "ENDIF", "ENDFOR"}
)
_STRINGS: Final = frozenset({"STRING", "DBLQUOTE"})
_HEADER_PARTS: Final = frozenset({"identifier", "_attribute_name", "string"})
_REQUIRED: Final = "An argument or block definition is required here."
_TO_SET: Final = f'{_REQUIRED} To set an argument, use the equals sign "=" to introduce the argument value.'
_NO_BLOCK_CONTENT: Final = (
    'A block definition must have block content delimited by "{" and "}", starting on the same line as the block '
    "header."
)
_OTHER_LANGUAGE: Final = (
    "Expected a closing brace to end the interpolation expression, but found extra characters.\n\nThis can happen "
    "when you include interpolation syntax for another language, such as shell scripting, but forget to escape the "
    'interpolation start token. If this is an embedded sequence for another language, escape it by starting with "$${" '
    'instead of just "${".'
)


class _Place(NamedTuple):
    """The token at fault and what stands before it."""

    symbols: list[str]
    values: list[Any]
    kind: str
    start: int
    end: int
    text: str

    def here(self, summary: str, detail: str) -> Mistake:
        return mistake(summary, detail, self.start, self.end)


def explain(problem: Unexpected, text: str) -> Mistake:
    """Return what to tell the user."""
    kind, value = problem.token
    if kind == "FAULT":
        fault: Mistake = value
        return fault
    if kind == "COMMA" and value >= len(text):
        kind = "$END"  # the newline that `parse_expression` puts behind its text
    place = _Place(problem.symbols, problem.values, kind, *_without_blanks(text, *_span(kind, value)), text)
    if problem.wants_expression or _ends_in_operator(problem.symbols):
        if kind == "$END":
            return place.here(
                "Missing expression", "Expected the start of an expression, but found the end of the file."
            )
        detail = "Expected the start of an expression, but found an invalid expression token."
        return place.here("Invalid expression", detail)
    index = _innermost(problem.symbols)
    explainer = _EXPLAINERS[problem.symbols[index]] if index >= 0 else _AT_TOP[problem.start]
    if explainer is _in_object and _is_block_brace(problem.symbols, index):
        explainer = _in_body
    if kind == "DOT" and explainer not in (_in_body, _after_block):
        dot = place.start
        return mistake("Invalid attribute name", "An attribute name is required after a dot.", dot + 1, dot + 2)
    return explainer(place, index)


def _ends_in_operator(symbols: list[str]) -> bool:
    """Whether the last symbol is a sign after which the tables no longer remember that an expression follows."""
    if not symbols or symbols[-1] not in _OPERATORS:
        return False
    return symbols[-1] != "COMMA" or symbols[-3] != "FOR"


def _span(kind: str, value: Any) -> tuple[int, int]:
    if isinstance(value, int):
        return value, value + _LENGTHS.get(kind, 1)
    if kind in ("ATTRIBUTE_STEP", "LEGACY_STEP"):
        return value[2], value[2] + 1  # the dot
    start, end = value[1:3] if isinstance(value[1], int) else value[2:4]
    return start, end


def _without_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of a line end without the blanks before it."""
    line_end = start
    while line_end < len(text) and text[line_end] in " \t\r":
        line_end += 1
    return (line_end, line_end + 1) if text[line_end : line_end + 1] == "\n" else (start, end)


def _innermost(symbols: list[str]) -> int:
    """Return the index of the symbol that opened the innermost unfinished thing, or -1."""
    index = _before_finished(symbols, len(symbols) - 1)
    while index >= 0:
        symbol = symbols[index]
        if symbol == "COLON" and symbols[index - 1] != "object_elem_key":
            index -= 3  # a conditional that lacks nothing: condition, "?", expression, ":"
        elif symbol in _EXPLAINERS:
            return index
        else:
            index -= 1
    return -1


def _before_finished(symbols: list[str], index: int) -> int:
    """Step over a bracket or template that is closed, but not yet known to be an expression."""
    top = symbols[index] if symbols else ""
    if top == "DBLQUOTE":
        return index - 2 if symbols[index - 1] == "DBLQUOTE" else index - 3
    if top in _OPENER_OF and not _is_block(symbols, index):
        while symbols[index] != _OPENER_OF[top]:
            index -= 1
        return index - 1
    return index


def _is_block(symbols: list[str], closing: int) -> bool:
    return symbols[closing] == "RBRACE" and symbols[closing - 1] == "body"


# ---------------------------------------------------------------- bodies


def _in_body(place: _Place, index: int) -> Mistake:
    """Explain what an argument or block lacks. `index` is the brace of the block around it, or -1."""
    after = zip(place.symbols[index + 1 :], place.values[index + 1 :], strict=True)
    header = [value for symbol, value in after if symbol in _HEADER_PARTS or symbol.startswith("__block_star")]
    if header:
        return _in_header(place, header)
    last = _last_item_of_line(place)
    if last is not None and place.kind != "$END":
        return _after_item(place, "argument" if last[0] == ATTRIBUTE else "block definition")
    if place.kind == "$END":
        return _unclosed_block(place, index)
    if place.kind in _STRINGS:
        quote = place.start
        return mistake("Invalid argument name", "Argument names must not be quoted.", quote, quote + 1)
    if place.kind in _NAMES:
        first = place.text[place.start : place.end].split(".")[0]
        return mistake("Argument or block definition required", _TO_SET, place.start, place.start + len(first))
    return place.here("Argument or block definition required", _REQUIRED)


def _last_item_of_line(place: _Place) -> Node | None:
    """Return the argument or block that the token follows on the same line."""
    symbol = place.symbols[-1] if place.symbols else ""
    if symbol.startswith("__body_star") or (symbol == "body" and place.values[-1][2] is None):
        items = place.values[-1][1]
        return items[-1] if items else None
    return None


def _in_header(place: _Place, header: list[Any]) -> Mistake:
    if len(header) == 1 and place.kind != "TRAVERSAL":
        return mistake("Argument or block definition required", _TO_SET, header[0][1], header[0][2])
    summary = "Invalid block definition"
    if place.kind == "EQ":
        detail = 'The equals sign "=" indicates an argument definition, and must not be used when defining a block.'
        return place.here(summary, detail)
    if place.kind in ("NL_OR_COMMENT", "$END"):
        return place.here(summary, _NO_BLOCK_CONTENT)
    return place.here(summary, 'Either a quoted string block label or an opening brace ("{") is expected here.')


def _after_item(place: _Place, what: str) -> Mistake:
    if place.kind == "COMMA" and what == "argument":
        return place.here(
            "Unexpected comma after argument",
            "Argument definitions must be separated by newlines, not commas. An argument definition must end with a "
            "newline.",
        )
    noun = "An argument definition" if what == "argument" else "A block definition"
    return place.here(f"Missing newline after {what}", f"{noun} must end with a newline.")


def _after_block(place: _Place, _index: int) -> Mistake:
    return _after_item(place, "block definition")


def _unclosed_block(place: _Place, index: int) -> Mistake:
    opening = place.values[index] if index >= 0 else place.start
    return mistake(
        "Unclosed configuration block",
        "There is no closing brace for this block before the end of the file. This may be caused by incorrect brace "
        "nesting elsewhere in this file.",
        opening,
        opening + 1,
    )


def _in_assignment(place: _Place, index: int) -> Mistake:
    """Explain what may follow the value of an argument, or of an object's item."""
    if place.symbols[index - 1] == "object_elem_key":
        return _in_object(place, _opening_brace(place, index))
    if place.kind == "$END":
        return _unclosed_block(place, _opening_brace(place, index))
    if index >= 2 and place.symbols[index - 2] == "LBRACE":
        detail = (
            "A single-line block definition must end with a closing brace immediately after its single argument "
            "definition."
        )
        if place.kind == "COMMA":
            detail = (
                "Single-line block syntax can include only one argument definition. To define multiple arguments, use "
                "the multi-line block syntax with one argument definition per line."
            )
        return place.here("Invalid single-argument block definition", detail)
    return _after_item(place, "argument")


def _opening_brace(place: _Place, index: int) -> int:
    while index >= 0 and place.symbols[index] != "LBRACE":
        index -= 1
    return index


# ---------------------------------------------------------------- brackets


def _in_parentheses(place: _Place, index: int) -> Mistake:
    if index == 0 or place.symbols[index - 1] != "identifier":
        return place.here("Unbalanced parentheses", "Expected a closing parenthesis to terminate the expression.")
    if "ELLIPSIS" in place.symbols[index:]:
        position = place.values[index + place.symbols[index:].index("ELLIPSIS")]
        return mistake(
            "Missing closing parenthesis",
            "An expanded function argument (with ...) must be immediately followed by closing parentheses.",
            position,
            position + 3,
        )
    if place.kind == "$END":
        return mistake(
            "Unterminated function call",
            "There is no closing parenthesis for this function call before the end of the file. This may be caused by "
            "incorrect parenthesis nesting elsewhere in this file.",
            place.values[index - 1][1],
            place.values[index] + 1,
        )
    detail = "A comma is required to separate each function argument from the next."
    return place.here("Missing argument separator", detail)


def _in_brackets(place: _Place, index: int) -> Mistake:
    if index > 0 and place.symbols[index - 1] == "expr_term":
        detail = 'The index operator must end with a closing bracket ("]").'
        return place.here("Missing close bracket on index", detail)
    if place.kind == "$END":
        return _unterminated(place, index, "tuple", "bracket")
    detail = "Expected a comma to mark the beginning of the next item."
    return place.here("Missing item separator", detail)


def _is_block_brace(symbols: list[str], index: int) -> bool:
    return index > 0 and (symbols[index - 1] == "_attribute_name" or symbols[index - 1].startswith("__block_star"))


def _in_object(place: _Place, index: int) -> Mistake:
    if place.kind == "$END":
        return _unterminated(place, index, "object", "brace")
    if "object_elem_key" in place.symbols[index:]:
        detail = "Expected a newline or comma to mark the beginning of the next attribute."
        return place.here("Missing attribute separator", detail)
    summary = "Missing key/value separator"
    detail = 'Expected an equals sign ("=") to mark the beginning of the attribute value.'
    if place.kind == "COMMA" and not place.text.startswith("}", place.start):
        summary = "Missing attribute value"
        detail = 'Expected an attribute value, introduced by an equals sign ("=").'
    elif place.kind in _NAMES:
        detail += (
            " If you intended to give an attribute name containing periods or spaces, write the name in quotes to "
            "create a string literal."
        )
    return place.here(summary, detail)


def _unterminated(place: _Place, index: int, what: str, bracket: str) -> Mistake:
    return mistake(
        f"Unterminated {what} constructor expression",
        f"There is no corresponding closing {bracket} before the end of the file. This may be caused by incorrect "
        f"{bracket} nesting elsewhere in this file.",
        place.values[index],
        place.values[index] + 1,
    )


def _in_conditional(place: _Place, _index: int) -> Mistake:
    return place.here(
        "Missing false expression in conditional",
        "The conditional operator (...?...:...) requires a false expression, delimited by a colon.",
    )


# ---------------------------------------------------------------- for


def _in_for_names(place: _Place, index: int) -> Mistake:
    """Explain a `for` whose colon, or in a directive whose closing brace, has not come yet."""
    if index > 0 and place.symbols[index - 1] == "DIRECTIVE_START":
        return _in_directive(place, index - 1)
    after = place.symbols[index + 1 :]
    if "IN" in after:
        detail = "For expression requires a colon after the collection expression."
    elif not after:
        detail = "For expression requires variable name after 'for'."
    elif after[-1] == "COMMA":
        detail = "For expression requires value variable name after comma."
    else:
        detail = "For expression requires the 'in' keyword after its name declarations."
    return place.here("Invalid 'for' expression", detail)


def _in_for(place: _Place, index: int) -> Mistake:
    in_object = place.symbols[index - 1] == "LBRACE"
    start = _span(place.symbols[index + 1], place.values[index + 1])[0]
    end = _span(place.symbols[-1], place.values[-1])[1]
    if in_object and "FOR_OBJECT_ARROW" not in place.symbols[index:]:
        detail = "Key expression is required when building an object."
        return mistake("Invalid 'for' expression", detail, start, end)
    if not in_object and place.kind == "FOR_OBJECT_ARROW":
        detail = "Key expression is not valid when building a tuple."
        return mistake("Invalid 'for' expression", detail, start, end)
    if not in_object and place.kind == "ELLIPSIS":
        detail = "Grouping ellipsis (...) cannot be used when building a tuple."
    else:
        detail = "Extra characters after the end of the 'for' expression."
    return place.here("Invalid 'for' expression", detail)


# ---------------------------------------------------------------- templates


def _in_interpolation(place: _Place, index: int) -> Mistake:
    start = place.values[index]
    if place.kind == "$END" or place.kind in _STRINGS:
        which = "file" if place.kind == "$END" else "quoted template"
        return mistake(
            "Unclosed template interpolation sequence",
            f"There is no closing brace for this interpolation sequence before the end of the {which}. This might be "
            "caused by incorrect nesting inside the given expression.",
            start,
            start + 2,
        )
    detail = _OTHER_LANGUAGE
    if place.kind == "COLON":
        detail = (
            "Template interpolation doesn't expect a colon at this location. Did you intend this to be a literal "
            "sequence to be processed as part of another language? If so, you can escape it by starting with "
            '"$${" instead of just "${".'
        )
    return place.here("Extra characters after interpolation expression", detail)


def _in_directive(place: _Place, index: int) -> Mistake:
    after = place.symbols[index + 1 :]
    if not after:
        return _not_a_directive(place)
    keyword = after[0].lower()
    if keyword == "for" and "IN" not in after:
        detail = "For directive requires 'in' keyword after names."
        if len(after) == 1:
            detail = "For directive requires variable name after 'for'."
        elif after[-1] == "COMMA":
            detail = "For directive requires value variable name after comma."
        return place.here("Invalid 'for' directive", detail)
    detail = "Expected a closing brace to end the sequence, but found extra characters."
    return place.here(f"Extra characters in {keyword} marker", detail)


def _not_a_directive(place: _Place) -> Mistake:
    if place.kind not in _NAMES:
        return place.here(
            "Invalid template directive",
            'A template directive keyword ("if", "for", etc) is expected at the beginning of a %{ sequence.',
        )
    word = place.text[place.start : place.end]
    near = get_close_matches(word, ("if", "for", "else", "endif", "endfor"), n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return place.here("Invalid template control keyword", f'"{word}" is not a valid template control keyword.{hint}')


def _after_expression(place: _Place, _index: int) -> Mistake:
    return place.here(
        "Extra characters after expression",
        "An expression was successfully parsed, but extra characters were found after it.",
    )


_EXPLAINERS: Final[dict[str, Callable[[_Place, int], Mistake]]] = {
    "LPAR": _in_parentheses,
    "LSQB": _in_brackets,
    "LBRACE": _in_object,
    "RBRACE": _after_block,
    "EQ": _in_assignment,
    "COLON": _in_assignment,
    "QMARK": _in_conditional,
    "FOR": _in_for_names,
    "for_intro": _in_for,
    "INTERP_START": _in_interpolation,
    "DIRECTIVE_START": _in_directive,
}
_AT_TOP: Final = {"start": _in_body, "expression": _after_expression}
