"""Tell at the end of a run how many of the recorded scenarios come out the same."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write a line for each theme, from the rows that its test has left."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    rows = sorted(row for report in reports for name, row in report.user_properties if name == "scenarios")
    if not rows:
        return
    terminalreporter.section("Recorded scenarios")
    for theme, passed, total in [*rows, ("all", sum(row[1] for row in rows), sum(row[2] for row in rows))]:
        terminalreporter.write_line(f"{theme:12} {passed:3}/{total}")
