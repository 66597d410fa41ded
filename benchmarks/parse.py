"""How long it takes from text to tree: `python benchmarks/parse.py [resources] [runs]`.

Prints the CPU seconds of one fresh process per run, its median: "cold" imports, loads the tables and parses; "warm"
finds the tree in the cache; "bare" is the interpreter alone, which both contain. The cyclic garbage collector is off,
as it is while a command runs. CPU seconds, not wall seconds: other work on the machine hardly counts.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

COLD = """
import gc; gc.disable()
from engine.diagnostics import SourceFile
from engine.syntax.parser import parse
parse(SourceFile("main.hcl", open({path!r}, encoding="utf-8", newline="").read()))
"""
WARM = """
import gc; gc.disable()
from engine.diagnostics import SourceFile
from engine.syntax.tree_cache import parse_cached
parse_cached(SourceFile("main.hcl", open({path!r}, encoding="utf-8", newline="").read()))
"""


def configuration(count: int) -> str:
    """Return a file of `count` blocks, no two alike, in chains of ten by reference."""
    blocks = ['variable "env" {\n  default = "dev"\n}\n']
    for number in range(count):
        before = f"terraform_data.r{number - 1}.output.name" if number % 10 else '"root"'
        blocks.append(
            f'resource "terraform_data" "r{number}" {{\n'
            "  input = {\n"
            f'    name = "item-{number}-${{var.env}}"\n'
            f"    prev = {before}\n"
            f'    tags = ["a", "b", "c{number}"]\n'
            f"    size = {number} * 2 + 1\n"
            "    nested = {\n"
            "      enabled = true\n"
            f'      label   = upper("x{number}")\n'
            "    }\n"
            "  }\n"
            "}\n"
        )
    return "\n".join(blocks)


def cpu_seconds(code: str, environment: dict[str, str]) -> float:
    """Run code in a fresh interpreter and return the CPU seconds of that process, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Measure and print."""
    count, runs = (int(argument) for argument in (*sys.argv[1:], *("1000", "9")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "main.hcl")
        path.write_text(configuration(count), encoding="utf-8")
        root = str(Path(__file__).parents[1])
        environment = {**os.environ, "XDG_CACHE_HOME": directory, "PYTHONPATH": root, "RTF_CACHE": "on"}
        cases = {
            "bare": ("pass", environment),
            "cold": (COLD.format(path=str(path)), environment),
            "warm": (WARM.format(path=str(path)), environment),
        }
        for code, variables in cases.values():
            cpu_seconds(code, variables)  # compile the modules, fill the cache
        taken: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(runs):
            for name, (code, variables) in cases.items():
                taken[name].append(cpu_seconds(code, variables))
        size = path.stat().st_size
    print(f"{count} blocks, {size / 1000:.0f} KB, median of {runs} runs")
    for name, seconds in taken.items():
        print(f"{name}  {statistics.median(seconds):.3f} s CPU  (least {min(seconds):.3f})")


if __name__ == "__main__":
    main()
