import os
from pathlib import Path

import pytest

from engine.diagnostics import DiagnosticError
from rtf.workspaces import (
    Places,
    is_workspace_name,
    note_workspace,
    noted_workspace,
    selected_workspace,
)
from state.errors import StateUnavailable


@pytest.mark.parametrize("name", ["dev", "a-b_c.d~e", "1", "a$b&c+d=e:f@g", "..a", "a" * 255])
def test_a_workspace_may_be_called_what_a_url_need_not_escape(name: str) -> None:
    assert is_workspace_name(name)


@pytest.mark.parametrize("name", ["", ".", "..", "a b", "a/b", "/a", "é", "a\n", "a?", "a%", "a\x00", "a" * 256])
def test_a_workspace_may_not_be_called_anything_else(name: str) -> None:
    assert not is_workspace_name(name)


def test_the_default_workspace_is_selected_until_another_is(tmp_path: Path) -> None:
    data = tmp_path / ".terraform"
    assert selected_workspace(data) == "default"
    note_workspace(data, "dev")
    assert (data / "environment").read_bytes() == b"dev", "as Terraform writes it"
    assert selected_workspace(data) == noted_workspace(data) == "dev"


@pytest.mark.parametrize(("text", "name"), [("dev\n", "dev"), (" dev ", "dev"), ("", "default"), ("\n", "default")])
def test_the_note_is_read_as_terraform_reads_it(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / "environment").write_text(text)
    assert selected_workspace(tmp_path) == name


def test_the_environment_goes_before_the_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note_workspace(tmp_path, "dev")
    monkeypatch.setenv("TF_WORKSPACE", "ci")
    assert selected_workspace(tmp_path) == "ci"
    monkeypatch.setenv("TF_WORKSPACE", "")
    assert selected_workspace(tmp_path) == "dev"


@pytest.mark.parametrize("name", ["../../etc", "a/b", "\x1b[31m"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "environment").write_text(name)
    with pytest.raises(DiagnosticError, match="Invalid workspace name: "):
        selected_workspace(tmp_path)
    monkeypatch.setenv("TF_WORKSPACE", name)
    with pytest.raises(DiagnosticError, match="Invalid workspace name set using TF_WORKSPACE"):
        selected_workspace(tmp_path)


def test_a_note_that_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "environment")
    with pytest.raises(StateUnavailable):
        selected_workspace(tmp_path)


def test_each_workspace_has_a_folder_for_its_state(tmp_path: Path) -> None:
    places = Places(tmp_path / "terraform.tfstate", tmp_path / "terraform.tfstate.d")
    assert places.names() == ["default"]
    places.create("dev")
    places.create("ci")
    (tmp_path / "terraform.tfstate.d" / "a file").touch()
    (tmp_path / "terraform.tfstate.d" / "not a name").mkdir()
    assert places.names() == ["default", "ci", "dev"]
    assert places.state_of("default") == tmp_path / "terraform.tfstate"
    assert places.state_of("dev") == tmp_path / "terraform.tfstate.d" / "dev" / "terraform.tfstate"
    places.state_of("dev").write_text("{}")
    places.delete("dev")
    assert places.names() == ["default", "ci"]


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    places = Places(tmp_path / "terraform.tfstate", tmp_path / "terraform.tfstate.d")
    places.folder.write_text("a file")
    with pytest.raises(StateUnavailable, match="Failed to list"):
        places.names()
    with pytest.raises(StateUnavailable, match="Failed to create"):
        places.create("dev")
    with pytest.raises(DiagnosticError, match="Failed to delete the workspace"):
        places.delete("dev")
