"""When requests are repeated and how long the client waits: the table that the official SDK was observed to follow."""

from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from providers.errors import OutcomeUnknown, ProviderError
from providers.openai.client import Request
from providers.openai.retries import retry_delay, server_delay, should_retry
from tests.providers.openai.clients import NOW, Recorder, client_on

LATER = formatdate(NOW + 30, usegmt=True)
PAST = formatdate(NOW - 30, usegmt=True)
OWN = [0.5, 1.0]


@pytest.mark.parametrize(
    ("status", "headers", "sleeps"),
    [
        *(pytest.param(status, {}, [], id=f"{status} is final") for status in (400, 401, 403, 404, 422, 425)),
        *(pytest.param(status, {}, OWN, id=f"{status} is repeated") for status in (408, 409, 429, 500, 502, 503, 504)),
        pytest.param(429, {"retry-after": "3"}, [3, 3], id="seconds"),
        pytest.param(429, {"retry-after": "0.5"}, [0.5, 0.5], id="fraction of a second"),
        pytest.param(429, {"retry-after-ms": "250"}, [0.25, 0.25], id="milliseconds"),
        pytest.param(429, {"retry-after-ms": "250", "retry-after": "3"}, [0.25, 0.25], id="milliseconds win"),
        pytest.param(429, {"retry-after-ms": "x", "retry-after": "3"}, [3, 3], id="malformed milliseconds"),
        pytest.param(429, {"retry-after": "120"}, [120, 120], id="longest wait"),
        pytest.param(429, {"retry-after": "121"}, [], id="more than the longest wait"),
        pytest.param(429, {"retry-after": "600"}, [], id="ten minutes"),
        pytest.param(429, {"retry-after": "1e999"}, [], id="more than a number holds"),
        pytest.param(429, {"retry-after": "inf"}, OWN, id="infinity says nothing"),
        pytest.param(429, {"retry-after": "nan"}, OWN, id="no number"),
        pytest.param(429, {"retry-after": "-1"}, OWN, id="below zero"),
        pytest.param(429, {"retry-after": "soon"}, OWN, id="no date"),
        pytest.param(503, {"retry-after": LATER}, [30, 30], id="date"),
        pytest.param(503, {"retry-after": PAST}, OWN, id="date in the past"),
        pytest.param(503, {"retry-after": formatdate(NOW + 600, usegmt=True)}, [], id="date too far away"),
        pytest.param(400, {"x-should-retry": "true"}, OWN, id="server says yes"),
        pytest.param(500, {"x-should-retry": "false"}, [], id="server says no"),
        pytest.param(400, {"x-should-retry": "true", "retry-after": "600"}, [], id="yes, but in ten minutes"),
    ],
)  # fmt: skip
def test_the_client_waits_as_the_sdk_does(
    status: int, headers: dict[str, str], sleeps: list[float], run: Callable[[Any], Any]
) -> None:
    recorder = Recorder([httpx.Response(status, headers=headers, json={"error": {"message": "m"}})])
    with pytest.raises(ProviderError):
        run(client_on(recorder).send(Request("/realtime/client_secrets")))
    assert recorder.sleeps == sleeps
    assert len(recorder.requests) == len(sleeps) + 1


@pytest.mark.parametrize(
    ("answer", "sleeps"),
    [
        pytest.param(httpx.ConnectError("refused"), OWN, id="nobody there"),
        pytest.param(httpx.ConnectTimeout("slow"), OWN, id="no connection in time"),
        pytest.param(httpx.PoolTimeout("busy"), OWN, id="no free connection"),
        pytest.param(httpx.ReadTimeout("slow"), [], id="no answer in time"),
        pytest.param(httpx.ReadError("reset"), [], id="connection lost"),
        pytest.param(httpx.RemoteProtocolError("closed"), [], id="half an answer"),
        pytest.param(httpx.Response(429), OWN, id="429"),
        pytest.param(httpx.Response(429, headers={"x-should-retry": "false"}), [], id="429, server says no"),
        pytest.param(httpx.Response(429, headers={"retry-after": "600"}), [], id="429, in ten minutes"),
        pytest.param(httpx.Response(503), [], id="503"),
        pytest.param(httpx.Response(503, headers={"x-should-retry": "true"}), OWN, id="503, server says yes"),
        pytest.param(httpx.Response(500, headers={"x-should-retry": "true"}), [], id="500 whatever the server says"),
        pytest.param(httpx.Response(408), [], id="408"),
        pytest.param(httpx.Response(409), [], id="409"),
    ],
)
def test_what_must_not_happen_twice_is_repeated_only_when_it_did_not_happen(
    answer: Any, sleeps: list[float], run: Callable[[Any], Any]
) -> None:
    recorder = Recorder([answer])
    with pytest.raises(ProviderError):
        run(client_on(recorder).send(Request("/realtime/calls", repeatable=False)))
    assert recorder.sleeps == sleeps


@pytest.mark.parametrize(
    ("answer", "repeatable", "unknown"),
    [
        pytest.param(httpx.ConnectError("refused"), False, False, id="never sent"),
        pytest.param(httpx.ReadError("reset"), False, True, id="call lost"),
        pytest.param(httpx.ReadError("reset"), True, True, id="secret lost three times"),
        pytest.param(httpx.Response(504), False, True, id="a gateway gave up waiting"),
        pytest.param(httpx.Response(502), False, True, id="a gateway lost the server"),
        pytest.param(httpx.Response(500), False, False, id="the server said that it failed"),
        pytest.param(httpx.Response(400), False, False, id="refused"),
    ],
)
def test_only_a_lost_answer_leaves_the_outcome_open(
    answer: Any, repeatable: bool, unknown: bool, run: Callable[[Any], Any]
) -> None:
    with pytest.raises(ProviderError) as caught:
        run(client_on(Recorder([answer])).send(Request("/realtime/calls", repeatable=repeatable)))
    assert isinstance(caught.value, OutcomeUnknown) is unknown
    assert ("not known" in caught.value.problems[0].detail) is unknown


def test_a_lost_answer_stays_in_mind_when_the_next_attempt_cannot_connect(run: Callable[[Any], Any]) -> None:
    recorder = Recorder([httpx.ReadError("reset"), httpx.ConnectError("refused")])
    with pytest.raises(OutcomeUnknown):
        run(client_on(recorder).send(Request("/realtime/client_secrets")))


def test_a_repeated_request_is_the_same_and_its_success_counts(run: Callable[[Any], Any]) -> None:
    recorder = Recorder([httpx.Response(500), httpx.ReadError("reset"), httpx.Response(200, json={"a": 1})])
    request = Request("/realtime/calls", body={"files": [("sdp", (None, b"v=0\r\n", "application/sdp"))]})
    assert run(client_on(recorder).send_json(request)) == {"a": 1}
    bodies = [sent.content.split(b"\r\n", 1)[1].rsplit(b"--", 2)[0] for sent in recorder.requests]
    assert len(set(bodies)) == 1
    assert "idempotency-key" not in recorder.requests[-1].headers


def test_an_exhausted_quota_is_not_waited_for(run: Callable[[Any], Any]) -> None:
    recorder = Recorder([httpx.Response(429, json={"error": {"message": "No quota", "code": "insufficient_quota"}})])
    with pytest.raises(ProviderError) as caught:
        run(client_on(recorder).send(Request("/realtime/client_secrets")))
    assert caught.value.problems[0].summary == "Quota used up"
    assert recorder.sleeps == []


@pytest.mark.parametrize(("max_retries", "attempts"), [(0, 1), (1, 2), (5, 6)])
def test_the_number_of_retries_is_the_users(max_retries: int, attempts: int, run: Callable[[Any], Any]) -> None:
    recorder = Recorder([httpx.Response(500)])
    with pytest.raises(ProviderError):
        run(client_on(recorder, max_retries=max_retries).send(Request("/x")))
    assert len(recorder.requests) == attempts


@pytest.mark.parametrize(
    ("retries", "jitter", "delay"),
    [(0, 0.0, 0.5), (0, 1.0, 0.375), (1, 0.0, 1.0), (1, 1.0, 0.75), (2, 0.0, 2.0), (4, 0.0, 8.0), (5, 0.0, 8.0), (5000, 0.5, 7.0)],
)  # fmt: skip
def test_the_own_delay_doubles_up_to_eight_seconds(retries: int, jitter: float, delay: float) -> None:
    assert retry_delay(retries, {}, now=NOW, jitter=jitter) == delay


def test_the_rules_are_functions_of_their_arguments() -> None:
    assert server_delay({}, NOW) is None
    assert server_delay({"retry-after": LATER}, NOW) == 30
    assert should_retry(500, {}, None, repeatable=True, now=NOW)
    assert not should_retry(500, {}, None, repeatable=False, now=NOW)
