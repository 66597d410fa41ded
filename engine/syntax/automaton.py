"""The loop that runs the parse tables over tokens and has the actions build the tree."""

from collections.abc import Iterator
from functools import cache
from sys import intern
from typing import Any, Final

from engine.syntax.actions import action_for
from engine.syntax.bodies import Action
from engine.syntax.lexer import Token
from engine.syntax.tables import Compiled, available_tables

# An action up to this one reduces a production that passes its only value on: no value changes, only the state.
_UNIT: Final = -10_000


class Unexpected(Exception):
    """A token that no production has a place for. Holds what was read of the things around it."""

    def __init__(self, start: str, symbols: list[str], values: list[Any], token: Token, wants: bool) -> None:
        super().__init__(token[0])
        self.start = start  # what the whole was to be
        self.symbols = symbols  # of the grammar, outermost first; `values` are theirs
        self.values = values
        self.token = token
        self.wants_expression = wants


class Automaton:
    """Tables with their actions. Raises KeyError for productions that nobody knows."""

    __slots__ = ("_accepting", "_actions", "_chains", "_entering", "_origins", "_rows", "_starts")

    def __init__(self, compiled: Compiled) -> None:
        symbols = [intern(symbol) for symbol in compiled["symbols"]]
        self._origins: list[str] = []
        self._actions: list[tuple[int, str, Action]] = []
        units: dict[int, int] = {}
        for rule, (origin, name, parts) in enumerate(compiled["rules"]):
            expansion = tuple([symbols[part] for part in parts])
            action = action_for(symbols[origin], symbols[name], expansion)
            if action is None:
                units[~rule] = ~rule + _UNIT
            self._origins.append(symbols[origin])
            self._actions.append((len(parts), symbols[origin], action or _no_action))
        self._rows: list[dict[str, int]] = [
            {symbols[row[i]]: units.get(row[i + 1], row[i + 1]) for i in range(0, len(row), 2)}
            for row in compiled["rows"]
        ]
        self._entering: list[str] = ["" if number < 0 else symbols[number] for number in compiled["entering"]]
        self._starts: dict[str, int] = compiled["starts"]
        self._accepting = {start: self._rows[state][start] for start, state in self._starts.items()}
        # Where a chain of unit productions ends, by the state below, the state at its start and the next token.
        self._chains: dict[tuple[int, int, str], int] = {}

    def run(self, tokens: Iterator[Token], start: str) -> Any:
        """Return the value of the tokens as the symbol `start`. Raises Unexpected, and Mistake from actions."""
        rows, actions, chains = self._rows, self._actions, self._chains
        top = self._starts[start]
        accepting = self._accepting[start]
        states = [top]
        values: list[Any] = []
        for token in tokens:
            kind, value = token
            while True:
                action = rows[top].get(kind)
                if action is None:
                    if top == accepting and kind == "$END":
                        return values[0]
                    raise self._unexpected(start, states, values, token)
                if action >= 0:
                    top = action
                    states.append(top)
                    values.append(value)
                    break
                if action <= _UNIT:
                    try:
                        top = chains[states[-2], top, kind]
                    except KeyError:
                        top = self._follow_chain((states[-2], top, kind))
                    states[-1] = top
                    continue
                length, origin, build = actions[~action]
                if length:
                    result = build(values[-length:])
                    del values[-length:], states[-length:]
                else:
                    result = build([])
                top = rows[states[-1]][origin]
                states.append(top)
                values.append(result)
        raise AssertionError("tokens end with $END")

    def _follow_chain(self, key: tuple[int, int, str]) -> int:
        below, top, kind = key
        while (action := self._rows[top].get(kind, 0)) <= _UNIT:
            top = self._rows[below][self._origins[~(action - _UNIT)]]
        self._chains[key] = top
        return top

    def _unexpected(self, start: str, states: list[int], values: list[Any], token: Token) -> Unexpected:
        symbols = [self._entering[state] for state in states[1:]]
        return Unexpected(start, symbols, values, token, "expr_term" in self._rows[states[-1]])


def _no_action(values: list[Any]) -> Any:
    """Stand in for the action of a unit production, which the loop never calls."""
    return values[0]


@cache
def load_automaton() -> Automaton:
    """Return the automaton of the best tables there are."""
    for compiled in available_tables():
        try:
            return Automaton(compiled)
        except (KeyError, ValueError, IndexError):
            continue  # a grammar with productions that our actions do not know
    raise RuntimeError("The installation is damaged: the parse tables are missing. Install rtf anew.")
