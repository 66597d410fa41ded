"""What is compared of a command's answers: texts and JSON documents without what differs from run to run.

The forms are those in which the scenarios were recorded; the recorded data tell their meaning.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_BOX = re.compile("\u2577\n(?:\u2502[^\n]*\n)*\u2575\n?")
_SUMMARY = re.compile(r"^[\s\u2502\u2577]*(Error|Warning): (.*?)\s*$")
_PLACE = re.compile(r"^[\s\u2502]*on (\S+) line (\d+)")
_PROGRAM = re.compile(r"\bTerraform\b|\bterraform(?= [a-z\[-])|(?<=Usage: )terraform\b")
_DOT_NAME = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SERIALS = {-1: "down", 0: "same", 1: "up"}

# A diagnostic as it is compared: its severity, its summary, and file and line where it has them.
Problem = tuple[str, str, str]


class Names:
    """Stands in for what a scenario's runs made up: ids are numbered as they appear, folders and times get a name."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._numbers: dict[str, int] = {}
        self._last_state: tuple[int, str] | None = None

    def text(self, value: str, numbered: bool = False) -> str:
        """Return a text with names in place of what was made up."""
        value = value.replace(str(self._directory), "<cwd>").replace(str(self._directory.parent), "<tmp>")
        value = _TIME.sub(lambda match: "<time>" if _is_recent(match[0]) else match[0], value)
        return _UUID.sub(lambda match: self._id(match[0]) if numbered else "<id>", value)

    def tree(self, value: Any, numbered: bool = True) -> Any:
        """Return JSON data with names in place of what was made up; keys are met in their order."""
        if isinstance(value, dict):
            return {self.text(key, numbered): self.tree(value[key], numbered) for key in sorted(value)}
        if isinstance(value, list):
            return [self.tree(item, numbered) for item in value]
        return self.text(value, numbered) if isinstance(value, str) else value

    def _id(self, uuid: str) -> str:
        return f"<id:{self._numbers.setdefault(uuid, len(self._numbers) + 1)}>"

    def state(self, document: dict[str, Any]) -> Any:
        """Return a state file's content; serial and lineage are told by how they follow on those seen before."""
        now = document["serial"], document["lineage"]
        last, self._last_state = self._last_state, now
        told = {"serial": "first", "lineage": "first"}
        if last is not None:
            told["serial"] = _SERIALS[(now[0] > last[0]) - (now[0] < last[0])]
            told["lineage"] = "same" if now[1] == last[1] else "other"
        kinds = ("module", "mode", "type", "name")
        resources = [_recorded_resource(resource) for resource in document.get("resources") or []]
        checks = [
            {**check, "objects": _sorted(check.get("objects") or [])} for check in document["check_results"] or []
        ]
        content = {
            "version": document.get("version"),
            "outputs": document.get("outputs"),
            "resources": sorted(resources, key=lambda item: [item.get(kind, "") for kind in kinds]),
            "check_results": _checks(checks),
        }
        return self.tree(told | content)


def _is_recent(text: str) -> bool:
    """Return whether a time is near the present, so that it was taken during the run and not written by somebody."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return abs(datetime.now(UTC) - moment) < timedelta(days=2)


def _recorded_resource(resource: dict[str, Any]) -> dict[str, Any]:
    instances = [_recorded_instance(instance) for instance in resource.get("instances") or []]
    return {**resource, "instances": sorted(instances, key=_by_key)}


def _by_key(instance: Mapping[str, Any]) -> tuple[str, ...]:
    key = instance.get("index_key")
    return str(type(key)), "" if key is None and "index_key" not in instance else str(key), instance.get("deposed", "")


def _recorded_instance(instance: dict[str, Any]) -> dict[str, Any]:
    told = dict(instance)
    if "dependencies" in told:
        told["dependencies"] = sorted(told["dependencies"])
    if "sensitive_attributes" in told:
        told["sensitive_attributes"] = _sorted(told["sensitive_attributes"] or [])
    if "deposed" in told:
        told["deposed"] = "<deposed>"
    return told


# ---------------------------------------------------------------- texts


def without_colours(text: str) -> str:
    return _COLOUR.sub("", text)


def without_boxes(text: str) -> str:
    """Return a text without colours and without the diagnostics in it, which are compared by themselves."""
    return _BOX.sub("", without_colours(text))


def squeezed(text: str) -> str:
    """Return the words of a text, one blank between them: lines may be broken elsewhere."""
    return " ".join(re.sub("[\u2500-\u257f]", " ", without_colours(text)).split())


def named(text: str) -> str:
    """Return a text in which the program has one name, whether it is Terraform's own or ours.

    The program is meant by `Terraform`, by `terraform` before the words of a command line, and after `Usage:`.
    """
    return _PROGRAM.sub("rtf", text)


def problems(out: str, err: str) -> list[Problem]:
    """Return the diagnostics that a command told, written for people or for machines."""
    found = [problem for problem in _written(err) if problem[0] == "error"]
    found += [problem for problem in _written(f"{out}\n{err}") if problem[0] == "warning"]
    return found + [
        (diagnostic["severity"], _summary(diagnostic["summary"]), _place(diagnostic))
        for diagnostic in _diagnostics(out)
    ]


def _written(text: str) -> list[Problem]:
    found: list[Problem] = []
    for line in without_colours(text).splitlines():
        summary, place = _SUMMARY.match(line), _PLACE.match(line)
        if summary:
            found.append((summary[1].lower(), _summary(summary[2]), ""))
        elif place and found and not found[-1][2]:
            found[-1] = (*found[-1][:2], f"{place[1]}:{place[2]}")
    return found


def _summary(text: str) -> str:
    head, colon, names = text.partition("Cycle: ")
    return head + colon + ", ".join(sorted(names.split(", "))) if colon and not head else text


def _place(diagnostic: dict[str, Any]) -> str:
    found = diagnostic.get("range")
    return f"{found['filename']}:{found['start']['line']}" if found else ""


def _diagnostics(out: str) -> list[dict[str, Any]]:
    """Return the diagnostics in JSON output, be it lines of messages or one document."""
    found: list[dict[str, Any]] = []
    for message in messages(out):
        found += message.get("diagnostics") or [message["diagnostic"]] if _has_diagnostic(message) else []
    return found


def _has_diagnostic(message: dict[str, Any]) -> bool:
    return bool(message.get("diagnostics") or message.get("diagnostic"))


def messages(out: str) -> list[dict[str, Any]]:
    """Return the JSON objects of an output: one document, or one to a line."""
    whole = document(out)
    candidates = [whole] if isinstance(whole, dict) else [document(line) for line in out.splitlines()]
    return [message for message in candidates if isinstance(message, dict)]


def document(text: str) -> Any:
    """Return the JSON value that a text is, or a word that tells that it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return f"not JSON: {text[:200]}"


# ---------------------------------------------------------------- JSON documents


def plan(content: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        key: content[key] for key in ("applyable", "complete", "errored", "variables") if key in content
    }
    for name in ("resource_changes", "resource_drift"):
        told[name] = sorted(content.get(name) or [], key=lambda change: (change["address"], change.get("deposed", "")))
    return {**told, "output_changes": content.get("output_changes") or {}, "checks": _checks(content.get("checks"))}


def values(content: Any) -> Any:
    """Return the values of a plan or state; modules and resources have no order."""
    if not isinstance(content, dict) or "root_module" not in content:
        return content
    return {**content, "root_module": _module(content["root_module"])}


def state(content: dict[str, Any]) -> dict[str, Any]:
    return {"values": values(content.get("values")), "checks": _checks(content.get("checks"))}


def _module(content: dict[str, Any]) -> dict[str, Any]:
    told = dict(content)
    if "resources" in told:
        told["resources"] = sorted(told["resources"], key=lambda item: (item["address"], item.get("deposed_key", "")))
    if "child_modules" in told:
        told["child_modules"] = sorted(map(_module, told["child_modules"]), key=lambda module: str(module["address"]))
    return told


def _checks(checks: Iterable[dict[str, Any]] | None) -> list[Any]:
    return _sorted(
        {**check, "instances": _sorted(check["instances"])} if check.get("instances") else check
        for check in checks or []
    )


def _sorted(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


def validation(content: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {key: content.get(key) for key in ("valid", "error_count", "warning_count")}
    return {**told, "diagnostics": _sorted(map(_brief, content.get("diagnostics") or []))}


def _brief(diagnostic: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"severity": diagnostic["severity"], "summary": _summary(diagnostic["summary"])}
    place = diagnostic.get("range")
    if place:
        ends = {end: {axis: place[end][axis] for axis in ("line", "column")} for end in ("start", "end")}
        told["range"] = {"filename": place["filename"], **ends}
    if diagnostic.get("address"):
        told["address"] = diagnostic["address"]
    return told


def stream(out: str) -> list[dict[str, Any]]:
    """Return the messages of a machine-readable run, without times and details."""
    return [_message(message) for message in messages(out)]


def _message(message: dict[str, Any]) -> dict[str, Any]:
    if message.get("type") == "version":
        return {key: message.get(key) for key in ("type", "@level", "ui")}
    told = {key: value for key, value in message.items() if key not in ("@timestamp", "@module")}
    changed: dict[str, Callable[[Any], Any]] = {
        "diagnostic": _brief,
        "diagnostics": lambda found: list(map(_brief, found)),
        "hook": lambda hook: {key: value for key, value in hook.items() if key != "elapsed_seconds"},
        "test_run": lambda run: {key: value for key, value in run.items() if key != "elapsed"},
    }
    for name in told.keys() & changed.keys():
        told[name] = changed[name](told[name])
    if "diagnostic" in told:
        told["@message"] = _summary(told["@message"])
    told["@message"] = re.sub(r"\b\d+s\b", "<n>s", told.get("@message", ""))
    return told


def graph(out: str) -> dict[str, list[str]]:
    """Return the nodes and edges of a graph in DOT."""
    nodes, edges = set(), set()
    for line in re.sub(r'\[label="[^"]*"[^\]]*\]', "", out).splitlines():
        names = [name.replace('\\"', '"') for name in _DOT_NAME.findall(line)]
        if "->" in line and len(names) == 2:
            edges.add(" -> ".join(names))
        if names:
            nodes.update(names)
    return {"nodes": sorted(nodes), "edges": sorted(edges)}


def unversioned(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    return {
        key: f"<{key}>" if key in ("terraform_version", "timestamp", "platform") else content[key] for key in content
    }
