"""Which files a pattern finds, and what the names of files say."""

import os
from pathlib import Path

import pytest

from engine.lang.function import Function
from engine.lang.functions import file_names
from engine.lang.types import STRING
from engine.lang.values import SetValue
from tests.engine.lang.describing import call, describe, failure


@pytest.fixture
def fileset(tmp_path: Path) -> Function:
    for name in ("a.txt", "b.md", ".dot", "sub/c.txt", "sub/deep/d.txt", "sub/[x].txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to("a.txt")
    (tmp_path / "sub" / "up").symlink_to("..")
    return file_names.fileset_function(tmp_path)


@pytest.mark.parametrize(("path", "pattern", "names"), [
    pytest.param(".", "*", [".dot", "a.txt", "b.md", "link.txt"], id="files, dot files and links, but no pipes"),
    pytest.param("", "**/*.txt", ["a.txt", "link.txt", "sub/[x].txt", "sub/c.txt", "sub/deep/d.txt"], id="everywhere"),
    pytest.param("sub", "**", ["[x].txt", "c.txt", "deep/d.txt"], id="everything below"),
    pytest.param("sub/deep", "../*.txt", ["../[x].txt", "../c.txt"], id="above"),
    pytest.param(".", "{a,b}.{txt,md}", ["a.txt", "b.md"], id="alternatives"),
    pytest.param(".", "[^a].*", ["b.md"], id="other characters"),
    pytest.param(".", "?.txt", ["a.txt"], id="one character"),
    pytest.param("sub", "\\[x\\].txt", ["[x].txt"], id="escaped"),
    pytest.param(".", "sub/up/a.txt", ["sub/up/a.txt"], id="through a link that is named"),
    pytest.param("nope", "*", [], id="no such directory"),
    pytest.param(".", "*.{txt", [], id="an open brace"),
])  # fmt: skip
def test_a_pattern_finds_files(fileset: Function, path: str, pattern: str, names: list[str]) -> None:
    assert describe(call(fileset, path, pattern)) == describe(SetValue(STRING, names))


@pytest.mark.parametrize("pattern", ["[", "[a-", "[]", "a\\", "{sub/c,a}.txt"])
def test_a_pattern_that_is_none_is_refused(fileset: Function, pattern: str) -> None:
    assert failure(fileset, "x", pattern) == (f'failed to glob pattern "x/{pattern}": syntax error in pattern', None)


def test_a_search_is_bounded(fileset: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_names, "_MAX_VISITED", 3)
    assert failure(fileset, ".", "**") == ("more than 3 files to look at", None)
    assert failure(fileset, ".", "a" * 5000) == ("the pattern has more than 4096 characters", None)


@pytest.mark.parametrize(("name", "path", "expected"), [
    ("basename", "a//b//", "b"), ("basename", "", "."), ("basename", "/", "/"), ("basename", "a/.", "."),
    ("dirname", "a/", "a"), ("dirname", "//a//b", "/a"), ("dirname", "../..", ".."), ("dirname", "", "."),
    ("dirname", "a/../b/c", "b"), ("pathexpand", "a/~", "a/~"), ("pathexpand", "", ""), ("abspath", "/a/../b", "/b"),
])  # fmt: skip
def test_a_path_has_parts(name: str, path: str, expected: str) -> None:
    assert call(name, path) == expected


def test_the_home_directory_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    assert call("pathexpand", "~/x") == "/home/somebody/x"
    assert failure("pathexpand", "~else/x") == ("cannot expand user-specific home dir", None)
