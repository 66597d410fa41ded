"""What goes wrong on request, in process and on a connection."""

from typing import Any

import httpx
import pytest

from providers.openai.emulator import ConnectionDropped, Fault, create_app, parse_fault, running
from tests.providers.openai.emulator.support import CALLS, KEY, SECRETS, ask, call, error_of, objects

AUTHORIZATION = {"Authorization": f"Bearer {KEY}"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("429; retry-after=1", Fault(status=429, headers={"retry-after": "1"}), id="limit"),
        pytest.param("503;body=html", Fault(status=503, body="html"), id="page"),
        pytest.param("drop", Fault(drop=True), id="drop"),
        pytest.param("drop; when=after", Fault(drop=True, when="after"), id="drop the answer"),
        pytest.param("delay=0.5", Fault(delay=0.5), id="delay"),
        pytest.param("; delay=2 ;", Fault(delay=2.0), id="blanks"),
        pytest.param(
            "400; code=invalid_value; param=session.model; message=No.",
            Fault(status=400, code="invalid_value", param="session.model", message="No."),
            id="error",
        ),
        pytest.param(
            "500; method=POST; path=/v1/realtime/calls$; skip=1; times=2; share=0.2; seed=7",
            Fault(status=500, method="POST", path="/v1/realtime/calls$", skip=1, times=2, share=0.2, seed=7),
            id="which requests",
        ),
    ],
)
def test_a_line_describes_a_fault(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    "text",
    ["teapot", "99", "600", "500; body=xml", "500; when=never", "500; retry", "500; times=many", "500; status=1", "429; x y=1"],
)  # fmt: skip
def test_a_line_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no |is one of|cannot be set|invalid literal"):
        parse_fault(text)


@pytest.mark.parametrize(
    ("body", "type", "content"),
    [
        pytest.param("json", "application/json", '"code": "slow_down"', id="json"),
        pytest.param("html", "text/html; charset=utf-8", "<h1>429</h1>", id="html"),
        pytest.param("empty", None, "", id="empty"),
        pytest.param("truncated", "application/json", '{"error": {"mess', id="truncated"),
    ],
)
def test_an_error_answer_has_the_body_asked_for(body: Any, type: str | None, content: str) -> None:
    fault = Fault(
        status=429, body=body, code="slow_down", headers={"Retry-After": "3", "x-ratelimit-remaining-requests": "0"}
    )
    answer = ask(create_app(faults=[fault]), SECRETS, json={})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert answer.headers["x-ratelimit-remaining-requests"] == "0"
    assert answer.headers["x-request-id"]
    assert answer.headers.get("content-type") == type
    assert content in answer.text
    if body == "json":
        assert error_of(answer)["type"] == "rate_limit_exceeded"
    else:
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            answer.json()


def statuses(fault: Fault, count: int) -> list[int]:
    app = create_app(faults=[fault])
    return [ask(app, SECRETS, json={}).status_code for _ in range(count)]


def test_a_fault_may_skip_requests_and_last_for_some() -> None:
    assert statuses(Fault(status=500, skip=1, times=2), 5) == [200, 500, 500, 200, 200]


def test_a_share_of_requests_fails_and_the_seed_says_which() -> None:
    found = statuses(Fault(status=500, share=0.2, seed=1), 100)
    assert 10 <= found.count(500) <= 30
    assert found == statuses(Fault(status=500, share=0.2, seed=1), 100)
    assert found != statuses(Fault(status=500, share=0.2, seed=2), 100)


def test_faults_are_for_the_paths_and_methods_they_name() -> None:
    app = create_app(faults=[Fault(status=503, path=f"{CALLS}$"), Fault(status=500, method="GET")])
    assert ask(app, SECRETS, json={}).status_code == 200
    assert call(app).status_code == 503
    assert ask(app, SECRETS, "GET").status_code == 500
    assert objects(app)["counts"]["requests"] == 3


def test_a_fault_before_makes_nothing_and_a_fault_after_makes_the_object() -> None:
    for when, calls in (("before", 0), ("after", 1)):
        app = create_app(faults=[parse_fault(f"502; when={when}")])
        assert call(app).status_code == 502
        assert objects(app)["counts"]["calls"]["live"] == calls


def test_latency_and_delays_are_waited_for() -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    app = create_app(latency=0.25, faults=[Fault(delay=2.0, times=1)], sleep=sleep)
    assert [ask(app, SECRETS, json={}).status_code for _ in range(2)] == [200, 200]
    objects(app)
    assert waited == [0.25, 2.0, 0.25]


@pytest.mark.parametrize(("when", "secrets"), [("before", 0), ("after", 1)])
def test_in_process_a_dropped_connection_is_an_exception(when: Any, secrets: int) -> None:
    app = create_app(faults=[Fault(drop=True, when=when, times=1)])
    with pytest.raises(ConnectionDropped):
        ask(app, SECRETS, json={})
    listed = objects(app)
    assert listed["counts"]["secrets"] == secrets
    assert listed["requests"] == [{"request": f"POST {SECRETS}", "status": 0, "count": 1}]
    assert ask(app, SECRETS, json={}).status_code == 200


@pytest.mark.parametrize(("when", "secrets"), [("before", 0), ("after", 1)])
def test_on_a_port_a_dropped_connection_gives_no_answer(when: str, secrets: int) -> None:
    app = create_app(faults_by_header=True)
    with running(app) as url, httpx.Client(headers=AUTHORIZATION, trust_env=False) as client:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            client.post(f"{url}/realtime/client_secrets", json={}, headers={"X-Emulator-Fault": f"drop; when={when}"})
        assert client.post(f"{url}/realtime/client_secrets", json={}).status_code == 200
    assert objects(app)["counts"]["secrets"] == 1 + secrets


def test_the_header_is_heeded_only_when_allowed() -> None:
    headers = {"X-Emulator-Fault": "429; retry-after=1"}
    assert ask(create_app(), SECRETS, json={}, headers=headers).status_code == 200
    answer = ask(create_app(faults_by_header=True), SECRETS, json={}, headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


def test_a_header_that_means_nothing_is_refused() -> None:
    answer = ask(create_app(faults_by_header=True), SECRETS, json={}, headers={"X-Emulator-Fault": "teapot"})
    assert (answer.status_code, error_of(answer)["param"]) == (400, "x-emulator-fault")
