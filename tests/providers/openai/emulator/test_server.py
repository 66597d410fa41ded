"""The emulator on a port: where it listens, how it stops, and that it keeps quiet."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from providers.openai.emulator import create_app, running, serve
from tests.providers.openai.emulator.support import KEY, OFFER, objects

SERVE = """
import sys
from pathlib import Path
from providers.openai.emulator import create_app, serve
serve(create_app(Path(sys.argv[1])), ready=lambda url: print(url, flush=True))
print("stopped")
"""


def leave_in_the_middle(url: str) -> None:
    """Begin a request, wait until the server asks for its body, and go away."""
    address = urlsplit(url)
    head = f"POST /v1/realtime/client_secrets HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {KEY}\r\n"
    head += "Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    with socket.create_connection((str(address.hostname), address.port or 0)) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_in_good_order_and_nothing_is_logged(tmp_path: Path, number: signal.Signals) -> None:
    database = tmp_path / "emulator.sqlite"
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(database)],
        cwd=Path(__file__).parents[4],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    with httpx.Client(headers={"Authorization": f"Bearer {KEY}"}, trust_env=False) as client:
        for body in ("{}", "[", "[]"):
            client.post(f"{url}/realtime/client_secrets", content=body, headers={"Content-Type": "application/json"})
        for type in ("application/sdp", "multipart/form-data; boundary=x"):  # the second is no form
            client.post(f"{url}/realtime/calls", content=OFFER, headers={"Content-Type": type})
        leave_in_the_middle(url)
        process.send_signal(number)  # while the client keeps its connection
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (0, "stopped\n", "")
    assert objects(create_app(database))["counts"]["requests"] == 6


def test_it_listens_on_a_free_port_of_this_machine() -> None:
    with running(create_app()) as first, running(create_app(), host="localhost") as second:
        assert first != second
        assert first.startswith("http://127.0.0.1:")
        assert first.endswith("/v1")
        answer = httpx.get(f"{first}/nothing", trust_env=False)
    assert answer.status_code == 404
    assert len(answer.headers.get_list("date")) == 1
    assert "server" not in answer.headers
    with pytest.raises(httpx.ConnectError):
        httpx.get(first, trust_env=False)


def test_headers_that_are_too_large_are_refused_in_the_shape_of_the_api() -> None:
    with running(create_app()) as url:
        answer = httpx.get(url, headers={"X-Large": "x" * 70_000}, trust_env=False)
    assert answer.status_code == 431
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.com"])
def test_it_listens_nowhere_else(host: str) -> None:
    with pytest.raises(ValueError, match=r"not an address of this machine|does not appear to be"):
        serve(create_app(), host=host)


def test_a_port_in_use_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        serve(create_app(), port=taken.getsockname()[1])
