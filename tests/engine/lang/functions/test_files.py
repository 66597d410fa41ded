"""Functions that read files, over real files in a directory of their own."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.lang.function import Function, FunctionError
from engine.lang.functions import files, templates
from engine.lang.types import STRING
from engine.lang.values import NULL, MapValue, Unknown, Value, type_of
from tests.engine.lang.describing import call, describe, failure, secret

NO_UTF8 = (
    'contents of "binary" are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents or '
    "the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead"
)


def render(text: str, name: str, variables: Mapping[str, Value]) -> Value:
    return {"text": text, "name": name, "variables": dict(variables)}


@pytest.fixture
def functions(tmp_path: Path) -> Mapping[str, Function]:
    (tmp_path / "crlf").write_bytes(b"a\r\nb\n")
    (tmp_path / "accent").write_text("e\u0301")
    (tmp_path / "binary").write_bytes(b"\xff\x00")
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    built = (*files.file_functions(tmp_path), *templates.template_functions(tmp_path, render))
    return {function.name: function for function in built}


@pytest.mark.parametrize(("path", "text"), [
    pytest.param("crlf", "a\r\nb\n", id="line ends as they are"),
    pytest.param("./folder/../crlf", "a\r\nb\n", id="a way round"),
    pytest.param("accent", "é", id="in NFC"),
    pytest.param("empty", "", id="empty"),
])  # fmt: skip
def test_file_gives_the_text(functions: Mapping[str, Function], path: str, text: str) -> None:
    assert call(functions["file"], path) == text


def test_file_takes_an_absolute_path(functions: Mapping[str, Function], tmp_path: Path) -> None:
    assert call(functions["file"], str(tmp_path / "crlf")) == "a\r\nb\n"


def test_file_finds_the_home_directory(
    functions: Mapping[str, Function], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert call(functions["file"], "~/crlf") == "a\r\nb\n"


@pytest.mark.parametrize(("path", "message", "argument"), [
    pytest.param("binary", NO_UTF8, None, id="no text"),
    pytest.param("", "failed to read file: read .: is a directory", 0, id="the directory itself"),
    pytest.param("folder", "failed to read file: read folder: is a directory", 0, id="a directory"),
    pytest.param("pipe", "failed to read file: read pipe: is not a regular file", 0, id="a pipe"),
    pytest.param("/dev/zero", "failed to read file: read /dev/zero: is not a regular file", 0, id="a device"),
    pytest.param("~nobody/x", "failed to expand ~: cannot expand user-specific home dir", 0, id="another home"),
    pytest.param("a\0b", 'failed to open file "a\0b": embedded null byte', 0, id="no path"),
    pytest.param(NULL, "argument must not be null", 0, id="null"),
    pytest.param(("crlf",), "string required", 0, id="a tuple"),
])  # fmt: skip
def test_file_reads_nothing_but_text_files(
    functions: Mapping[str, Function], path: Value, message: str, argument: int | None
) -> None:
    assert failure(functions["file"], path) == (message, argument)


def test_file_says_that_there_is_none(functions: Mapping[str, Function]) -> None:
    message, argument = failure(functions["file"], "folder/../nope")
    assert message.startswith('no file exists at "nope"; this function works only with files')
    assert argument == 0


def test_file_does_not_tell_a_secret_path(functions: Mapping[str, Function]) -> None:
    message, _ = failure(functions["file"], secret("nope"))
    assert message.startswith("no file exists at (sensitive value); ")


def test_file_is_bounded(functions: Mapping[str, Function], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_SIZE", 1024 * 1024)
    with (tmp_path / "large").open("wb") as stream:
        stream.truncate(1024 * 1024 + 1)
    assert failure(functions["file"], "large") == ('the file "large" is larger than 1 MiB', 0)


@pytest.mark.parametrize(("path", "expected"), [
    pytest.param(secret("crlf"), secret("a\r\nb\n"), id="secret"),
    pytest.param(Unknown(STRING), Unknown(STRING), id="unknown"),
])  # fmt: skip
def test_file_of_a_path_that_is(functions: Mapping[str, Function], path: Value, expected: Value) -> None:
    assert describe(call(functions["file"], path)) == describe(expected)


def test_templatefile_hands_text_name_and_variables_on(functions: Mapping[str, Function]) -> None:
    variables = {"a-b": 1, "é": secret("x"), "u": Unknown()}
    rendered = call(functions["templatefile"], "crlf", variables)
    assert describe(rendered) == describe({"text": "a\r\nb\n", "name": "crlf", "variables": variables})


def test_templatefile_takes_a_map_and_keeps_its_mark(functions: Mapping[str, Function]) -> None:
    rendered = call(functions["templatefile"], "empty", secret(MapValue(STRING, {"a": "x"})))
    assert describe(rendered) == describe(secret({"text": "", "name": "empty", "variables": {"a": "x"}}))


BAD_NAME = 'invalid template variable name "1a": must start with a letter, followed by zero or more letters, digits, and underscores'


@pytest.mark.parametrize(("variables", "message"), [
    pytest.param((), "invalid vars value: must be a map", id="a tuple"),
    pytest.param({"1a": 1}, BAD_NAME, id="no name"),
])  # fmt: skip
def test_templatefile_refuses_other_variables(
    functions: Mapping[str, Function], variables: Value, message: str
) -> None:
    assert failure(functions["templatefile"], "crlf", variables) == (message, 1)


def test_templatefile_inside_a_template_is_refused(functions: Mapping[str, Function]) -> None:
    inside = templates.functions_in_templates(functions)
    message, _ = failure(inside["templatefile"], "crlf", Unknown())
    assert message == "cannot recursively call templatefile from inside another template function"
    assert inside["file"] is functions["file"]


def test_an_error_of_the_template_reaches_the_caller(tmp_path: Path) -> None:
    def refuse(text: str, name: str, variables: Mapping[str, Value]) -> Value:
        raise FunctionError(f"{name}: {type_of(text)}", 1)

    (tmp_path / "x").touch()
    templatefile = templates.template_functions(tmp_path, refuse)[0]
    assert failure(templatefile, "x", {})[1] == 1


@pytest.mark.parametrize(("name", "path", "expected"), [
    pytest.param("filebase64", "binary", "/wA=", id="data that is no text"),
    pytest.param("filemd5", "empty", "d41d8cd98f00b204e9800998ecf8427e", id="a checksum in hexadecimal"),
    pytest.param("filebase64sha256", "empty", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", id="a checksum in Base64"),
    pytest.param("fileexists", "empty", True, id="a file that is there"),
    pytest.param("fileexists", "folder/nope", False, id="a file that is not there"),
    pytest.param("fileexists", "crlf/nope", False, id="a file below a file"),
])  # fmt: skip
def test_files_need_not_hold_text(functions: Mapping[str, Function], name: str, path: str, expected: Value) -> None:
    assert call(functions[name], path) == expected


@pytest.mark.parametrize(("name", "path", "message"), [
    pytest.param("filesha1", "nope", "open nope: no such file or directory", id="no file to hash"),
    pytest.param("filesha1", "folder", "read folder: is a directory", id="a directory to hash"),
    pytest.param("filesha1", "pipe", "read pipe: is not a regular file", id="a pipe to hash"),
    pytest.param("filesha1", "~nobody/x", "failed to expand ~: cannot expand user-specific home dir", id="another home"),
    pytest.param("fileexists", "folder/", '"folder" is a directory, not a file', id="a directory"),
    pytest.param("fileexists", "pipe", '"pipe" is a named pipe, not a regular file', id="a pipe"),
    pytest.param("fileexists", "/dev/null", '"/dev/null" is a device node, not a regular file', id="a device"),
])  # fmt: skip
def test_what_is_no_file_is_an_error_of_the_call(
    functions: Mapping[str, Function], name: str, path: str, message: str
) -> None:
    assert failure(functions[name], path) == (message, None)


@pytest.mark.parametrize(("name", "message"), [
    pytest.param("filesha1", "open (sensitive value): no such file or directory", id="of a file to hash"),
    pytest.param("filebase64", "no file exists at (sensitive value); ", id="of a file to read"),
])  # fmt: skip
def test_a_secret_path_is_not_told(functions: Mapping[str, Function], name: str, message: str) -> None:
    assert failure(functions[name], secret("nope"))[0].startswith(message)


def test_a_template_from_elsewhere_is_a_text(tmp_path: Path) -> None:
    _, templatestring = templates.template_functions(tmp_path, lambda text, name, variables: 5)
    assert call(templatestring, "${a}", {"a": 5}) == "5"
    _, templatestring = templates.template_functions(tmp_path, lambda text, name, variables: ())
    assert failure(templatestring, "${a}", {"a": ()}) == ("invalid template result: string required", None)
