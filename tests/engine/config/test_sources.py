import pytest

from engine.config.sources import Origin, read_origin
from engine.diagnostics import DiagnosticError, SourceFile, SourceRange

WHERE = SourceRange(SourceFile("main.tf", "x"), 0, 1)


@pytest.mark.parametrize(
    ("text", "origin", "written"),
    [
        ("./m", Origin("beside", "./m"), "./m"),
        ("./m/", Origin("beside", "./m"), "./m"),
        ("./m//x/../y", Origin("beside", "./m/y"), "./m/y"),
        ("../x", Origin("beside", "../x"), "../x"),
        ("./", Origin("beside", "./"), "./"),
        ("/srv/m//sub", Origin("folder", "/srv/m", "sub"), "/srv/m//sub"),
        ("git::https://h/x.git?ref=v1", Origin("git", "https://h/x.git", "", "v1"), "git::https://h/x.git?ref=v1"),
        ("git::https://h/x//a/b?depth=1&ref=v1", Origin("git", "https://h/x", "a/b", "v1"), "git::https://h/x//a/b?ref=v1"),
        ("git::/srv/x?ref=v1", Origin("git", "/srv/x", "", "v1"), "git::/srv/x?ref=v1"),
        ("github.com/a/b", Origin("git", "https://github.com/a/b.git"), "git::https://github.com/a/b.git"),
        ("github.com/a/b.git//s?ref=v1", Origin("git", "https://github.com/a/b.git", "s", "v1"), "git::https://github.com/a/b.git//s?ref=v1"),
        ("git@h:a/b.git?ref=v1", Origin("git", "ssh://git@h/a/b.git", "", "v1"), "git::ssh://git@h/a/b.git?ref=v1"),
        ("https://h/x.zip", Origin("archive", "https://h/x.zip"), "https://h/x.zip"),
        ("https://h/x.tar.gz//sub?checksum=1", Origin("archive", "https://h/x.tar.gz", "sub"), "https://h/x.tar.gz//sub"),
        ("a/b/c", Origin("registry", "a/b/c"), "a/b/c"),
        ("h.example/a/b/c//sub", Origin("registry", "h.example/a/b/c//sub"), "h.example/a/b/c//sub"),
        ("s3::https://h/x", Origin("other", "s3::https://h/x"), "s3::https://h/x"),
        ("https://h/x", Origin("other", "https://h/x"), "https://h/x"),
        ("C:/x", Origin("other", "C:/x"), "C:/x"),
    ],
)  # fmt: skip
def test_a_source_tells_where_a_module_comes_from(text: str, origin: Origin, written: str) -> None:
    assert read_origin(text, WHERE, versioned=False) == origin
    assert str(origin) == written


@pytest.mark.parametrize("text", ["", "m", ".", "..", "a/b", "m//x", "foo bar", "1", "  ./m", "s3::x"])
def test_what_is_no_source_is_told(text: str) -> None:
    with pytest.raises(DiagnosticError, match="Invalid module source address"):
        read_origin(text, WHERE, versioned=False)


@pytest.mark.parametrize("text", ["./m", "m", "git::https://h/x?ref=v1", "/srv/m"])
def test_only_a_module_in_a_registry_has_a_version(text: str) -> None:
    with pytest.raises(DiagnosticError, match="Invalid registry module source address"):
        read_origin(text, WHERE, versioned=True)
    assert read_origin("a/b/c", WHERE, versioned=True).kind == "registry"
