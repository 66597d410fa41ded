"""Every rule of the contract, by a request that breaks it: status, code, parameter and message."""

from typing import Any

import pytest

from providers.openai.emulator import create_app
from tests.providers.openai.emulator.support import SECRETS, SESSIONS, ask, call, error_of

Json = dict[str, Any]

TUNNEL = "tunnel_" + "a" * 32
URL = "https://mcp.example.com/sse"


def realtime(**members: Any) -> Json:
    return {"session": {"type": "realtime", **members}}


def audio_input(**members: Any) -> Json:
    return realtime(audio={"input": members})


def audio_output(**members: Any) -> Json:
    return realtime(audio={"output": members})


def vad(kind: str, **members: Any) -> Json:
    return audio_input(turn_detection={"type": kind, **members})


def function(**members: Any) -> Json:
    return realtime(tools=[{"type": "function", **members}])


def mcp(**members: Any) -> Json:
    return realtime(tools=[{"type": "mcp", "server_label": "orders", **members}])


def variable(value: Any) -> Json:
    return realtime(prompt={"id": "pmpt_1", "variables": {"city": value}})


def transcribing(**members: Any) -> Json:
    return {"session": {"type": "transcription", **members}}


INPUT = "session.audio.input"
DETECTION = f"{INPUT}.turn_detection"
OUTPUT = "session.audio.output"
TOOL = "session.tools[0]"
VARIABLE = "session.prompt.variables.city"

UNKNOWN, TYPE, VALUE, MISSING = "unknown_parameter", "invalid_type", "invalid_value", "missing_required_parameter"
TOO_SMALL, TOO_LARGE = "integer_below_min_value", "integer_above_max_value"
TOO_LOW, TOO_HIGH = "decimal_below_min_value", "decimal_above_max_value"

CLIENT_SECRET_RULES = [
    pytest.param([], None, TYPE, id="the body is an object"),
    pytest.param({"name": "x"}, "name", UNKNOWN, id="unknown member of the body"),
    pytest.param({"expires_after": 600}, "expires_after", TYPE, id="expires_after is an object"),
    pytest.param({"expires_after": {"anchor": "now"}}, "expires_after.anchor", VALUE, id="anchor is closed"),
    pytest.param({"expires_after": {"seconds": 9}}, "expires_after.seconds", TOO_SMALL, id="seconds from 10"),
    pytest.param({"expires_after": {"seconds": 7201}}, "expires_after.seconds", TOO_LARGE, id="seconds to 7200"),
    pytest.param({"expires_after": {"seconds": 60.0}}, "expires_after.seconds", TYPE, id="seconds have no fraction"),
    pytest.param({"expires_after": {"seconds": True}}, "expires_after.seconds", TYPE, id="true is no integer"),
    pytest.param({"expires_after": {"minutes": 1}}, "expires_after.minutes", UNKNOWN, id="unknown expiry member"),
    pytest.param({"session": None}, "session", TYPE, id="the session is not null"),
    pytest.param({"session": {}}, "session.type", MISSING, id="the session has a type"),
    pytest.param({"session": {"type": "chat"}}, "session.type", VALUE, id="the type is closed"),
    pytest.param({"session": {"type": None}}, "session.type", TYPE, id="the type is not null"),
    pytest.param(realtime(modalities=["audio"]), "session.modalities", UNKNOWN, id="a member of the beta"),
    pytest.param(realtime(temperature=0.8), "session.temperature", UNKNOWN, id="no temperature any more"),
    pytest.param(realtime(model=7), "session.model", TYPE, id="the model is a string"),
    pytest.param(realtime(model=None), "session.model", TYPE, id="the model is not null"),
    pytest.param(realtime(instructions=[]), "session.instructions", TYPE, id="instructions are a string"),
    pytest.param(realtime(output_modalities="audio"), "session.output_modalities", TYPE, id="modalities are a list"),
    pytest.param(realtime(output_modalities=["video"]), "session.output_modalities[0]", VALUE, id="modality"),
    pytest.param(realtime(output_modalities=["audio", "text"]), "session.output_modalities", VALUE, id="not both"),
    pytest.param(realtime(output_modalities=[]), "session.output_modalities", VALUE, id="one modality"),
    pytest.param(realtime(audio=None), "session.audio", TYPE, id="audio is not null"),
    pytest.param(realtime(audio={"voice": "alloy"}), "session.audio.voice", UNKNOWN, id="unknown audio member"),
    pytest.param(audio_input(format="pcm16"), f"{INPUT}.format", TYPE, id="the format is an object"),
    pytest.param(audio_input(format={"type": "pcm16"}), f"{INPUT}.format.type", VALUE, id="format types are closed"),
    pytest.param(audio_input(format={"rate": 16000}), f"{INPUT}.format.rate", VALUE, id="one rate only"),
    pytest.param(audio_input(format={"type": "audio/pcmu", "rate": 24000}), f"{INPUT}.format.rate", UNKNOWN, id="rate only with pcm"),
    pytest.param(audio_output(format={"type": "audio/pcma", "rate": 8000}), f"{OUTPUT}.format.rate", UNKNOWN, id="output rate only with pcm"),
    pytest.param(audio_input(transcription={"delay": "none"}), f"{INPUT}.transcription.delay", VALUE, id="delays are closed"),
    pytest.param(audio_input(transcription={"languages": []}), f"{INPUT}.transcription.languages", "empty_array", id="languages are not empty"),
    pytest.param(audio_input(transcription={"keywords": [1]}), f"{INPUT}.transcription.keywords[0]", TYPE, id="keywords are strings"),
    pytest.param(audio_input(transcription={"word": ""}), f"{INPUT}.transcription.word", UNKNOWN, id="unknown transcription member"),
    pytest.param(audio_input(noise_reduction={"type": "none"}), f"{INPUT}.noise_reduction.type", VALUE, id="noise reductions are closed"),
    pytest.param(audio_input(noise_reduction={"strength": "1"}), f"{INPUT}.noise_reduction.strength", TYPE, id="strength is a number"),
    pytest.param(audio_input(turn_detection={}), f"{DETECTION}.type", MISSING, id="detection has a type"),
    pytest.param(vad("none"), f"{DETECTION}.type", VALUE, id="detection types are closed"),
    pytest.param(vad("server_vad", threshold=1.1), f"{DETECTION}.threshold", TOO_HIGH, id="threshold to 1"),
    pytest.param(vad("server_vad", threshold=-0.1), f"{DETECTION}.threshold", TOO_LOW, id="threshold from 0"),
    pytest.param(vad("server_vad", prefix_padding_ms=-1), f"{DETECTION}.prefix_padding_ms", TOO_SMALL, id="padding from 0"),
    pytest.param(vad("server_vad", silence_duration_ms=-1), f"{DETECTION}.silence_duration_ms", TOO_SMALL, id="silence from 0"),
    pytest.param(vad("server_vad", idle_timeout_ms=4999), f"{DETECTION}.idle_timeout_ms", TOO_SMALL, id="idle from 5000"),
    pytest.param(vad("server_vad", idle_timeout_ms=30001), f"{DETECTION}.idle_timeout_ms", TOO_LARGE, id="idle to 30000"),
    pytest.param(vad("server_vad", create_response="yes"), f"{DETECTION}.create_response", TYPE, id="create_response is a boolean"),
    pytest.param(vad("server_vad", interrupt_response=1), f"{DETECTION}.interrupt_response", TYPE, id="1 is no boolean"),
    pytest.param(vad("server_vad", eagerness="low"), f"{DETECTION}.eagerness", UNKNOWN, id="eagerness is semantic"),
    pytest.param(vad("semantic_vad", eagerness="fast"), f"{DETECTION}.eagerness", VALUE, id="eagerness is closed"),
    pytest.param(vad("semantic_vad", threshold=0.5), f"{DETECTION}.threshold", UNKNOWN, id="threshold is of the server"),
    pytest.param(vad("semantic_vad", prefix_padding_ms=1), f"{DETECTION}.prefix_padding_ms", UNKNOWN, id="padding is of the server"),
    pytest.param(vad("semantic_vad", silence_duration_ms=1), f"{DETECTION}.silence_duration_ms", UNKNOWN, id="silence is of the server"),
    pytest.param(vad("semantic_vad", idle_timeout_ms=5000), f"{DETECTION}.idle_timeout_ms", UNKNOWN, id="idle is of the server"),
    pytest.param(audio_output(voice="nova"), f"{OUTPUT}.voice", VALUE, id="voices are closed"),
    pytest.param(audio_output(voice={}), f"{OUTPUT}.voice.id", MISSING, id="a custom voice has an id"),
    pytest.param(audio_output(voice={"id": "voice_1", "name": "x"}), f"{OUTPUT}.voice.name", UNKNOWN, id="and nothing else"),
    pytest.param(audio_output(voice=1), f"{OUTPUT}.voice", TYPE, id="a voice is no number"),
    pytest.param(audio_output(speed=0.24), f"{OUTPUT}.speed", TOO_LOW, id="speed from 0.25"),
    pytest.param(audio_output(speed=2), f"{OUTPUT}.speed", TOO_HIGH, id="speed to 1.5"),
    pytest.param(realtime(include=["everything"]), "session.include[0]", VALUE, id="include is closed"),
    pytest.param(realtime(tracing="on"), "session.tracing", VALUE, id="tracing is auto"),
    pytest.param(realtime(tracing=True), "session.tracing", TYPE, id="tracing is no boolean"),
    pytest.param(realtime(tracing={"metadata": "x"}), "session.tracing.metadata", TYPE, id="metadata is an object"),
    pytest.param(realtime(tracing={"name": "x"}), "session.tracing.name", UNKNOWN, id="unknown tracing member"),
    pytest.param(realtime(tools={}), "session.tools", TYPE, id="tools are a list"),
    pytest.param(realtime(tools=[{"type": "web"}]), f"{TOOL}.type", VALUE, id="tool types are closed"),
    pytest.param(function(), f"{TOOL}.name", MISSING, id="a function has a name"),
    pytest.param(realtime(tools=[{"description": "x"}]), f"{TOOL}.name", MISSING, id="a tool without type is a function"),
    pytest.param(function(name="f", foo=1), f"{TOOL}.foo", UNKNOWN, id="unknown function member"),
    pytest.param(function(name="f", server_label="x"), f"{TOOL}.server_label", UNKNOWN, id="functions have no server"),
    pytest.param(function(name="f", parameters="{}"), f"{TOOL}.parameters", TYPE, id="parameters are an object"),
    pytest.param(realtime(tools=[{"type": "mcp", "server_url": URL}]), f"{TOOL}.server_label", MISSING, id="mcp has a label"),
    pytest.param(mcp(), TOOL, MISSING, id="mcp needs one of three"),
    pytest.param(mcp(server_url="mcp.example.com"), f"{TOOL}.server_url", VALUE, id="the server is a URI"),
    pytest.param(mcp(connector_id="connector_fax"), f"{TOOL}.connector_id", VALUE, id="connectors are closed"),
    pytest.param(mcp(tunnel_id="tunnel_A"), f"{TOOL}.tunnel_id", VALUE, id="tunnels have a pattern"),
    pytest.param(mcp(server_url=URL, name="f"), f"{TOOL}.name", UNKNOWN, id="mcp has no name"),
    pytest.param(mcp(server_url=URL, authorization=None), f"{TOOL}.authorization", TYPE, id="authorization is not null"),
    pytest.param(mcp(server_url=URL, headers={"X": 1}), f"{TOOL}.headers.X", TYPE, id="headers are strings"),
    pytest.param(mcp(server_url=URL, allowed_tools="f"), f"{TOOL}.allowed_tools", TYPE, id="allowed tools"),
    pytest.param(mcp(server_url=URL, allowed_tools={"names": []}), f"{TOOL}.allowed_tools.names", UNKNOWN, id="filters are closed"),
    pytest.param(mcp(server_url=URL, allowed_callers=[]), f"{TOOL}.allowed_callers", "empty_array", id="callers are not empty"),
    pytest.param(mcp(server_url=URL, allowed_callers=["me"]), f"{TOOL}.allowed_callers[0]", VALUE, id="callers are closed"),
    pytest.param(mcp(server_url=URL, require_approval="maybe"), f"{TOOL}.require_approval", VALUE, id="approvals are closed"),
    pytest.param(mcp(server_url=URL, require_approval={"ask": {}}), f"{TOOL}.require_approval.ask", UNKNOWN, id="approval filters"),
    pytest.param(mcp(server_url=URL, require_approval={"never": {"read_only": 1}}), f"{TOOL}.require_approval.never.read_only", TYPE, id="read_only is a boolean"),
    pytest.param(mcp(server_url=URL, defer_loading="no"), f"{TOOL}.defer_loading", TYPE, id="defer_loading is a boolean"),
    pytest.param(realtime(tool_choice="any"), "session.tool_choice", VALUE, id="choices are closed"),
    pytest.param(realtime(tool_choice={"name": "f"}), "session.tool_choice.type", MISSING, id="a choice has a type"),
    pytest.param(realtime(tool_choice={"type": "function"}), "session.tool_choice.name", MISSING, id="a function choice has a name"),
    pytest.param(realtime(tool_choice={"type": "mcp", "name": "f"}), "session.tool_choice.server_label", MISSING, id="an mcp choice has a label"),
    pytest.param(realtime(tool_choice={"type": "function", "name": "f", "server_label": "x"}), "session.tool_choice.server_label", UNKNOWN, id="function choices have no server"),
    pytest.param(realtime(parallel_tool_calls="no"), "session.parallel_tool_calls", TYPE, id="parallel is a boolean"),
    pytest.param(realtime(reasoning={"effort": "max"}), "session.reasoning.effort", VALUE, id="efforts are closed"),
    pytest.param(realtime(reasoning={"summary": "x"}), "session.reasoning.summary", UNKNOWN, id="unknown reasoning member"),
    pytest.param(realtime(max_output_tokens=0), "session.max_output_tokens", TOO_SMALL, id="tokens from 1"),
    pytest.param(realtime(max_output_tokens=4097), "session.max_output_tokens", TOO_LARGE, id="tokens to 4096"),
    pytest.param(realtime(max_output_tokens="4096"), "session.max_output_tokens", VALUE, id="or inf"),
    pytest.param(realtime(max_output_tokens=1.5), "session.max_output_tokens", TYPE, id="tokens are whole"),
    pytest.param(realtime(truncation="none"), "session.truncation", VALUE, id="truncations are closed"),
    pytest.param(realtime(truncation={"retention_ratio": 0.5}), "session.truncation.type", MISSING, id="a ratio has a type"),
    pytest.param(realtime(truncation={"type": "retention_ratio"}), "session.truncation.retention_ratio", MISSING, id="and a ratio"),
    pytest.param(realtime(truncation={"type": "retention_ratio", "retention_ratio": 1.5}), "session.truncation.retention_ratio", TOO_HIGH, id="to 1"),
    pytest.param(realtime(truncation={"type": "retention_ratio", "retention_ratio": 1, "token_limits": {"post_instructions": -1}}), "session.truncation.token_limits.post_instructions", TOO_SMALL, id="limits from 0"),
    pytest.param(realtime(prompt={}), "session.prompt.id", MISSING, id="a prompt has an id"),
    pytest.param(realtime(prompt={"id": "p", "version": 3}), "session.prompt.version", TYPE, id="a version is a string"),
    pytest.param(variable(7), VARIABLE, TYPE, id="a variable is no number"),
    pytest.param(variable({"text": "x"}), f"{VARIABLE}.type", MISSING, id="a variable has a type"),
    pytest.param(variable({"type": "input_audio"}), f"{VARIABLE}.type", VALUE, id="variable types are closed"),
    pytest.param(variable({"type": "input_text"}), f"{VARIABLE}.text", MISSING, id="text has text"),
    pytest.param(variable({"type": "input_image"}), f"{VARIABLE}.detail", MISSING, id="an image has a detail"),
    pytest.param(variable({"type": "input_image", "detail": "max"}), f"{VARIABLE}.detail", VALUE, id="image details are closed"),
    pytest.param(variable({"type": "input_file", "detail": "original"}), f"{VARIABLE}.detail", VALUE, id="file details are closed"),
    pytest.param(variable({"type": "input_file", "file_url": "x"}), f"{VARIABLE}.file_url", VALUE, id="a file URL is a URI"),
    pytest.param(variable({"type": "input_text", "text": "x", "prompt_cache_breakpoint": {}}), f"{VARIABLE}.prompt_cache_breakpoint.mode", MISSING, id="a breakpoint has a mode"),
    pytest.param(variable({"type": "input_text", "text": "x", "prompt_cache_breakpoint": {"mode": "auto"}}), f"{VARIABLE}.prompt_cache_breakpoint.mode", VALUE, id="which is explicit"),
    pytest.param(transcribing(model="gpt-realtime-whisper"), "session.model", UNKNOWN, id="transcriptions have no model"),
    pytest.param(transcribing(instructions="x"), "session.instructions", UNKNOWN, id="nor instructions"),
    pytest.param(transcribing(audio={"output": {}}), "session.audio.output", UNKNOWN, id="nor output"),
]  # fmt: skip

BETA_RULES = [
    pytest.param({"type": "realtime"}, "type", UNKNOWN, id="no type"),
    pytest.param({"audio": {}}, "audio", UNKNOWN, id="no audio object"),
    pytest.param({"output_modalities": ["text"]}, "output_modalities", UNKNOWN, id="old names only"),
    pytest.param({"modalities": ["video"]}, "modalities[0]", VALUE, id="modalities are closed"),
    pytest.param({"voice": "nova"}, "voice", VALUE, id="voices are closed"),
    pytest.param({"voice": {"name": "x"}}, "voice.id", MISSING, id="a custom voice has an id"),
    pytest.param({"input_audio_format": "mp3"}, "input_audio_format", VALUE, id="input formats are closed"),
    pytest.param({"output_audio_format": {}}, "output_audio_format", TYPE, id="formats are strings"),
    pytest.param({"input_audio_transcription": {"delay": "low"}}, "input_audio_transcription.delay", UNKNOWN, id="no delay"),
    pytest.param({"input_audio_noise_reduction": {"strength": 1}}, "input_audio_noise_reduction.strength", UNKNOWN, id="no strength"),
    pytest.param({"turn_detection": {"eagerness": "low"}}, "turn_detection.eagerness", UNKNOWN, id="detection is the server's"),
    pytest.param({"turn_detection": {"idle_timeout_ms": 5000}}, "turn_detection.idle_timeout_ms", UNKNOWN, id="no idle timeout"),
    pytest.param({"turn_detection": {"threshold": 2}}, "turn_detection.threshold", TOO_HIGH, id="threshold to 1"),
    pytest.param({"tools": [{"type": "mcp"}]}, "tools[0].type", VALUE, id="functions only"),
    pytest.param({"tool_choice": {"type": "function"}}, "tool_choice", TYPE, id="a choice is a string"),
    pytest.param({"temperature": 0.5}, "temperature", TOO_LOW, id="temperature from 0.6"),
    pytest.param({"temperature": 1.3}, "temperature", TOO_HIGH, id="temperature to 1.2"),
    pytest.param({"max_response_output_tokens": 5000}, "max_response_output_tokens", TOO_LARGE, id="tokens to 4096"),
    pytest.param({"speed": 2}, "speed", TOO_HIGH, id="speed to 1.5"),
    pytest.param({"client_secret": {"value": "x"}}, "client_secret.value", UNKNOWN, id="the secret is not chosen"),
    pytest.param({"client_secret": {"expires_after": {"seconds": 60}}}, "client_secret.expires_after.anchor", MISSING, id="an expiry has an anchor"),
    pytest.param({"client_secret": {"expires_after": {"anchor": "created_at", "seconds": 9}}}, "client_secret.expires_after.seconds", TOO_SMALL, id="seconds from 10"),
    pytest.param({"prompt": {"version": "1"}}, "prompt.id", MISSING, id="a prompt has an id"),
]  # fmt: skip

CALL_RULES = [
    pytest.param({"type": "transcription"}, "session.type", VALUE, id="no transcription"),
    pytest.param({"model": "gpt-realtime-2.1"}, "session.type", MISSING, id="a type"),
    pytest.param({"type": "realtime", "speed": 1}, "session.speed", UNKNOWN, id="unknown member"),
    pytest.param([], "session", TYPE, id="an object"),
]


def assert_refused(answer: Any, param: str | None, code: str) -> None:
    error = error_of(answer)
    assert (answer.status_code, error["type"]) == (400, "invalid_request_error")
    assert (error["param"], error["code"]) == (param, code), error["message"]
    if param:
        assert param in error["message"] or code == VALUE


@pytest.mark.parametrize(("body", "param", "code"), CLIENT_SECRET_RULES)
def test_a_client_secret_is_refused_for_its_first_problem(body: Any, param: str | None, code: str) -> None:
    assert_refused(ask(create_app(), SECRETS, json=body), param, code)


@pytest.mark.parametrize(("body", "param", "code"), BETA_RULES)
def test_a_beta_session_is_refused_for_its_first_problem(body: Any, param: str, code: str) -> None:
    assert_refused(ask(create_app(), SESSIONS, json=body), param, code)


@pytest.mark.parametrize(("session", "param", "code"), CALL_RULES)
def test_the_session_of_a_call_is_refused_for_its_first_problem(session: Any, param: str, code: str) -> None:
    assert_refused(call(create_app(), session), param, code)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param([], "Invalid type for the request body: expected an object, but got an array instead.", id="body"),
        pytest.param(
            {"expires_after": {"anchor": "now"}},
            "Invalid value: 'now'. Supported values are: 'created_at'.",
            id="closed set of one",
        ),
        pytest.param(
            {"session": {"type": "chat"}},
            "Invalid value: 'chat'. Supported values are: 'realtime' and 'transcription'.",
            id="closed set of two",
        ),
        pytest.param(
            realtime(max_output_tokens=5000),
            "Invalid 'session.max_output_tokens': integer above maximum value. "
            "Expected a value <= 4096, but got 5000 instead.",
            id="range",
        ),
        pytest.param(
            realtime(tracing=7),
            "Invalid type for 'session.tracing': expected one of a string or an object or null, "
            "but got an integer instead.",
            id="union",
        ),
        pytest.param(
            realtime(output_modalities=["audio", "text"]),
            "Invalid value: ['audio', 'text']. Supported combinations are: ['audio'] and ['text'].",
            id="combination",
        ),
        pytest.param({"session": {}}, "Missing required parameter: 'session.type'.", id="missing"),
        pytest.param(
            mcp(),
            "Missing required parameter: one of 'server_url', 'connector_id', or 'tunnel_id' is needed "
            "in 'session.tools[0]'.",
            id="one of several",
        ),
    ],
)
def test_messages_say_what_was_expected(body: Any, message: str) -> None:
    assert error_of(ask(create_app(), SECRETS, json=body))["message"] == message
