"""Replay recorded scenarios: each in a folder of its own, step by step, up to the first answer that is another.

A step writes files, runs one command, and says what has to hold afterwards. What its facets are compared by, `facets`
tells.
"""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import rtf.cli
from tests.conformance.scenarios import facets
from tests.conformance.scenarios.facets import Names
from tests.rtf.end_to_end.commands import Folder, Run, folder

PUBLIC = Path(__file__).parent / "public"

# For each expectation on words: the stream to look in, and whether they are to be there.
_WORDS = {
    "stdout_contains": ("out", True),
    "stderr_contains": ("err", True),
    "stdout_lacks": ("out", False),
    "stderr_lacks": ("err", False),
}

Step = Mapping[str, Any]


def scenarios(theme: str) -> list[str]:
    """Return the names of a theme's scenarios."""
    return sorted(path.name for path in PUBLIC.iterdir() if path.name.partition("-")[0] == theme)


def replay(name: str, directory: Path) -> str | None:
    """Return the first difference from what was recorded, or None."""
    steps = json.loads((PUBLIC / name / "scenario.json").read_text(encoding="utf-8"))["steps"]
    player = _Player(directory)
    try:
        for number, step in enumerate(steps, 1):
            found = player.play(step)
            if found:
                return f"step {number} ({' '.join(step.get('args', ['wait']))}): {found}"
    finally:
        player.end()
    return None


class _Player:
    """The folder of one scenario, and what its steps have left."""

    def __init__(self, directory: Path) -> None:
        self._here = folder(directory, LC_ALL="C.UTF-8", TZ="UTC", CHECKPOINT_DISABLE="1")
        self._names = Names(directory.resolve())
        self._background: subprocess.Popen[str] | None = None

    def end(self) -> None:
        if self._background is not None:
            self._background.kill()
            self._background.communicate()

    def play(self, step: Step) -> str | None:
        """Do one step and return the first difference, or None."""
        for name, content in (step.get("files") or {}).items():
            _write(self._here.path / name, content)
        expected = step["expect"]
        if "background" in step:
            self._start(step)
            return None
        run = self._run(step)
        if run.status != expected["exit"]:
            return f"exit {run.status}, not {expected['exit']}: {facets.squeezed(run.err)[:200]}"
        seen = _Seen(self._here, self._names, step, run)
        for facet, wanted in expected.items():
            found = _words(run, facet, wanted) if facet in _WORDS else difference(wanted, seen.facet(facet))
            if found:
                return f"{facet}: {found}"
        return None

    def _run(self, step: Step) -> Run:
        if "wait" in step and self._background is not None:
            out, err = self._background.communicate(timeout=60)
            return Run(self._background.returncode, out, err)
        run = _run_command(self._here, step["args"], step.get("stdin", ""), step.get("env", {}))
        if "stdout_to" in step:
            _write(self._here.path / step["stdout_to"], run.out)
        return run

    def _start(self, step: Step) -> None:
        """Start a command and go on as soon as it has made the file that the step names."""
        self._background = self._here.start(*step["args"])
        made = self._here.path / step["background"]
        while not made.exists() and self._background.poll() is None:
            try:
                self._background.wait(0.02)
            except subprocess.TimeoutExpired:
                continue


class _Seen:
    """What can be seen after a step: the facets are looked up one by one, because they take commands of their own."""

    def __init__(self, here: Folder, names: Names, step: Step, run: Run) -> None:
        self._here, self._names, self._step, self._run = here, names, step, run

    def facet(self, name: str) -> Any:
        run, names = self._run, self._names
        match name:
            case "exit":
                return run.status
            case "error_summaries" | "warning_summaries" | "error_at":
                return self._problems(name)
            case "plan":
                return names.tree(facets.plan(self._plan_file()))
            case "planned_values":
                return names.tree(facets.values(self._plan_file().get("planned_values")))
            case "prior_state":
                return names.tree(facets.values(self._plan_file().get("prior_state", {}).get("values")))
            case "configuration":
                return names.tree(self._plan_file().get("configuration"))
            case "state":
                return names.tree(facets.state(self._asked("show", "-json")))
            case "outputs":
                return names.tree(self._asked("output", "-json"))
            case "raw":
                return self._state_file()
            case "validate":
                return names.tree(facets.validation(_object(run.out)))
            case "files" | "files_sorted" | "exists":
                return {path: self._file(name, self._here.path / path) for path in self._step["watch"]}
        return self._output(name)

    def _output(self, name: str) -> Any:
        run, names = self._run, self._names
        match name:
            case "stdout":
                return names.text(facets.without_boxes(run.out))
            case "stdout_lines":
                return sorted(names.text(facets.without_boxes(run.out)).splitlines())
            case "stderr":
                return names.text(facets.without_colours(run.err))
            case "stdout_json":
                return names.tree(facets.unversioned(facets.document(run.out)))
            case "stream":
                return names.tree(facets.stream(run.out), numbered=False)
            case "stream_set":
                told = names.tree(facets.stream(run.out), numbered=False)
                return sorted(told, key=lambda message: json.dumps(message, sort_keys=True))
            case "graph":
                return facets.graph(run.out)
        raise AssertionError(f"no facet is called {name}")

    def _problems(self, name: str) -> list[str]:
        severity = "warning" if name == "warning_summaries" else "error"
        found = [problem for problem in facets.problems(self._run.out, self._run.err) if problem[0] == severity]
        if name == "error_at":
            return sorted(self._names.text(f"{place} {summary}") for _, summary, place in found if place)
        return sorted(self._names.text(summary) for _, summary, _ in found)

    def _plan_file(self) -> dict[str, Any]:
        arguments = self._step["args"]
        written = next(argument for argument in arguments if re.match("--?out", argument))
        name = written.partition("=")[2] or arguments[arguments.index(written) + 1]
        return self._asked("show", "-json", name)

    def _asked(self, *arguments: str) -> dict[str, Any]:
        return _object(self._here.run(*arguments).out)

    def _state_file(self) -> Any:
        run = self._here.run("state", "pull")
        if run.status == 0 and not run.out.strip():
            return None
        return self._names.state(_object(run.out))

    def _file(self, facet: str, path: Path) -> Any:
        if facet == "exists" or not path.exists():
            return path.exists() if facet == "exists" else None
        text = self._names.text(path.read_bytes().decode(errors="replace"))
        return sorted(text.splitlines()) if facet == "files_sorted" else text


def _run_command(here: Folder, arguments: list[str], typed: str, variables: Mapping[str, str]) -> Run:
    """Run one command with an input that is bytes, as in a pipe."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(here.path),
        patch.dict(os.environ, {**here.environment, **variables}, clear=True),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8")),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        status = rtf.cli.run(arguments)
    return Run(status, out.getvalue(), err.getvalue())


def _object(text: str) -> dict[str, Any]:
    """Return the JSON object that a text is; an empty one says enough when it is none."""
    found = facets.document(text)
    return found if isinstance(found, dict) else {}


def _words(run: Run, name: str, wanted: list[str]) -> str | None:
    stream, expected = _WORDS[name]
    told = facets.named(facets.squeezed(getattr(run, stream)))
    for words in wanted:
        if (facets.named(facets.squeezed(words)) in told) != expected:
            return repr(words)
    return None


def difference(wanted: Any, got: Any, path: str = "") -> str | None:
    """Return the first place where two JSON values differ, or None. `true` is not 1."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key in sorted(wanted.keys() | got.keys()):
            here = f"{path}.{key}"
            if key not in wanted or key not in got:
                return f"{here} is {'missing' if key in wanted else 'too much'}"
            if found := difference(wanted[key], got[key], here):
                return found
        return None
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        pairs = enumerate(zip(wanted, got, strict=True))
        return next((found for i, (a, b) in pairs if (found := difference(a, b, f"{path}[{i}]"))), None)
    if wanted == got and isinstance(wanted, bool) == isinstance(got, bool):
        return None
    if isinstance(wanted, str) and isinstance(got, str) and facets.named(wanted) == facets.named(got):
        return None
    return f"{path} is {json.dumps(got)[:300]}, not {json.dumps(wanted)[:300]}"


def _write(path: Path, content: Any) -> None:
    """Write a file; None removes what is there."""
    if content is None:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content, indent=2) + "\n"
    path.write_text(text, encoding="utf-8", newline="")
