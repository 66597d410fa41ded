"""How long evaluation takes: `python -m benchmarks.evaluate [resources] [runs]`.

Prints the CPU seconds of evaluating every argument of a configuration in one scope, the median of some runs, and how
they grow from a tenth of the resources to all of them. Parsing is not counted. No two resources are alike: each has
eight arguments - a template, a reference to the one before, a list, arithmetic, an object with a call, a conditional,
a comparison and a plain text. The cyclic garbage collector is off, as it is while a command runs.
"""

import gc
import statistics
import sys
import time
from pathlib import Path

from engine.config.body import blocks_of
from engine.diagnostics import SourceFile
from engine.plan.scope import module_scope
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.parser import parse
from engine.syntax.scope import Scope


def configuration(count: int) -> str:
    """Return a file of `count` resources with eight arguments each, in chains of ten by reference."""
    blocks = []
    for number in range(count):
        before = f"terraform_data.r{number - 1}.output.name" if number % 10 else '"root"'
        blocks.append(
            f'resource "terraform_data" "r{number}" {{\n'
            f'  name    = "item-{number}-${{var.env}}"\n'
            f"  prev    = {before}\n"
            f'  tags    = ["a", "b", "c{number}"]\n'
            f"  size    = {number} * 2 + 1\n"
            "  nested  = {\n"
            "    enabled = true\n"
            f'    label   = upper("x{number}")\n'
            "  }\n"
            f'  tier    = var.env == "prod" ? "large" : "small-{number}"\n'
            f"  is_late = {number} >= 500\n"
            f'  note    = "number {number}"\n'
            "}\n"
        )
    return "\n".join(blocks)


def read(count: int) -> list[Expression]:
    """Return the expressions of all arguments of such a file."""
    source = SourceFile("main.hcl", configuration(count))
    blocks = blocks_of(parse(source), source)
    return [argument.expression for block in blocks for argument in block.arguments().values()]


def scope_for(count: int) -> Scope:
    """Return what names stand for, with the resources as they are after an apply."""
    scope = module_scope(Path(), {"env": "dev"}, None)
    scope.roots["terraform_data"] = {f"r{number}": {"output": {"name": f"item-{number}"}} for number in range(count)}
    return scope


def cpu_seconds(expressions: list[Expression], scope: Scope, times: int = 1) -> float:
    """Evaluate all expressions, so many times, and return the CPU seconds that it took."""
    begun = time.process_time()
    for _ in range(times):
        for expression in expressions:
            evaluate(expression, scope)
    return time.process_time() - begun


def main() -> None:
    """Measure and print."""
    count, runs = (int(argument) for argument in (*sys.argv[1:], *("10000", "9")[len(sys.argv) - 1 :]))
    gc.disable()
    tenth = count // 10
    few, many = (read(tenth), scope_for(tenth)), (read(count), scope_for(count))
    cpu_seconds(*few)  # compiles what is compiled at first use
    # By turns, and as many evaluations of either, so that other work on the machine meets both alike.
    pairs = [(cpu_seconds(*few, times=10), cpu_seconds(*many)) for _ in range(runs)]
    taken = [seconds for _, seconds in pairs]
    growth = statistics.median(10 * seconds / ten_times for ten_times, seconds in pairs)
    print(f"{count} resources, {len(many[0])} arguments, median of {runs} runs")
    print(f"evaluated  {statistics.median(taken):.3f} s CPU  (least {min(taken):.3f}; 10000 resources: at most 0.6)")
    print(f"growth     {growth:.1f} times the seconds for ten times the resources  (at most 12)")


if __name__ == "__main__":
    main()
