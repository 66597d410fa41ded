import os
import socket
from pathlib import Path

import pytest

from engine.config.load import configuration_files, is_configuration, parse_files, read_module, read_source
from engine.diagnostics import DiagnosticError, Diagnostics
from tests.engine.config.texts import told


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("main.tf", True),
        ("main.hcl", True),
        ("main.tf.json", True),
        ("a b.tf", True),
        ("ünï.hcl", True),
        ("-.tf", True),
        (".tf", False),
        (".hidden.tf", False),
        ("main.tf~", False),
        ("#main.tf#", False),
        ("#main.tf", False),
        ("main.tftest.hcl", False),
        ("main.tfmock.hcl", False),
        ("a.pkr.hcl", False),
        ("a.drift.hcl", False),
        ("terragrunt.hcl", False),
        (".terraform.lock.hcl", False),
        ("terraform.tfvars", False),
        ("main.tfstate", False),
        ("main.TF", False),
        ("tf", False),
        ("main.json", False),
    ],
)
def test_files_of_a_module_are_known_by_their_names(name: str, counts: bool) -> None:
    assert is_configuration(name) is counts


def test_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.tf", "a.hcl", "c.tf", "notes.txt", "A.tf"):
        (tmp_path / name).write_text("")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "d.tf").write_text("")
    found = Diagnostics()
    assert [source.name for source in read_module(tmp_path, tmp_path, found)] == ["A.tf", "a.hcl", "b.tf", "c.tf"]
    assert told(found) == []


def test_names_outside_of_the_working_directory_are_told_in_full(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text("")
    base = tmp_path / "elsewhere"
    assert [source.name for source in read_module(tmp_path, base, Diagnostics())] == [str(tmp_path / "a.tf")]


def test_a_single_file_is_a_module_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("")
    (tmp_path / "two.tf").write_text("")
    assert configuration_files(tmp_path / "one.txt") == [tmp_path / "one.txt"]


def test_a_missing_module_is_told_with_one_that_is_called_much_the_same(tmp_path: Path) -> None:
    for name in ("quickstart.hcl", "quickstart.tfstate"):
        (tmp_path / name).write_text("")
    with pytest.raises(DiagnosticError, match=r'quickstat" does not exist.*Did you mean "quickstart.hcl"'):
        configuration_files(tmp_path / "quickstat")
    with pytest.raises(DiagnosticError, match="does not exist"):
        configuration_files(tmp_path / "no" / "such" / "place")


def test_a_module_with_an_impossible_name_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticError, match=r"Failed to read module.*name too long"):
        configuration_files(tmp_path / ("a" * 300))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(b"\xef\xbb\xbfa = 1\n", "a = 1\n", id="byte order mark"),
        pytest.param(b"a = 1\r\n", "a = 1\r\n", id="carriage returns stay"),
        pytest.param(b"", "", id="empty"),
        pytest.param("ü = 'x'".encode(), "ü = 'x'", id="not ASCII"),
    ],
)
def test_text_is_read_as_it_is(tmp_path: Path, content: bytes, text: str) -> None:
    (tmp_path / "a.tf").write_bytes(content)
    assert read_source(tmp_path / "a.tf", "a.tf").text == text


def test_a_file_that_is_not_utf_8_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_bytes(b'a = 1\nb = "\xff"\n')
    with pytest.raises(DiagnosticError, match=r"Invalid character encoding.*not UTF-8 text: line 2"):
        read_source(tmp_path / "a.tf", "a.tf")


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text("x" * 1001)
    with pytest.raises(DiagnosticError, match="1,001 bytes; at most 1,000"):
        read_source(tmp_path / "a.tf", "a.tf", limit=1000)


@pytest.mark.parametrize("kind", ["pipe", "device", "socket", "broken link", "link to itself"])
def test_what_is_no_file_is_not_opened(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "main.tf"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "socket":
            monkeypatch.chdir(tmp_path)
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind("main.tf")
        case "broken link":
            path.symlink_to(tmp_path / "gone")
        case _:
            path.symlink_to(path)
    found = Diagnostics()
    assert read_module(tmp_path, tmp_path, found) == []
    assert [item.summary for item in found] == ["Failed to read file"]


def test_a_folder_named_like_a_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "main.tf").mkdir()
    found = Diagnostics()
    assert read_module(tmp_path, tmp_path, found) == []
    assert told(found) == []


def test_every_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_bytes(b"\xff")
    os.mkfifo(tmp_path / "b.tf")
    (tmp_path / "c.tf").write_text("x = ")
    (tmp_path / "d.tf").write_text("locals {\n  a = ]\n}\n")
    found = Diagnostics()
    parse_files(read_module(tmp_path, tmp_path, found), found)
    assert len([item for item in found if "a.tf" in item.detail or "b.tf" in item.detail]) == 2
    assert {str(item.subject)[:4] for item in found if item.subject} == {"c.tf", "d.tf"}
