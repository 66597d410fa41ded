import marshal
import os
from pathlib import Path

import pytest

from engine.diagnostics import DiagnosticError, SourceFile
from engine.syntax import tree_cache
from engine.syntax.cache_directory import cache_directory, trim, write_cached
from engine.syntax.parser import parse
from engine.syntax.tree_cache import parse_cached
from tests.engine.syntax.test_corpus import CORPUS, read

SOURCE = SourceFile("main.hcl", 'a "b" {\n  c = [1, "x${d}", true ? null : e.f[*].g]\n}\n')


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache directory, which does not exist yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("RTF_CACHE", raising=False)
    return tmp_path / "rtf"


def only_file(directory: Path) -> Path:
    (file,) = directory.iterdir()
    return file


def test_the_second_tree_equals_the_first(cache: Path) -> None:
    assert parse_cached(SOURCE) == parse_cached(SOURCE) == parse(SOURCE)
    assert only_file(cache).stat().st_mode & 0o777 == 0o600
    assert cache.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in CORPUS])
def test_trees_come_back_from_the_cache_as_they_were(path: Path, cache: Path) -> None:
    source = SourceFile(path.name, read(path))
    parse_cached(source)
    assert only_file(cache).suffix == ".tree"
    assert parse_cached(source) == parse(source)


def test_what_is_cached_is_what_is_used(cache: Path) -> None:
    parse_cached(SOURCE)
    payload = marshal.dumps("from the cache")
    only_file(cache).write_bytes(tree_cache._checksum(payload) + payload)
    found: object = parse_cached(SOURCE)
    assert found == "from the cache"


def test_another_text_has_another_tree(cache: Path) -> None:
    parse_cached(SOURCE)
    assert parse_cached(SourceFile("main.hcl", "a = 1")) == parse(SourceFile("main.hcl", "a = 1"))
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("name", ["TREE_VERSION", "installed_table_key"])
def test_another_version_of_trees_or_tables_has_other_files(
    name: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse_cached(SOURCE)
    monkeypatch.setattr(tree_cache, name, 2 if name == "TREE_VERSION" else lambda: "another")
    parse_cached(SOURCE)
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[:-1], id="cut short"),
        pytest.param(lambda content: content[:40] + b"\0" + content[41:], id="one byte changed"),
        pytest.param(lambda content: b"\0" * len(content), id="zeros"),
    ],
)
def test_a_damaged_file_never_gives_a_wrong_tree(damage: object, cache: Path) -> None:
    assert callable(damage)
    parse_cached(SOURCE)
    file = only_file(cache)
    content = file.read_bytes()
    file.write_bytes(damage(content))
    assert parse_cached(SOURCE) == parse(SOURCE)
    assert file.read_bytes() == content


def test_files_that_do_not_parse_are_not_cached(cache: Path) -> None:
    for _ in range(2):
        with pytest.raises(DiagnosticError):
            parse_cached(SourceFile("main.hcl", "a = "))
    assert not cache.exists()


def test_the_cache_can_be_turned_off(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RTF_CACHE", "off")
    assert parse_cached(SOURCE) == parse(SOURCE)
    assert not cache.exists()


def test_a_directory_that_others_may_write_to_is_not_used(cache: Path) -> None:
    cache.mkdir()
    cache.chmod(0o770)
    assert parse_cached(SOURCE) == parse(SOURCE)
    assert not list(cache.iterdir())


def test_a_link_to_a_directory_is_not_used(cache: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    cache.symlink_to(elsewhere)
    assert parse_cached(SOURCE) == parse(SOURCE)
    assert not list(elsewhere.iterdir())


def test_a_file_in_the_place_of_the_directory_does_no_harm(cache: Path) -> None:
    cache.write_text("")
    assert parse_cached(SOURCE) == parse(SOURCE)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param({"XDG_CACHE_HOME": "{}", "HOME": "/nowhere"}, "{}/rtf", id="the standard's variable wins"),
        pytest.param({"HOME": "{}"}, "{}/.cache/rtf", id="the home directory otherwise"),
        pytest.param({"XDG_CACHE_HOME": "", "HOME": "{}"}, "{}/.cache/rtf", id="an empty variable counts as none"),
        pytest.param({"XDG_CACHE_HOME": "relative"}, None, id="a relative path is invalid"),
        pytest.param({}, None, id="nowhere to go"),
        pytest.param({"HOME": "{}", "RTF_CACHE": "off"}, None, id="turned off"),
    ],
)
def test_where_the_cache_is(environment: dict[str, str], expected: str | None, tmp_path: Path) -> None:
    filled = {name: value.format(tmp_path) for name, value in environment.items()}
    wanted = None if expected is None else expected.format(tmp_path)
    assert cache_directory(filled, create=True) == wanted
    assert cache_directory(filled, create=False) == wanted


def test_a_file_is_written_whole_and_replaces_the_one_before(tmp_path: Path) -> None:
    target = tmp_path / "x.tree"
    write_cached(str(target), b"one")
    write_cached(str(target), b"two")
    write_cached(str(tmp_path / "missing" / "x.tree"), b"three")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("x.tree", b"two")]


def test_trimming_removes_the_oldest_files(tmp_path: Path) -> None:
    for age, name in enumerate(["d.tree", "c.tree", "b.tree", "a.tree", "kept.json"]):
        (tmp_path / name).write_bytes(b"x" * 100)
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    trim(str(tmp_path), ".tree", 250)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["c.tree", "d.tree", "kept.json"]
    trim(str(tmp_path / "missing"), ".tree", 0)
