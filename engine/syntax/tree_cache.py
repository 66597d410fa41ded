"""Trees of files that were read before, kept in the user's cache directory.

Reading a cached tree takes a tenth of the time of parsing. A tree is found by the text it was made from, so that no
cached one is ever out of date. Files that do not parse are not kept: their problems are found anew.
"""

import hashlib
import marshal
import os
import sys
from typing import Final

from engine.diagnostics import SourceFile
from engine.syntax.cache_directory import cache_directory, read_cached, trim, write_cached
from engine.syntax.tables import installed_table_key
from engine.syntax.tree import TREE_VERSION, Node

MAX_BYTES: Final = 64 * 1024 * 1024

_SUFFIX: Final = ".tree"
_CHECKSUM_SIZE: Final = 16


def parse_cached(source: SourceFile) -> Node:
    """Return what `parse` returns, from the cache when it is there. Raises what `parse` raises."""
    directory = cache_directory(os.environ, create=False)
    if directory is not None:
        cached = _load(os.path.join(directory, _file_name(source.text)))
        if cached is not None:
            return cached
    from engine.syntax.parser import parse  # a hit needs neither lexer nor tables

    tree = parse(source)
    directory = cache_directory(os.environ, create=True)
    if directory is not None:
        _store(tree, directory, _file_name(source.text))
    return tree


def _file_name(text: str) -> str:
    """Return a name that differs whenever the tree or its representation could."""
    parts = (installed_table_key(), TREE_VERSION, sys.implementation.cache_tag, marshal.version)
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=20)
    digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest() + _SUFFIX


def _load(path: str) -> Node | None:
    """Return the tree of a cache file, or None when there is none or it was damaged."""
    content = read_cached(path)
    if content is None:
        return None
    checksum, payload = content[:_CHECKSUM_SIZE], content[_CHECKSUM_SIZE:]
    if checksum != _checksum(payload):
        return None
    try:
        # The checksum tells of damage, not of malice; against that the directory is nobody else's.
        tree: Node = marshal.loads(payload)  # noqa: S302
    except (ValueError, EOFError, TypeError):
        return None
    return tree


def _store(tree: Node, directory: str, name: str) -> None:
    try:
        payload = marshal.dumps(tree)
    except ValueError:
        return  # deeper than marshal goes
    write_cached(os.path.join(directory, name), _checksum(payload) + payload)
    if name.startswith("0"):  # one write in sixteen looks after the size: often enough, and cheap
        trim(directory, _SUFFIX, MAX_BYTES)


def _checksum(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=_CHECKSUM_SIZE).digest()
