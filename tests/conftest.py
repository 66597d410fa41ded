"""What all tests share: the switch that rewrites recorded outputs, and the figures told at the end of a run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite recorded outputs instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with the one recorded in a file, or record it with `--update-golden`."""
    update = bool(request.config.getoption("--update-golden"))

    def check(file: Path, text: str) -> None:
        if update:
            file.write_text(text, encoding="utf-8", newline="")
        assert text == file.read_bytes().decode()

    return check


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how much of what was recorded from Terraform comes out the same, from the rows that the tests have left."""
    if rows := _left(terminalreporter, "expressions"):
        terminalreporter.section("Recorded expressions")
        rows.append(("all", *(sum(column) for column in zip(*(row[1:] for row in rows), strict=True))))
        for group, passed, valid, rejected, summaries, errors in rows:
            told = f"errors rejected {rejected:4}/{errors:<4} with the same summary {summaries:4}/{errors:<4}"
            terminalreporter.write_line(f"{group:12} valid {passed:4}/{valid:<4} {told}")
    if rows := _left(terminalreporter, "scenarios"):
        terminalreporter.section("Recorded scenarios")
        rows.append(("all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
        for theme, passed, total in rows:
            terminalreporter.write_line(f"{theme:12} {passed:3}/{total}")


def _left(terminalreporter: pytest.TerminalReporter, kind: str) -> list[Any]:
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    return sorted(row for report in reports for name, row in report.user_properties if name == kind)
