"""Runs that are killed at a certain moment, many of them in little time: `python -m tests.rtf.end_to_end.killing`.

Starting Python takes longer than an apply of sixty objects. So one process imports everything, by a first run, and then
makes a copy of itself for each run that it reads on standard input as a line of JSON: the arguments of the command, a file
for what it says, a file to watch, and a number. When the file has that many bytes, or has gone again, the copy is killed as by `kill -9`; the
moment is the same on fast and on slow machines. The answer is a line with the status, -9 for a run that was killed.
"""

import json
import os
import signal
import sys
import threading
import time

from rtf.cli import run


def killed_at(arguments: list[str], said: str, watched: str, size: int) -> int:
    """Run a command in a copy of this process, kill it when a file has `size` bytes, and return its status."""
    child = os.fork()
    if child == 0:
        os._exit(_saying(arguments, said))
    seen = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        length = _length(watched)
        if length >= size or (seen and length < 0):
            os.kill(child, signal.SIGKILL)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        seen = seen or length >= 0
        time.sleep(0.0002)


def _length(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return -1


def _saying(arguments: list[str], said: str) -> int:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    file = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(file, stream)
    return run(arguments)


def main() -> None:
    """Answer one line after the other. The first is run here, so that everything is imported, and nobody is killed."""
    first, *_ = json.loads(sys.stdin.readline())
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    status = run(first)
    sys.stdout.flush()
    os.dup2(out, 1)
    assert threading.active_count() == 1, "a copy would have one thread, and the locks of all"
    print(status, flush=True)
    for line in sys.stdin:
        print(killed_at(*json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
