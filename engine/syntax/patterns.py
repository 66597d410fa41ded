"""What tokens look like. The lexer decides which pattern is tried where."""

import re
from typing import Final

# Letters, "_" and all beyond ASCII, then also digits and "-". Written as what they are not: the regular expression
# compiler takes 4 ms for each class that names the whole of Unicode.
NAME: Final = r"[^\x00-@\[-^`{-\x7f][^\x00-,./:-@\[-^`{-\x7f]*+"
COMMENT: Final = r"\#[^\n]*+|//[^\n]*+|/\*(?s:.*?)\*/"
DIGITS: Final = r"[0-9](?:\.*+(?:[0-9]|[eE][+-]?[0-9]))*+"  # whatever looks like a number, as HCL has it

# Possessive throughout: no text makes it try again. The numbers below are those of the groups.
TOKEN: Final = re.compile(
    rf"""[ \t]*+(?:
      ({NAME}(?:\.{NAME})*+)((?:[ \t]*+::[ \t]*+{NAME})++)?+
    | ((?:\r?\n[ \t]*+)++)
    | (=)(?![=>])
    | "((?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{{|%%\{{|[$%](?!\{{))*+)"
    | ({DIGITS})
    | (,)
    | (\[[ \t]*+\*[ \t]*+\])
    | ([\[({{])
    | ([\])}}]|~\}})
    | (\.(?!\.\.))
    | ({COMMENT})
    | (<<-?{NAME}\r?\n)
    | (==|!=|<=|>=|&&|\|\||=>|\.\.\.|[?:+*%<>!-]|/(?!\*))
    | (")
    )""",
    re.VERBOSE,
)
WORD_GROUP, QUALIFIED_GROUP, NEWLINE_GROUP, EQUALS_GROUP, PLAIN_GROUP = range(1, 6)
NUMBER_GROUP, COMMA_GROUP, SPLAT_GROUP, OPENER_GROUP, CLOSER_GROUP = range(6, 11)
DOT_GROUP, BLANK_GROUP, HEREDOC_GROUP, OPERATOR_GROUP, QUOTE_GROUP = range(11, 16)

QUOTED_PART: Final = re.compile(
    r'((?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))++)|((?:\$|%)\{)|(")',
)
LINE_PART: Final = re.compile(r"((?:[^$%\n]++|\$\$\{|%%\{|[$%](?!\{))++\n?+|\n)|((?:\$|%)\{)")
DIRECTIVE_WORD: Final = re.compile(r"~?\s*+(if|for|endif|endfor)(?![-\w])")
FOR: Final = re.compile(rf"(?:[ \t\r\n]|{COMMENT})*+for(?![-\w])")
BLANKS: Final = re.compile(r"(?:[ \t]|/\*(?s:.*?)\*/)*+")
BLANKS_AND_LINES: Final = re.compile(rf"(?:[ \t\r\n]|{COMMENT})*+")
STEP: Final = re.compile(rf"({NAME})|({DIGITS})|\*")
VALID_NUMBER: Final = re.compile(r"[0-9]++(?:\.[0-9]*+)?+(?:[eE][+-]?[0-9]++)?+")
PARENTHESIS: Final = re.compile(r"[ \t]*+\(")

OPERATORS: Final = {
    "==": "DOUBLE_EQ",
    "!=": "NEQ",
    "<": "LT",
    ">": "GT",
    "<=": "LEQ",
    ">=": "GEQ",
    "+": "PLUS",
    "-": "MINUS",
    "*": "ASTERISK",
    "/": "SLASH",
    "%": "PERCENT",
    "&&": "DOUBLE_AMP",
    "||": "DOUBLE_PIPE",
    "!": "NOT",
    "?": "QMARK",
    ":": "COLON",
    "=>": "FOR_OBJECT_ARROW",
    "...": "ELLIPSIS",
}
BRACKETS: Final = {"(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB", "{": "LBRACE", "}": "RBRACE"}
CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
WORDS: Final = {"in": "IN", "for": "FOR", "if": "IF", "else": "ELSE", "endif": "ENDIF", "endfor": "ENDFOR"}
LITERALS: Final = {"true": True, "false": False, "null": None}
SPECIAL: Final = frozenset({*WORDS, *LITERALS})
# What a block's type and labels end in; an opening brace after anything else begins an object.
HEADER: Final = frozenset({"NAME", "STRING", "DBLQUOTE", "LITERAL", *WORDS.values()})
