"""Where a called module comes from, as its `source` says. Nothing is fetched here.

    ./folder, ../folder         beside the caller
    /folder                     a folder of this machine
    git::URL, github.com/a/b    a git repository; also gitlab.com, bitbucket.org and git@host:path
    https://.../x.zip           an archive
    namespace/name/provider     a registry

What follows `//` is a folder inside, what follows `?` are settings such as `ref=v1.0`.
"""

import posixpath
import re
from dataclasses import dataclass
from typing import Final, Literal

from engine.diagnostics import DiagnosticError, SourceRange, error

Kind = Literal["beside", "folder", "git", "archive", "registry", "other"]

_HOSTED: Final = re.compile(
    r"(?:https://)?(?P<url>(?:github\.com|gitlab\.com|bitbucket\.org)/[^/?]+/[^/?]+)(?P<rest>/.*)?"
)
_SCP: Final = re.compile(r"(?P<user>[\w.-]+)@(?P<host>[\w.-]+):(?P<path>.+)")
_FORCED: Final = re.compile(r"(?P<getter>[a-z0-9]+)::(?P<url>.+)", re.DOTALL)
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+", re.DOTALL)
_ARCHIVE: Final = re.compile(r"(?:https|file)://.+\.(?:zip|tar\.gz|tgz)")
_REGISTRY: Final = re.compile(
    r"(?:(?P<host>[\w-]+(?:\.[\w-]+)+(?::\d+)?)/)?[0-9A-Za-z](?:[\w-]*[0-9A-Za-z])?/[0-9A-Za-z](?:[\w-]*[0-9A-Za-z])?/"
    r"[0-9a-z]{1,64}(?P<folder>//.*)?"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a module comes from: `url` is what to look at or to fetch, `folder` the part of it that is the module."""

    kind: Kind
    url: str
    folder: str = ""
    ref: str = ""

    def __str__(self) -> str:
        text = self.url + (f"//{self.folder}" if self.folder else "")
        return f"git::{text}" + (f"?ref={self.ref}" if self.ref else "") if self.kind == "git" else text


def read_origin(text: str, where: SourceRange, *, versioned: bool) -> Origin:
    """Return what a source means. With a version, which only registries know, it has to be the address in one.

    Raises DiagnosticError.
    """
    if versioned and (text.startswith(("./", "../")) or _REGISTRY.fullmatch(text) is None):
        detail = (
            f'"{text}" is not the address of a module in a registry, and only such modules have versions. Remove the '
            '"version" argument, or write namespace/name/provider.'
        )
        raise error("Invalid registry module source address", detail, where)
    if text.startswith(("./", "../", ".\\", "..\\")):
        return Origin("beside", beside(text.replace("\\", "/")))
    if text.startswith("/"):
        return Origin("folder", *_split(text))
    hosted = _HOSTED.fullmatch(text.partition("?")[0])
    if hosted is not None and "::" not in text:
        url = f"https://{hosted['url'].removesuffix('.git')}.git"
        return Origin("git", url, (hosted["rest"] or "").strip("/"), _setting(text, "ref"))
    if scp := _SCP.fullmatch(text):
        path, folder = _split(scp["path"].partition("?")[0])
        return Origin("git", f"ssh://{scp['user']}@{scp['host']}/{path}", folder, _setting(text, "ref"))
    if _REGISTRY.fullmatch(text):
        return Origin("registry", text)
    return _fetched(text, where)


def _fetched(text: str, where: SourceRange) -> Origin:
    """Return what a source with a way to get it, or with a scheme, means."""
    forced = _FORCED.fullmatch(text)
    url, folder = _split((forced["url"] if forced else text).partition("?")[0])
    if _URL.fullmatch(url) is None and not (forced and url.startswith("/")):
        raise _invalid(text, where)
    if forced and forced["getter"] == "git":
        return Origin("git", url, folder, _setting(text, "ref"))
    if forced is None and _ARCHIVE.fullmatch(url):
        return Origin("archive", url, folder)
    return Origin("other", text)


def beside(text: str) -> str:
    """Return a relative folder in its shortest form, which begins with `./` or `../`."""
    short = posixpath.normpath(text)
    if short == ".":
        return "./"
    return short if short == ".." or short.startswith("../") else f"./{short}"


def _split(text: str) -> tuple[str, str]:
    """Return a URL or a path, and the folder inside of it that follows a double slash."""
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "", text
    outer, _, folder = rest.partition("//")
    return f"{scheme}{separator}{outer}", folder.strip("/")


def _setting(text: str, name: str) -> str:
    settings = (part.partition("=") for part in text.partition("?")[2].split("&"))
    return next((value for key, _, value in settings if key == name), "")


def _invalid(text: str, where: SourceRange) -> DiagnosticError:
    near = f' If "{text}" is a folder beside this one, write "./{text}".' if text.strip() else ""
    detail = (
        f'"{text}" is no source of a module.{near} Others are git::URL?ref=TAG for a repository, and the https address '
        "of a zip or tar.gz archive."
    )
    return error("Invalid module source address", detail, where)
