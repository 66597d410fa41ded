"""The worked examples of the contract: each request gets the answer that is documented for it."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.openai.emulator import create_app
from tests.providers.openai.emulator.support import NOW, SECRETS, SESSIONS, Clock, ask, assert_valid, error_of

Json = dict[str, Any]

REALTIME: Json = {
    "type": "realtime",
    "object": "realtime.session",
    "model": "gpt-realtime-2.1",
    "output_modalities": ["audio"],
    "tools": [],
    "tool_choice": "auto",
    "max_output_tokens": "inf",
    "tracing": None,
    "truncation": "auto",
    "prompt": None,
    "expires_at": 0,
    "audio": {
        "input": {
            "format": {"type": "audio/pcm", "rate": 24000},
            "transcription": None,
            "noise_reduction": None,
            "turn_detection": {
                "type": "server_vad",
                "threshold": 0.5,
                "prefix_padding_ms": 300,
                "silence_duration_ms": 200,
                "idle_timeout_ms": None,
                "create_response": True,
                "interrupt_response": True,
            },
        },
        "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "alloy", "speed": 1.0},
    },
    "include": None,
}

PLAIN = {"type": "realtime", "model": "gpt-realtime-2.1", "instructions": "You are a friendly assistant."}

CAPTIONS = {
    "type": "transcription",
    "include": ["item.input_audio_transcription.logprobs"],
    "audio": {
        "input": {
            "format": {"type": "audio/pcm", "rate": 24000},
            "noise_reduction": {"type": "far_field"},
            "transcription": {"model": "gpt-realtime-whisper", "language": "en", "delay": "low"},
            "turn_detection": None,
        }
    },
}
CAPTIONS_ANSWER = {
    "type": "transcription",
    "object": "realtime.transcription_session",
    "expires_at": 0,
    "include": ["item.input_audio_transcription.logprobs"],
    "audio": {
        "input": {
            "format": {"type": "audio/pcm", "rate": 24000},
            "transcription": {"model": "gpt-realtime-whisper", "language": "en", "prompt": None},
            "noise_reduction": {"type": "far_field"},
            "turn_detection": None,
        }
    },
}

END_CALL = {
    "type": "function",
    "name": "end_call",
    "description": "Ends the conversation.",
    "parameters": {"type": "object", "properties": {"reason": {"type": "string"}}, "required": ["reason"]},
}
ORDERS = {
    "type": "mcp",
    "server_label": "orders",
    "server_url": "https://mcp.example.com/sse",
    "allowed_tools": {"tool_names": ["find_order"], "read_only": True},
    "require_approval": {"never": {"tool_names": ["find_order"]}},
}
TOOLS = {
    "type": "realtime",
    "model": "gpt-realtime-2.1",
    "tools": [{**ORDERS, "authorization": "oauth-token", "headers": {"X-Tenant": "acme"}}, END_CALL],
    "tool_choice": {"type": "mcp", "server_label": "orders", "name": "find_order"},
    "parallel_tool_calls": False,
    "reasoning": {"effort": "low"},
    "tracing": {"workflow_name": "support", "group_id": "eu-1", "metadata": {"team": "voice"}},
}
TOOLS_ANSWER = {
    **REALTIME,
    "tools": [ORDERS, END_CALL],
    **{name: TOOLS[name] for name in ("tool_choice", "reasoning", "tracing")},
}

PHONE: Json = {
    "type": "realtime",
    "model": "gpt-realtime-2.1",
    "output_modalities": ["audio"],
    "max_output_tokens": 2048,
    "truncation": {
        "type": "retention_ratio",
        "retention_ratio": 0.8,
        "token_limits": {"post_instructions": 8000},
    },
    "audio": {
        "input": {
            "format": {"type": "audio/pcmu"},
            "turn_detection": {
                "type": "semantic_vad",
                "eagerness": "low",
                "create_response": True,
                "interrupt_response": False,
            },
        },
        "output": {"format": {"type": "audio/pcmu"}, "voice": {"id": "voice_1234"}, "speed": 1.1},
    },
    "prompt": {
        "id": "pmpt_abc123",
        "version": "3",
        "variables": {
            "city": "Oslo",
            "logo": {"type": "input_image", "detail": "low", "image_url": "https://example.com/logo.png"},
        },
    },
}
PHONE_ANSWER = {
    **REALTIME,
    **{name: PHONE[name] for name in ("max_output_tokens", "truncation", "prompt")},
    "audio": {
        "input": {"transcription": None, "noise_reduction": None, **PHONE["audio"]["input"]},
        "output": {"format": {"type": "audio/pcmu"}, "voice": "voice_1234", "speed": 1.1},
    },
}


@pytest.mark.parametrize(
    ("request_body", "life", "session"),
    [
        pytest.param(
            {"expires_after": {"anchor": "created_at", "seconds": 600}, "session": PLAIN},
            600,
            {**REALTIME, "instructions": PLAIN["instructions"]},
            id="example 1: plain realtime session",
        ),
        pytest.param(
            {"expires_after": {"seconds": 120}, "session": CAPTIONS},
            120,
            CAPTIONS_ANSWER,
            id="example 2: transcription session with an explicit null",
        ),
        pytest.param({"session": TOOLS}, 600, TOOLS_ANSWER, id="example 3: tools, without their credentials"),
        pytest.param({"session": PHONE}, 600, PHONE_ANSWER, id="example 4: semantic detection, custom voice, prompt"),
        pytest.param({}, 600, REALTIME, id="nothing at all"),
    ],
)
def test_a_client_secret_answers_the_session_with_its_defaults(request_body: Json, life: int, session: Json) -> None:
    assert_valid("RealtimeCreateClientSecretRequest", request_body)
    answer = ask(create_app(clock=Clock()), SECRETS, json=request_body)
    assert answer.status_code == 200
    found = answer.json()
    assert_valid("RealtimeCreateClientSecretResponse", found)
    assert found["value"].startswith("ek_")
    assert found["expires_at"] == int(NOW) + life
    echoed = copy.deepcopy(found["session"])
    assert echoed.pop("id").startswith("sess_")
    if "instructions" not in session:
        echoed.pop("instructions", None)
    assert echoed == session


def test_example_6_a_string_for_a_format() -> None:
    body = {
        "expires_after": {"seconds": 10, "anchor": "created_at"},
        "session": {"type": "realtime", "model": "gpt-realtime-2.1", "audio": {"input": {"format": "pcm16"}}},
    }
    answer = ask(create_app(), SECRETS, json=body)
    assert answer.status_code == 400
    assert error_of(answer) == {
        "message": "Invalid type for 'session.audio.input.format': expected an object, but got a string instead.",
        "type": "invalid_request_error",
        "param": "session.audio.input.format",
        "code": "invalid_type",
    }


def test_example_6_a_voice_that_does_not_exist() -> None:
    body = {"session": {"type": "realtime", "audio": {"output": {"voice": "nova"}}}}
    assert error_of(ask(create_app(), SECRETS, json=body)) == {
        "message": "Invalid value: 'nova'. Supported values are: 'alloy', 'ash', 'ballad', 'coral', 'echo', "
        "'sage', 'shimmer', 'verse', 'marin', and 'cedar'.",
        "type": "invalid_request_error",
        "param": "session.audio.output.voice",
        "code": "invalid_value",
    }


def test_example_6_an_unknown_attribute() -> None:
    body = {"session": {"type": "realtime", "modalities": ["audio"]}}
    assert error_of(ask(create_app(), SECRETS, json=body)) == {
        "message": "Unknown parameter: 'session.modalities'.",
        "type": "invalid_request_error",
        "param": "session.modalities",
        "code": "unknown_parameter",
    }


BETA = {"model": "gpt-realtime", "modalities": ["audio", "text"], "instructions": "You are a friendly assistant."}


def test_example_7_a_beta_session_as_documented() -> None:
    answer = ask(create_app(clock=Clock()), SESSIONS, json=BETA)
    assert answer.status_code == 200
    found = answer.json()
    assert_valid("RealtimeSessionCreateResponse", found)
    secret = found.pop("client_secret")
    assert secret["value"].startswith("ek_")
    assert secret["expires_at"] == int(NOW) + 60
    assert found.pop("id").startswith("sess_")
    assert found == {
        "object": "realtime.session",
        "expires_at": 0,
        **BETA,
        "voice": "alloy",
        "input_audio_format": "pcm16",
        "output_audio_format": "pcm16",
        "input_audio_transcription": None,
        "turn_detection": None,
        "tools": [],
        "tool_choice": "auto",
        "temperature": 0.8,
        "max_response_output_tokens": "inf",
        "speed": 1.0,
        "tracing": None,
    }


def test_example_7_a_beta_session_as_the_live_service_answers_it() -> None:
    answer = ask(create_app(beta_sessions=False), SESSIONS, json=BETA)
    assert answer.status_code == 404
    assert error_of(answer) == {
        "message": "Invalid URL (POST /v1/realtime/sessions)",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }


@pytest.mark.parametrize(
    ("requested", "answered"),
    [
        pytest.param({}, {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 200}, id="by default"),
        pytest.param({"turn_detection": None}, None, id="turned off"),
        pytest.param({"turn_detection": {"type": "semantic_vad", "eagerness": "high"}}, {"type": "semantic_vad"}, id="semantic"),
    ],
)  # fmt: skip
def test_a_transcription_session_shows_four_members_of_its_turn_detection(requested: Json, answered: Json) -> None:
    body = {"session": {"type": "transcription", "audio": {"input": requested}}}
    found = ask(create_app(), SECRETS, json=body).json()
    assert_valid("RealtimeCreateClientSecretResponse", found)
    assert found["session"]["audio"]["input"]["turn_detection"] == answered


def test_a_beta_session_answers_what_was_asked_for() -> None:
    asked: Json = {
        "voice": {"id": "voice_1234"},
        "turn_detection": {"threshold": 0.7},
        "input_audio_transcription": {"model": "whisper-1", "language": "en", "prompt": "rtf"},
        "input_audio_noise_reduction": {"type": "near_field"},
        "tools": [END_CALL],
        "tool_choice": "required",
        "temperature": 1,
        "max_response_output_tokens": 200,
        "speed": 1.5,
        "tracing": {"workflow_name": "support"},
        "truncation": "disabled",
        "prompt": {"id": "pmpt_1"},
        "client_secret": {"expires_after": {"anchor": "created_at", "seconds": 120}},
    }
    found = ask(create_app(clock=Clock()), SESSIONS, json=asked).json()
    assert_valid("RealtimeSessionCreateResponse", found)
    assert found["client_secret"]["expires_at"] == int(NOW) + 120
    assert found["voice"] == "voice_1234"
    assert found["turn_detection"]["threshold"] == 0.7
    same = ("input_audio_transcription", "tools", "tool_choice", "temperature", "speed", "tracing")
    assert {name: found[name] for name in same} == {name: asked[name] for name in same}


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
)
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2), max_leaves=4)  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in `value`: the container and the key or index."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_whatever_is_put_in_one_place_is_accepted_or_refused(data: st.DataObject) -> None:
    body = {"expires_after": {"anchor": "created_at", "seconds": 60}}
    body |= copy.deepcopy({"session": data.draw(st.sampled_from([TOOLS, PHONE, CAPTIONS]))})
    container, key = data.draw(st.sampled_from(places(body)))
    container[key] = data.draw(ANYTHING)
    answer = ask(create_app(), SECRETS, json=body)
    if answer.status_code == 200:
        assert_valid("RealtimeCreateClientSecretResponse", answer.json())
    else:
        assert (answer.status_code, error_of(answer)["type"]) == (400, "invalid_request_error")
