import json
from pathlib import Path

import pytest

from engine.diagnostics import DiagnosticError
from rtf.storage import Record, Settings, backend_block, block_settings, hash_of, places_of, read_record, write_record
from rtf.workspace import Root, find_root
from rtf.workspaces import Places
from state.errors import StateUnavailable


def root(tmp_path: Path, *arguments: str, record: Record | None = None) -> Root:
    """Return a root module whose backend block has these arguments, and whose data directory has the record."""
    lines = "".join(f"    {line}\n" for line in arguments)
    (tmp_path / "main.tf").write_text(f'terraform {{\n  backend "local" {{\n{lines}  }}\n}}\n')
    found = find_root(tmp_path)
    write_record(found.data, record)
    return found


def recorded(**settings: str) -> Record:
    return Record("local", Settings(**settings), hash_of(Settings(**settings)))


@pytest.mark.parametrize(
    ("settings", "number"),
    [  # what Terraform 1.11.4 wrote
        (Settings(), 666019178),
        (Settings("a.tfstate"), 2985648108),
        (Settings("b.tfstate"), 2554194718),
        (Settings("y.tfstate", "wd"), 277969981),
    ],
)
def test_a_block_has_the_hash_that_terraform_gives_it(settings: Settings, number: int) -> None:
    assert hash_of(settings) == number


def test_a_record_is_written_as_terraform_writes_it(tmp_path: Path) -> None:
    write_record(tmp_path, recorded(path="a.tfstate"))
    assert (tmp_path / "terraform.tfstate").read_text() == (
        '{\n  "version": 3,\n  "terraform_version": "1.11.4",\n  "backend": {\n    "type": "local",\n    "config": {\n'
        '      "path": "a.tfstate",\n      "workspace_dir": null\n    },\n    "hash": 2985648108\n  }\n}'
    )
    assert read_record(tmp_path) == recorded(path="a.tfstate")
    write_record(tmp_path, None)
    assert read_record(tmp_path) is None


def test_no_record_is_made_of_no_backend(tmp_path: Path) -> None:
    write_record(tmp_path / "new", None)
    assert not (tmp_path / "new").exists()


def test_the_backend_of_another_tool_is_read(tmp_path: Path) -> None:
    backend = {"type": "s3", "config": {"bucket": "b"}, "hash": 5}
    (tmp_path / "terraform.tfstate").write_text(json.dumps({"version": 3, "backend": backend}))
    assert read_record(tmp_path) == Record("s3", Settings(), 5)


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '"x"', '{"backend": []}', '{"backend": {"type": "local", "config": {"path": 5}}}',
     '{"backend": {"type": "local", "config": []}}', '{"backend": {"type": "local", "hash": "x"}}', "[" * 100_000, "\xff"],
)  # fmt: skip
def test_a_record_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "terraform.tfstate").write_text(text, encoding="latin-1")
    with pytest.raises(StateUnavailable, match="not what init writes"):
        read_record(tmp_path)


@pytest.mark.parametrize(
    ("record", "places"),
    [
        pytest.param({}, ("terraform.tfstate", "terraform.tfstate.d"), id="nothing set"),
        pytest.param({"path": "s/x.tfstate"}, ("s/x.tfstate", "terraform.tfstate.d"), id="path"),
        pytest.param({"path": "/x.tfstate", "workspace_dir": "w"}, ("/x.tfstate", "w"), id="both"),
    ],
)
def test_the_backend_says_where_states_are(tmp_path: Path, record: dict[str, str], places: tuple[str, str]) -> None:
    place = root(tmp_path, *(f'{name} = "{value}"' for name, value in record.items()), record=recorded(**record))
    assert places_of(place) == Places(tmp_path / places[0], tmp_path / places[1])


def test_what_init_set_besides_the_block_goes_on_to_hold(tmp_path: Path) -> None:
    record = Record("local", Settings("from-flags.tfstate"), hash_of(Settings()))
    assert places_of(root(tmp_path, record=record)).default == tmp_path / "from-flags.tfstate"


def test_a_block_may_say_in_other_words_what_is_in_use(tmp_path: Path) -> None:
    record = Record("local", Settings("a.tfstate"), 1)
    assert places_of(root(tmp_path, 'path = "${"a"}.tfstate"', record=record)).default == tmp_path / "a.tfstate"


@pytest.mark.parametrize(
    ("arguments", "record", "mark"),
    [
        pytest.param((), None, ",", id="never initialized"),
        pytest.param(('path = "b"',), recorded(path="a"), ":", id="another path"),
        pytest.param(('path = "b"',), Record("s3", Settings(), 1), ":", id="another type"),
    ],
)
def test_a_backend_that_is_not_in_use_is_told(
    tmp_path: Path, arguments: tuple[str, ...], record: Record | None, mark: str
) -> None:
    with pytest.raises(DiagnosticError) as raised:
        places_of(root(tmp_path, *arguments, record=record))
    assert raised.value.diagnostics[0].summary == (f'Backend initialization required{mark} please run "terraform init"')


def test_a_backend_that_is_asked_for_no_more_is_told(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("")
    write_record(find_root(tmp_path).data, recorded())
    with pytest.raises(DiagnosticError, match="Unsetting the previously set backend"):
        places_of(find_root(tmp_path))


def test_single_files_beside_each_other_have_places_of_their_own(tmp_path: Path) -> None:
    for name in ("a.hcl", "b.hcl"):
        (tmp_path / name).write_text("")
    a, b = find_root(tmp_path / "a.hcl"), find_root(tmp_path / "b.hcl")
    assert places_of(a) == Places(tmp_path / "a.tfstate", tmp_path / "a.tfstate.d", "a.tfstate")
    assert a.data != b.data != find_root(tmp_path).data
    assert a.data.is_relative_to(find_root(tmp_path).data)


def test_the_data_directory_may_be_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_DATA_DIR", str(tmp_path / "data"))
    assert find_root(tmp_path / "project").data.parent == tmp_path / "data"
    (tmp_path / "project").mkdir()
    assert find_root(tmp_path / "project").data == tmp_path / "data"


def test_a_broken_configuration_keeps_nobody_from_the_state(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("resource {")
    assert places_of(find_root(tmp_path)).default == tmp_path / "terraform.tfstate"
    (tmp_path / "main.tf").write_text('terraform {\n  backend "local" {\n')
    with pytest.raises(DiagnosticError, match="Unclosed configuration block"):
        places_of(find_root(tmp_path))


def test_an_override_file_has_the_last_word(tmp_path: Path) -> None:
    place = root(tmp_path, 'path = "a"')
    (tmp_path / "x_override.tf").write_text('terraform {\n  backend "local" {\n    path = "b"\n  }\n}\n')
    block = backend_block(place)
    assert block is not None
    assert block_settings(block) == Settings("b")
