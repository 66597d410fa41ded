"""How long an apply takes: `python -m benchmarks.apply [resources] [runs]`.

Prints the CPU seconds of a first apply of `terraform_data` resources, in a process of its own with all that it imports,
and how they grow from a quarter of the resources to all of them; then those of a plan that finds nothing to do. No two
resources are alike, and they stand in chains of ten by reference.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

COMMAND = [sys.executable, "-c", "from rtf.cli import main; main()"]


def configuration(count: int) -> str:
    """Return a file of `count` resources in chains of ten by reference."""
    blocks = []
    for number in range(count):
        before = f"terraform_data.r{number - 1}.output" if number % 10 else '"root"'
        blocks.append(
            f'resource "terraform_data" "r{number}" {{\n'
            f'  input            = {{ name = "item-{number}", size = {number} * 2 + 1 }}\n'
            f"  triggers_replace = {before}\n"
            "}\n"
        )
    return "\n".join(blocks)


def cpu_seconds(folder: Path, *arguments: str) -> float:
    """Run one command, which has to succeed, and return the CPU seconds of its process."""
    process = subprocess.Popen([*COMMAND, *arguments], cwd=folder, stdout=subprocess.DEVNULL, env=environment(folder))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"rtf {' '.join(arguments)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a command that finds no cache but its own."""
    return {**os.environ, "HOME": str(folder), "RTF_CACHE": "off"}


def measured(count: int) -> tuple[float, float]:
    """Return the CPU seconds of a first apply of so many resources, and of a plan after it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.hcl").write_text(configuration(count))
        return cpu_seconds(folder, "apply", "-auto-approve"), cpu_seconds(folder, "plan", "-detailed-exitcode")


def main() -> None:
    """Measure and print."""
    count, runs = (int(argument) for argument in (*sys.argv[1:], *("4000", "3")[len(sys.argv) - 1 :]))
    pairs = [(measured(count // 4), measured(count)) for _ in range(runs)]
    print(f"{count} resources, median of {runs} runs")
    for index, what in enumerate(("apply", "plan")):
        taken = statistics.median(many[index] for _, many in pairs)
        growth = statistics.median(many[index] / few[index] for few, many in pairs)
        print(f"{what:9}  {taken:.2f} s CPU, {growth:.1f} times those of {count // 4} resources  (at most 5)")


if __name__ == "__main__":
    main()
