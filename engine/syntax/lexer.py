"""Text -> tokens, with HCL's rules about newlines, templates and nesting.

The lexer knows what the grammar cannot say: where a newline ends something and where it is a blank, where a quoted
text begins and its interpolations end. It emits a newline in an object as the comma that it stands for, and hands over
names, numbers, traversals and plain strings as finished nodes. What it cannot read becomes a FAULT token, which no
state of the parser accepts, so that the first problem in the text is the one reported.
"""

import re
from typing import Any, Final, TypeAlias

from engine.syntax.escapes import SPACES, unescape_line, unescape_quoted
from engine.syntax.mistakes import BadCharacters, Mistake, bad_character, foreign_character, mistake, unterminated
from engine.syntax.patterns import (
    BLANKS,
    BLANKS_AND_LINES,
    BRACKETS,
    CLOSER_GROUP,
    CLOSING,
    COMMA_GROUP,
    DIRECTIVE_WORD,
    DOT_GROUP,
    EQUALS_GROUP,
    FOR,
    HEADER,
    HEREDOC_GROUP,
    LINE_PART,
    LITERALS,
    NEWLINE_GROUP,
    NUMBER_GROUP,
    OPENER_GROUP,
    OPERATOR_GROUP,
    OPERATORS,
    PARENTHESIS,
    PLAIN_GROUP,
    QUALIFIED_GROUP,
    QUOTE_GROUP,
    QUOTED_PART,
    SPECIAL,
    SPLAT_GROUP,
    STEP,
    TOKEN,
    VALID_NUMBER,
    WORD_GROUP,
    WORDS,
)
from engine.syntax.tree import LITERAL, NUMBER, STRING, TRAVERSAL, VARIABLE

# A kind and what the parser keeps of it: a node, a step, or the offset of a sign. The closing sign of a template is
# given by the offset of its last character, so that it ends one further, as brackets do.
Token: TypeAlias = tuple[str, Any]

# Brackets, operators and directives that a tree may lie inside of. Evaluating uses the interpreter's stack.
MAX_NESTING: Final = 250

# How newlines are taken: they end arguments and blocks, they part the items of an object, they are blanks.
BODY: Final = 0
OBJECT: Final = 1
LOOSE: Final = 2


class _Template:
    """A quoted text, heredoc or template file that is being read, while one of its interpolations is, too."""

    __slots__ = ("at_line_start", "broken", "is_label", "level", "marker", "part", "start", "style")

    def __init__(self, start: int, style: str, marker: re.Pattern[str] | None = None) -> None:
        self.start = start
        self.style = style
        self.part = QUOTED_PART if style == "quoted" else LINE_PART
        self.marker = marker  # the line that ends a heredoc
        self.at_line_start = True
        self.level = 0  # how many directives are open
        self.is_label = False  # of a block
        self.broken = False  # over several lines, though it is in quotes


class Lexer:
    """Reads one text. `tokens` holds the result, ended by `$END`."""

    __slots__ = (
        "_bad_characters",
        "_base",
        "_contexts",
        "_depth",
        "_floor",
        "_mode",
        "_text",
        "invalid",
        "line_ends",
        "tokens",
    )

    def __init__(self, text: str, mode: int) -> None:
        self._text = text
        self._mode = mode
        self.tokens: list[Token] = []
        # Of each open bracket or interpolation: its closing sign, and mode, base, floor, depth and template to go
        # back to.
        self._contexts: list[tuple[str, int, int, int, int, _Template | None]] = []
        # How deep the tree may be here: inside of the present bracket, of the present arm of a conditional, and of
        # the operators since. A separator takes the second and third back to the first.
        self._base = self._floor = self._depth = 0
        self.invalid: list[Mistake] = []  # characters that mean nothing where they stand
        self._bad_characters = BadCharacters(self.invalid)
        self.line_ends: list[tuple[int, int]] = []  # those inside of quoted texts, where none may be

    def read_all(self) -> list[Token]:
        """Read a file or an expression, according to the mode."""
        try:
            self._read(1 if self._text.startswith("\ufeff") else 0)
        except Mistake as problem:
            self.tokens.append(("FAULT", problem))
        self.tokens.append(("$END", len(self._text)))
        return self.tokens

    def read_template(self) -> list[Token]:
        """Read the whole text as the inside of a template."""
        try:
            template = _Template(0, "bare")
            self.tokens.append(("DBLQUOTE", ("bare", 0, 0)))
            self._read(self._read_template(0, template, False))
        except Mistake as problem:
            self.tokens.append(("FAULT", problem))
        self.tokens.append(("$END", len(self._text)))
        return self.tokens

    def _read(self, position: int) -> None:
        text = self._text
        end = len(text.rstrip(" \t"))
        add = self.tokens.append
        match = TOKEN.match
        while position < end:
            found = match(text, position)
            if found is None:
                position = self._bad_character(position)
                continue
            group = found.lastindex
            position = found.end()
            if group == WORD_GROUP:
                word = found[1]
                start = position - len(word)
                if "." in word or word in SPECIAL or not word.isascii():
                    position = self._special_word(word, start)
                else:
                    add(("NAME", (VARIABLE, start, position, word)))
            elif group == NEWLINE_GROUP:
                self._newline(found.start(3))
            elif group == EQUALS_GROUP:
                add(("EQ", position - 1))
            elif group == PLAIN_GROUP:
                raw = found[5]
                if "\\" in raw or "{" in raw or not raw.isascii():
                    self._special_string(raw, position)
                else:
                    add(("STRING", (STRING, position - len(raw) - 2, position, raw)))
            elif group == OPENER_GROUP:
                self._open(position - 1)
            elif group == CLOSER_GROUP:
                position = self._close(position)
            elif group == NUMBER_GROUP:
                digits = found[6]
                if digits.isdecimal() or VALID_NUMBER.fullmatch(digits):
                    add(("NUMBER", (NUMBER, position - len(digits), position, digits)))
                else:
                    detail = "Failed to recognize the value of this number literal."
                    self._fault(mistake("Invalid number literal", detail, position - len(digits), position))
            elif group == COMMA_GROUP:
                self._floor = self._depth = self._base
                add(("COMMA", position - 1))
            elif group == OPERATOR_GROUP:
                sign = found[14]
                self._count_operator(sign, position - len(sign))
                add((OPERATORS[sign], position - len(sign)))
            elif group == DOT_GROUP:
                position = self._step(position - 1)
            elif group == SPLAT_GROUP:
                self._deepen(found.start(8))
                add(("FULL_SPLAT_START", ("", found.start(8), position)))
            elif group == QUOTE_GROUP:
                template = _Template(position - 1, "quoted")
                template.is_label = (
                    self._mode == BODY and bool(self.tokens) and self.tokens[-1][0] in ("NAME", "STRING")
                )
                position = self._open_template(position - 1, position, template)
            elif group == HEREDOC_GROUP:
                position = self._open_heredoc(found.start(13), position)
            elif group == QUALIFIED_GROUP:
                position = self._function_name(found)

    def _newline(self, start: int) -> None:
        if self._mode == LOOSE:
            return
        self._floor = self._depth = self._base
        previous = self.tokens[-1][0] if self.tokens else ""
        if self._mode == BODY:
            if previous != "NL_OR_COMMENT":
                self.tokens.append(("NL_OR_COMMENT", start))
        elif previous != "COMMA" and previous != "LBRACE":
            self.tokens.append(("COMMA", start))

    def _count_operator(self, sign: str, start: int) -> None:
        """Keep account of the depth: the arms of a conditional lie beside its condition, not inside of it."""
        if sign == ":":
            self._depth = self._floor
            return
        if sign == "?":
            self._depth = self._floor
            self._floor += 1
        self._deepen(start)

    def _deepen(self, start: int) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise mistake(
                "Nested too deeply",
                f"More than {MAX_NESTING} brackets, operators or blocks lie inside of each other here. Give parts of "
                "an expression names of their own, for example as local values.",
                start,
                start + 1,
            )

    def _fault(self, problem: Mistake) -> None:
        self.tokens.append(("FAULT", problem))

    def _special_word(self, word: str, start: int) -> int:
        """Emit a word that is more than a plain name; return where to go on."""
        first, dot, _ = word.partition(".")
        if dot and first not in SPECIAL:
            first = word
        end = start + len(first)
        problem = foreign_character(first, start)
        if problem is not None:
            at = problem.found[0][2]
            return self._invalid(at) if at == start else self._special_word(first[: at - start], start)
        if first in LITERALS and not PARENTHESIS.match(self._text, end):
            self.tokens.append(("LITERAL", (LITERAL, start, end, LITERALS[first])))
        elif "." in first:
            self.tokens.append(("TRAVERSAL", (TRAVERSAL, start, end, tuple(first.split(".")))))
        else:
            self.tokens.append((WORDS.get(first, "NAME"), (VARIABLE, start, end, first)))
        return end

    def _function_name(self, found: re.Match[str]) -> int:
        """Emit a name with a namespace, such as `core::upper`; return where to go on."""
        start, end = found.start(1), found.end()
        if "." in found[1]:
            self._special_word(found[1], start)
            return found.end(1)
        text = found[0].lstrip(" \t")
        problem = foreign_character(text, start)
        if problem is None and not PARENTHESIS.match(self._text, end):
            problem = mistake(
                "Missing open parenthesis",
                "Function selector must be followed by an open parenthesis to begin the function call.",
                end,
                end + 1,
            )
        if problem is not None:
            self._fault(problem)
            return end
        name = text.replace(" ", "").replace("\t", "")
        self.tokens.append(("FUNCTION_NAME", (VARIABLE, start, end, name)))
        return end

    def _special_string(self, raw: str, end: int) -> None:
        start = end - len(raw) - 2
        try:
            self.tokens.append(("STRING", (STRING, start, end, unescape_quoted(raw, start + 1))))
        except Mistake as problem:
            self._fault(problem)

    def _step(self, dot: int) -> int:
        """Emit what follows a dot: an attribute, an index of old, or a splat; return where to go on."""
        self._deepen(dot)
        blanks = BLANKS_AND_LINES if self._mode == LOOSE else BLANKS
        found = STEP.match(self._text, blanks.match(self._text, dot + 1).end())  # type: ignore[union-attr]
        if found is None:
            self.tokens.append(("DOT", dot))
            return dot + 1
        name, digits = found.groups()
        start, end = found.span()
        if name is not None:
            problem = foreign_character(name, start)
            self.tokens.append(("FAULT", problem) if problem else ("ATTRIBUTE_STEP", ("attr", name, dot, end)))
        elif digits is None:
            self.tokens.append(("ATTR_SPLAT", ("", dot, end)))
        elif "." in digits:
            first, _, second = digits.partition(".")
            detail = (
                "When using the legacy index syntax, chaining two indexes together is not permitted. Use the proper "
                f"index syntax instead, like [{first}][{second}]."
            )
            self._fault(mistake("Invalid legacy index syntax", detail, start, end))
        else:
            self.tokens.append(("LEGACY_STEP", ("legacy", (NUMBER, start, end, digits), dot, end)))
        return end

    def _open(self, start: int) -> None:
        bracket = self._text[start]
        mode = LOOSE
        if bracket == "{":
            if self._mode == BODY and self.tokens and self.tokens[-1][0] in HEADER:
                mode = BODY
            elif FOR.match(self._text, start + 1) is None:
                mode = OBJECT
        if bracket == "[":
            self._deepen(start)  # as an index it lies around all that came before
        self._enter(start, CLOSING[bracket], mode, None)
        self.tokens.append((BRACKETS[bracket], start))

    def _enter(self, start: int, closing: str, mode: int, template: _Template | None) -> None:
        self._contexts.append((closing, self._mode, self._base, self._floor, self._depth, template))
        self._depth += template.level if template else 0
        self._deepen(start)
        self._mode = mode
        self._base = self._floor = self._depth

    def _close(self, end: int) -> int:
        """Emit a closing sign; return where to go on: inside of a template when the sign ends an interpolation."""
        sign = self._text[end - 1]
        stripping = self._text[end - 2] == "~" and sign == "}" and self._is_stripping(end)
        if not self._contexts:
            self.tokens.append((BRACKETS[sign], end - 1))
            return end
        if self._mode == OBJECT and sign == "}" and self.tokens[-1][0] not in ("COMMA", "LBRACE"):
            self.tokens.append(("COMMA", end - 1))  # the grammar wants one after each item
        self.tokens.append((BRACKETS[sign], end - 1))
        closing, self._mode, self._base, self._floor, self._depth, template = self._contexts.pop()
        if closing != sign:
            return len(self._text)  # the parser stops at this token at the latest; what follows says nothing
        return end if template is None else self._read_template(end, template, stripping)

    def _is_stripping(self, end: int) -> bool:
        if self._contexts and self._contexts[-1][5] is not None:
            return True
        raise bad_character(self._text, end - 2)

    def _open_template(self, start: int, position: int, template: _Template) -> int:
        self.tokens.append(("DBLQUOTE", (template.style, start, position)))
        return self._read_template(position, template, False)

    def _open_heredoc(self, start: int, position: int) -> int:
        opening = self._text[start:position].rstrip()
        flush = opening.startswith("<<-")
        name = opening[3:] if flush else opening[2:]
        marker = re.compile(rf"[^\S\n]*+{re.escape(name)}(?=[^\S\n]*+\n)")
        return self._open_template(start, position, _Template(start, "flush" if flush else "heredoc", marker))

    def _read_template(self, position: int, template: _Template, strip: bool) -> int:
        """Emit parts until the template ends or an interpolation begins; return where to go on.

        `strip` says that the sign before ended in `~`, which takes the blanks of the text that follows.
        """
        text = self._text
        match = template.part.match
        while position < len(text):
            if template.marker and template.at_line_start:
                ending = template.marker.match(text, position)
                if ending is not None:
                    self.tokens.append(("DBLQUOTE", ending.end() - 1))
                    return ending.end()
            found = match(text, position)
            if found is None:
                position = self._line_end_inside(position, template)
            elif found.lastindex == 1:
                position = self._template_text(found[1], position, template, strip)
                strip = False
            elif found.lastindex == 2:
                return self._open_sequence(position, template)
            else:
                self.tokens.append(("DBLQUOTE", position))
                return found.end()
        if template.style == "bare":
            self.tokens.append(("DBLQUOTE", len(text) - 1))
            return position
        if template.broken:
            return position
        raise unterminated(text, template.start, is_heredoc=template.marker is not None)

    def _line_end_inside(self, position: int, template: _Template) -> int:
        """Emit a fault for the first line end in a quoted text, note all of them; return where the next line begins."""
        start, end = position, position + 1
        if self._text[position] == "\\":
            self.invalid.append(bad_character(self._text, position))
        else:
            end += self._text.startswith("\r\n", position)
            self.line_ends.append((start, end))
        if not template.broken:
            template.broken = True
            summary = "Invalid string literal" if template.is_label else "Unterminated template string"
            detail = "No closing quote was found for the string that begins on this line."
            self._fault(mistake(summary, detail, start, end))
        return end

    def _template_text(self, raw: str, start: int, template: _Template, strip: bool) -> int:
        end = start + len(raw)
        template.at_line_start = raw.endswith("\n")
        try:
            unescaped = unescape_quoted(raw, start) if template.style == "quoted" else unescape_line(raw)
        except Mistake as problem:
            self._fault(problem)
            return end
        self.tokens.append(("TEXT", (STRING, start, end, unescaped.lstrip(SPACES) if strip else unescaped)))
        return end

    def _open_sequence(self, start: int, template: _Template) -> int:
        """Emit `${` or `%{`; return where to go on."""
        position = start + 2
        if self._text.startswith("~", position):
            position += 1
            self._strip_last_text()
        template.at_line_start = False
        self._enter(start, "}", LOOSE, template)
        is_directive = self._text[start] == "%"
        if is_directive:
            word = DIRECTIVE_WORD.match(self._text, start + 2)
            if word is not None:
                template.level = max(0, template.level + (1 if word[1] in ("if", "for") else -1))
        self.tokens.append(("DIRECTIVE_START" if is_directive else "INTERP_START", start))
        return position

    def _strip_last_text(self) -> None:
        kind, value = self.tokens[-1]
        if kind == "TEXT":
            self.tokens[-1] = (kind, (STRING, value[1], value[2], value[3].rstrip(SPACES)))

    def _bad_character(self, position: int) -> int:
        """Note a character that HCL does not know, and emit a token for it; return where to go on."""
        position = BLANKS.match(self._text, position).end()  # type: ignore[union-attr]
        if self._text.startswith("/*", position):
            raise mistake(
                "Unterminated comment",
                'There is no closing "*/" for this comment before the end of the file.',
                position,
                position + 2,
            )
        return self._invalid(position)

    def _invalid(self, position: int) -> int:
        self._bad_characters.note(self._text, position)
        self.tokens.append(("INVALID", position))
        return position + 1
