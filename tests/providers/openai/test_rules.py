"""Section 7 of the contract: what is refused or warned about before any request, each next to what is fine."""

from typing import Any

import pytest

from providers.openai.resources.call import Call
from providers.openai.resources.client_secret import ClientSecret
from providers.openai.resources.session import BetaSession
from providers.resource import Resource
from providers.unknown import UNKNOWN

OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n"
TUNNEL = "tunnel_0123456789abcdefghijklmnopqrstuv"


def realtime(**members: Any) -> dict[str, Any]:
    return {"session": {"type": "realtime", **members}}


def hearing(**members: Any) -> dict[str, Any]:
    return realtime(audio={"input": members})


def saying(**members: Any) -> dict[str, Any]:
    return realtime(audio={"output": members})


def turns(**members: Any) -> dict[str, Any]:
    return hearing(turn_detection=members)


def tool(**members: Any) -> dict[str, Any]:
    return realtime(tools=[members])


def mcp(**members: Any) -> dict[str, Any]:
    return tool(type="mcp", server_label="a", **{"server_url": "https://mcp.example.com", **members})


def variable(value: Any) -> dict[str, Any]:
    return realtime(prompt={"id": "pmpt_1", "variables": {"x": value}})


TD = ("session", "audio", "input", "turn_detection")
OUT = ("session", "audio", "output")
TOOL = ("session", "tools", 0)
VARIABLE = ("session", "prompt", "variables", "x")


@pytest.mark.parametrize(
    ("data", "path"),
    [
        # 1
        pytest.param({"expires_after": {"anchor": "created_at", "seconds": 10}}, None, id="1 shortest life"),
        pytest.param({"expires_after": {"seconds": 7200}}, None, id="1 longest life"),
        pytest.param({"expires_after": {"seconds": 600.0}}, None, id="1 a whole number written as a fraction"),
        pytest.param({"expires_after": {"seconds": 9}}, ("expires_after", "seconds"), id="1 life too short"),
        pytest.param({"expires_after": {"seconds": 7201}}, ("expires_after", "seconds"), id="1 life too long"),
        pytest.param({"expires_after": {"seconds": 60.5}}, ("expires_after", "seconds"), id="1 life with a fraction"),
        pytest.param({"expires_after": {"seconds": True}}, ("expires_after", "seconds"), id="1 life a bool"),
        pytest.param({"expires_after": {"anchor": "now"}}, ("expires_after", "anchor"), id="1 other anchor"),
        # 2
        pytest.param({}, None, id="2 no session"),
        pytest.param(realtime(), None, id="2 realtime"),
        pytest.param({"session": {"type": "transcription"}}, None, id="2 transcription"),
        pytest.param({"session": {}}, ("session", "type"), id="2 type missing"),
        pytest.param({"session": {"type": "chat"}}, ("session", "type"), id="2 type unknown"),
        # 3
        pytest.param({"session": {"type": "transcription", "audio": {"input": {"format": {"type": "audio/pcm"}}}, "include": ["item.input_audio_transcription.logprobs"]}}, None, id="3 what transcription knows"),
        pytest.param({"session": {"type": "transcription", "prompt": None, "tools": None}}, None, id="3 nulls that are not sent"),
        pytest.param({"session": {"type": "transcription", "instructions": "x"}}, ("session", "instructions"), id="3 instructions"),
        pytest.param({"session": {"type": "transcription", "model": "gpt-realtime-2.1"}}, ("session", "model"), id="3 model"),
        pytest.param({"session": {"type": "transcription", "tracing": None}}, ("session", "tracing"), id="3 a null that would be sent"),
        pytest.param({"session": {"type": "transcription", "audio": {"output": {"speed": 1}}}}, ("session", "audio", "output"), id="3 output"),
        # 4
        pytest.param(realtime(output_modalities=["audio"]), None, id="4 audio"),
        pytest.param(realtime(output_modalities=["text"]), None, id="4 text"),
        pytest.param(realtime(output_modalities=["audio", "text"]), ("session", "output_modalities"), id="4 both"),
        pytest.param(realtime(output_modalities=[]), ("session", "output_modalities"), id="4 none"),
        pytest.param(realtime(output_modalities=["video"]), ("session", "output_modalities", 0), id="4 unknown"),
        # 5
        pytest.param(realtime(max_output_tokens=1), None, id="5 fewest tokens"),
        pytest.param(realtime(max_output_tokens=4096), None, id="5 most tokens"),
        pytest.param(realtime(max_output_tokens="inf"), None, id="5 no limit"),
        pytest.param(realtime(max_output_tokens=0), ("session", "max_output_tokens"), id="5 no tokens"),
        pytest.param(realtime(max_output_tokens=4097), ("session", "max_output_tokens"), id="5 too many tokens"),
        pytest.param(realtime(max_output_tokens=1.5), ("session", "max_output_tokens"), id="5 half a token"),
        pytest.param(realtime(max_output_tokens="all"), ("session", "max_output_tokens"), id="5 another word"),
        pytest.param(realtime(max_output_tokens=True), ("session", "max_output_tokens"), id="5 a bool"),
        # 6
        pytest.param(saying(speed=0.25), None, id="6 slowest"),
        pytest.param(saying(speed=1.5), None, id="6 fastest"),
        pytest.param(saying(speed=0.24), (*OUT, "speed"), id="6 too slow"),
        pytest.param(saying(speed=1.51), (*OUT, "speed"), id="6 too fast"),
        pytest.param(turns(type="server_vad", threshold=0), None, id="6 lowest threshold"),
        pytest.param(turns(type="server_vad", threshold=1), None, id="6 highest threshold"),
        pytest.param(turns(type="server_vad", threshold=-0.1), (*TD, "threshold"), id="6 threshold below"),
        pytest.param(turns(type="server_vad", threshold=1.1), (*TD, "threshold"), id="6 threshold above"),
        pytest.param(turns(type="server_vad", idle_timeout_ms=5000), None, id="6 shortest idle timeout"),
        pytest.param(turns(type="server_vad", idle_timeout_ms=30000), None, id="6 longest idle timeout"),
        pytest.param(turns(type="server_vad", idle_timeout_ms=4999), (*TD, "idle_timeout_ms"), id="6 idle timeout too short"),
        pytest.param(turns(type="server_vad", idle_timeout_ms=30001), (*TD, "idle_timeout_ms"), id="6 idle timeout too long"),
        pytest.param(turns(type="server_vad", prefix_padding_ms=-1), (*TD, "prefix_padding_ms"), id="6 padding below 0"),
        pytest.param(turns(type="server_vad", silence_duration_ms=-1), (*TD, "silence_duration_ms"), id="6 silence below 0"),
        pytest.param(realtime(truncation={"type": "retention_ratio", "retention_ratio": 1, "token_limits": {"post_instructions": 0}}), None, id="6 keep everything"),
        pytest.param(realtime(truncation={"type": "retention_ratio", "retention_ratio": 1.1}), ("session", "truncation", "retention_ratio"), id="6 keep more"),
        pytest.param(realtime(truncation={"type": "retention_ratio", "retention_ratio": -0.1}), ("session", "truncation", "retention_ratio"), id="6 keep less than nothing"),
        pytest.param(realtime(truncation={"type": "retention_ratio", "retention_ratio": 1, "token_limits": {"post_instructions": -1}}), ("session", "truncation", "token_limits", "post_instructions"), id="6 limit below 0"),
        # 7
        pytest.param(turns(type="server_vad", threshold=0.5, prefix_padding_ms=0, silence_duration_ms=0, create_response=True, interrupt_response=False), None, id="7 server vad"),
        pytest.param(turns(type="semantic_vad", eagerness="low", create_response=True, interrupt_response=False, idle_timeout_ms=None), None, id="7 semantic vad"),
        pytest.param(turns(type="server_vad", eagerness="low"), (*TD, "eagerness"), id="7 eager server"),
        pytest.param(turns(type="semantic_vad", threshold=0.5), (*TD, "threshold"), id="7 semantic threshold"),
        pytest.param(turns(type="semantic_vad", prefix_padding_ms=1), (*TD, "prefix_padding_ms"), id="7 semantic padding"),
        pytest.param(turns(type="semantic_vad", silence_duration_ms=1), (*TD, "silence_duration_ms"), id="7 semantic silence"),
        pytest.param(turns(type="semantic_vad", idle_timeout_ms=5000), (*TD, "idle_timeout_ms"), id="7 semantic idle timeout"),
        pytest.param(turns(type=UNKNOWN, threshold=0.5, eagerness="low"), None, id="7 type not known yet"),
        pytest.param(turns(threshold=0.5), (*TD, "type"), id="7 type missing"),
        # 8
        pytest.param(hearing(format={"type": "audio/pcm", "rate": 24000}), None, id="8 pcm"),
        pytest.param(hearing(format={"rate": 24000}), None, id="8 pcm by default"),
        pytest.param(hearing(format={"type": "audio/pcmu"}), None, id="8 mu-law"),
        pytest.param(hearing(format={"type": "audio/pcm", "rate": 16000}), ("session", "audio", "input", "format", "rate"), id="8 other rate"),
        pytest.param(saying(format={"type": "audio/pcma", "rate": 24000}), (*OUT, "format", "rate"), id="8 rate of A-law"),
        pytest.param(hearing(format="pcm16"), ("session", "audio", "input", "format"), id="8 a bare string"),
        # 9
        pytest.param(saying(voice={"id": "voice_1"}), None, id="9 custom voice"),
        pytest.param(saying(voice={"id": "voice_1", "name": "x"}), (*OUT, "voice", "name"), id="9 more than an id"),
        pytest.param(saying(voice={}), (*OUT, "voice", "id"), id="9 no id"),
        pytest.param(realtime(truncation="disabled"), None, id="9 no truncation"),
        pytest.param(realtime(truncation={"retention_ratio": 0.5}), ("session", "truncation", "type"), id="9 truncation without type"),
        pytest.param(realtime(truncation={"type": "retention_ratio"}), ("session", "truncation", "retention_ratio"), id="9 truncation without ratio"),
        pytest.param(realtime(tool_choice="required"), None, id="9 some tool"),
        pytest.param(realtime(tool_choice="any"), ("session", "tool_choice"), id="9 unknown mode"),
        pytest.param(realtime(tool_choice={"type": "function", "name": "f"}), None, id="9 one function"),
        pytest.param(realtime(tool_choice={"type": "function"}), ("session", "tool_choice", "name"), id="9 which function"),
        pytest.param(realtime(tool_choice={"type": "function", "name": "f", "server_label": "s"}), ("session", "tool_choice", "server_label"), id="9 function of a server"),
        pytest.param(realtime(tool_choice={"type": "mcp", "server_label": "s", "name": None}), None, id="9 one server"),
        pytest.param(realtime(tool_choice={"type": "mcp", "name": "f"}), ("session", "tool_choice", "server_label"), id="9 which server"),
        pytest.param(variable("Oslo"), None, id="9 prompt"),
        pytest.param(realtime(prompt={"version": "1"}), ("session", "prompt", "id"), id="9 prompt without id"),
        pytest.param(variable({"type": "input_text", "text": "x"}), None, id="9 text variable"),
        pytest.param(variable({"type": "input_text"}), (*VARIABLE, "text"), id="9 text without text"),
        pytest.param(variable({"type": "input_image", "detail": "original", "image_url": "https://example.com/a.png"}), None, id="9 image variable"),
        pytest.param(variable({"type": "input_image"}), (*VARIABLE, "detail"), id="9 image without detail"),
        pytest.param(variable({"type": "input_file", "file_url": "https://example.com/a.pdf", "detail": "high"}), None, id="9 file variable"),
        pytest.param(variable({"type": "input_file", "detail": "original"}), (*VARIABLE, "detail"), id="9 file detail"),
        pytest.param(variable({"type": "input_text", "text": "x", "file_id": "f"}), (*VARIABLE, "file_id"), id="9 text with a file"),
        pytest.param(variable(5), VARIABLE, id="9 variable of another kind"),
        pytest.param(mcp(allowed_tools={"tool_names": ["a"], "read_only": True}), None, id="9 filter"),
        pytest.param(mcp(allowed_tools={"names": ["a"]}), (*TOOL, "allowed_tools", "names"), id="9 unknown filter"),
        pytest.param(mcp(require_approval={"always": {"read_only": False}, "never": {"tool_names": ["a"]}}), None, id="9 approval"),
        pytest.param(mcp(require_approval={"sometimes": {}}), (*TOOL, "require_approval", "sometimes"), id="9 unknown approval"),
        pytest.param(mcp(require_approval="sometimes"), (*TOOL, "require_approval"), id="9 unknown approval word"),
        # 10
        pytest.param(mcp(), None, id="10 server by url"),
        pytest.param(tool(type="mcp", server_label="a", tunnel_id=TUNNEL), None, id="10 server by tunnel"),
        pytest.param(tool(type="mcp", server_label="a", tunnel_id=UNKNOWN), None, id="10 tunnel not known yet"),
        pytest.param(tool(type="mcp", server_label="a", tunnel_id="tunnel_X"), (*TOOL, "tunnel_id"), id="10 malformed tunnel"),
        pytest.param(tool(type="mcp", server_label="a", connector_id="connector_fax"), (*TOOL, "connector_id"), id="10 unknown connector"),
        pytest.param(tool(type="mcp", server_url="https://mcp.example.com"), (*TOOL, "server_label"), id="10 no label"),
        pytest.param(tool(type="mcp", server_label="a"), TOOL, id="10 no server"),
        pytest.param(mcp(allowed_callers=["direct", "programmatic"]), None, id="10 callers"),
        pytest.param(mcp(allowed_callers=[]), (*TOOL, "allowed_callers"), id="10 no callers"),
        pytest.param(mcp(name="f"), (*TOOL, "name"), id="10 server with a function's name"),
        pytest.param(tool(type="function", name="f", parameters={"type": "object"}), None, id="10 function"),
        pytest.param(tool(type="function", name="f", parameters='{"type": "object"}'), None, id="10 parameters as JSON text"),
        pytest.param(tool(type="function", name="f", parameters="[1]"), (*TOOL, "parameters"), id="10 parameters no object"),
        pytest.param(tool(type="function", name="f", parameters="{"), (*TOOL, "parameters"), id="10 parameters no JSON"),
        pytest.param(tool(type="function", name="f", headers={"a": "b"}), (*TOOL, "headers"), id="10 function with headers"),
        pytest.param(tool(type="function"), (*TOOL, "name"), id="10 nameless function"),
        pytest.param(tool(name="f"), (*TOOL, "type"), id="10 tool without type"),
        # 11
        pytest.param(hearing(transcription={"model": "gpt-transcribe", "languages": ["en"]}), None, id="11 languages"),
        pytest.param(hearing(transcription={"model": "gpt-transcribe", "languages": []}), ("session", "audio", "input", "transcription", "languages"), id="11 no languages"),
        # 12
        pytest.param(realtime(modalities=["audio"]), ("session", "modalities"), id="12 attribute of the beta"),
        pytest.param(realtime(temperature=0.8), ("session", "temperature"), id="12 removed attribute"),
        pytest.param(hearing(turn_detect=None), ("session", "audio", "input", "turn_detect"), id="12 misspelt"),
        pytest.param({"sesion": {}}, ("sesion",), id="12 misspelt at the top"),
        pytest.param(realtime(reasoning={"effort": "xhigh"}), None, id="12 reasoning"),
        pytest.param(realtime(reasoning={"effort": "huge"}), ("session", "reasoning", "effort"), id="12 unknown effort"),
        pytest.param(realtime(tracing="auto"), None, id="12 tracing"),
        pytest.param(realtime(tracing="on"), ("session", "tracing"), id="12 unknown tracing"),
        pytest.param(realtime(tracing={"metadata": '{"a": 1}'}), None, id="12 metadata as JSON text"),
        pytest.param(realtime(tracing={"metadata": "a"}), ("session", "tracing", "metadata"), id="12 metadata no JSON"),
    ],
)  # fmt: skip
def test_client_secrets_are_checked(data: dict[str, Any], path: tuple[str | int, ...] | None) -> None:
    errors = [problem for problem in ClientSecret.check(data) if problem.severity == "error"]
    assert [problem.path for problem in errors] == ([] if path is None else [path])


@pytest.mark.parametrize(
    ("resource", "data", "path"),
    [
        pytest.param(Call, {"sdp": OFFER, **realtime(model="gpt-realtime-2.1")}, None, id="2 realtime call"),
        pytest.param(Call, {"sdp": OFFER, "session": {"type": "transcription"}}, ("session", "type"), id="2 transcription call"),
        pytest.param(Call, {"sdp": UNKNOWN, **realtime()}, None, id="offer not known yet"),
        pytest.param(Call, realtime(), ("sdp",), id="no offer"),
        pytest.param(Call, {"sdp": "hello", **realtime()}, ("sdp",), id="no SDP"),
        pytest.param(BetaSession, {"client_secret": {"expires_after": {"anchor": "created_at", "seconds": 10}}}, None, id="1 beta life"),
        pytest.param(BetaSession, {"client_secret": {"expires_after": {"anchor": "created_at", "seconds": 9}}}, ("client_secret", "expires_after", "seconds"), id="1 beta life too short"),
        pytest.param(BetaSession, {"client_secret": {"expires_after": {"seconds": 60}}}, ("client_secret", "expires_after", "anchor"), id="1 beta anchor missing"),
        pytest.param(BetaSession, {"client_secret": {"value": "ek_1"}}, ("client_secret", "value"), id="beta secrets are not configured"),
        pytest.param(BetaSession, {"modalities": ["text", "audio"]}, None, id="4 beta takes both"),
        pytest.param(BetaSession, {"max_response_output_tokens": 4096}, None, id="5 beta most tokens"),
        pytest.param(BetaSession, {"max_response_output_tokens": 4097}, ("max_response_output_tokens",), id="5 beta too many tokens"),
        pytest.param(BetaSession, {"temperature": 0.6}, None, id="6 coolest"),
        pytest.param(BetaSession, {"temperature": 1.2}, None, id="6 hottest"),
        pytest.param(BetaSession, {"temperature": 0.5}, ("temperature",), id="6 too cool"),
        pytest.param(BetaSession, {"temperature": 1.3}, ("temperature",), id="6 too hot"),
        pytest.param(BetaSession, {"turn_detection": {"threshold": 0.5}}, None, id="7 beta server vad by default"),
        pytest.param(BetaSession, {"turn_detection": {"eagerness": "low"}}, ("turn_detection", "eagerness"), id="7 beta eager server"),
        pytest.param(BetaSession, {"turn_detection": {"type": "semantic_vad", "eagerness": "low"}}, None, id="7 beta semantic vad"),
        pytest.param(BetaSession, {"turn_detection": {"type": "semantic_vad", "threshold": 0.5}}, ("turn_detection", "threshold"), id="7 beta semantic threshold"),
        pytest.param(BetaSession, {"turn_detection": {"type": UNKNOWN, "threshold": 0.5, "eagerness": "low"}}, None, id="7 beta type not known yet"),
        pytest.param(BetaSession, {"tools": [{"type": "mcp"}]}, ("tools", 0, "type"), id="9 beta has functions only"),
        pytest.param(BetaSession, {"input_audio_format": "pcm24"}, ("input_audio_format",), id="12 beta format"),
        pytest.param(BetaSession, {"session": {}}, ("session",), id="12 beta is flat"),
    ],
)  # fmt: skip
def test_calls_and_beta_sessions_are_checked(
    resource: type[Resource], data: dict[str, Any], path: tuple[str | int, ...] | None
) -> None:
    errors = [problem for problem in resource.check(data) if problem.severity == "error"]
    assert [problem.path for problem in errors] == ([] if path is None else [path])


TRANSCRIPTION = ("session", "audio", "input", "transcription")


@pytest.mark.parametrize(
    ("resource", "data", "path"),
    [
        # 13
        pytest.param(ClientSecret, realtime(model="gpt-realtime-2.1"), None, id="13 known model"),
        pytest.param(ClientSecret, realtime(model="gpt-realtime-9"), ("session", "model"), id="13 unknown model"),
        pytest.param(ClientSecret, realtime(model=UNKNOWN), None, id="13 model not known yet"),
        pytest.param(ClientSecret, saying(voice="marin"), None, id="13 known voice"),
        pytest.param(ClientSecret, saying(voice="nova"), (*OUT, "voice"), id="13 unknown voice"),
        pytest.param(ClientSecret, hearing(transcription={"model": "gpt-live-transcribe"}), None, id="13 known transcription model"),
        pytest.param(ClientSecret, hearing(transcription={"model": "whisper-9"}), (*TRANSCRIPTION, "model"), id="13 unknown transcription model"),
        pytest.param(BetaSession, {"model": "gpt-realtime-9"}, ("model",), id="13 unknown beta model"),
        pytest.param(BetaSession, {"voice": "nova"}, ("voice",), id="13 unknown beta voice"),
        pytest.param(BetaSession, {"input_audio_transcription": {"model": "whisper-9"}}, ("input_audio_transcription", "model"), id="13 unknown beta transcription model"),
        # 14
        pytest.param(ClientSecret, hearing(transcription={"model": "gpt-realtime-whisper", "delay": "low"}, turn_detection=None), None, id="14 whisper without turns"),
        pytest.param(ClientSecret, hearing(transcription={"model": "gpt-realtime-whisper"}, turn_detection=UNKNOWN), None, id="14 turns not known yet"),
        pytest.param(ClientSecret, hearing(transcription={"model": "gpt-realtime-whisper"}), TD, id="14 whisper with turns by default"),
        pytest.param(ClientSecret, hearing(transcription={"model": "gpt-realtime-whisper"}, turn_detection={"type": "server_vad"}), TD, id="14 whisper with turns"),
        pytest.param(ClientSecret, hearing(transcription={"model": "gpt-realtime-whisper", "prompt": "x"}, turn_detection=None), (*TRANSCRIPTION, "prompt"), id="14 whisper with a prompt"),
        pytest.param(ClientSecret, hearing(transcription={"model": "gpt-transcribe", "delay": "low"}), (*TRANSCRIPTION, "delay"), id="14 delay of another model"),
        # 15
        pytest.param(ClientSecret, hearing(transcription={"model": "gpt-live-transcribe", "languages": ["en"], "keywords": ["a"]}), None, id="15 languages and keywords"),
        pytest.param(ClientSecret, hearing(transcription={"model": "gpt-realtime-whisper", "languages": ["en"]}, turn_detection=None), (*TRANSCRIPTION, "languages"), id="15 languages of another model"),
        pytest.param(ClientSecret, hearing(transcription={"model": "gpt-realtime-whisper", "keywords": ["a"]}, turn_detection=None), (*TRANSCRIPTION, "keywords"), id="15 keywords of another model"),
        # 16
        pytest.param(ClientSecret, realtime(model="gpt-realtime-2", reasoning={"effort": "low"}, parallel_tool_calls=True), None, id="16 reasoning model"),
        pytest.param(ClientSecret, realtime(model="gpt-realtime-1.5", reasoning={"effort": "low"}), ("session", "reasoning"), id="16 reasoning of another model"),
        pytest.param(ClientSecret, realtime(model="gpt-realtime-1.5", parallel_tool_calls=True), ("session", "parallel_tool_calls"), id="16 parallel calls of another model"),
        # 17
        pytest.param(ClientSecret, tool(type="mcp", server_label="a", connector_id="connector_gmail"), (*TOOL, "connector_id"), id="17 connector"),
        pytest.param(ClientSecret, realtime(model="gpt-realtime"), ("session", "model"), id="17 model about to go"),
        pytest.param(ClientSecret, realtime(model="gpt-4o-realtime-preview"), ("session", "model"), id="17 model gone"),
        pytest.param(ClientSecret, hearing(transcription={"model": "whisper-1"}), (*TRANSCRIPTION, "model"), id="17 transcription model about to go"),
        # calls
        pytest.param(Call, {"sdp": OFFER}, ("session",), id="call without session"),
        pytest.param(Call, {"sdp": OFFER.replace("\r\n", "\n"), **realtime()}, ("sdp",), id="offer from a heredoc"),
    ],
)  # fmt: skip
def test_what_depends_on_the_model_is_a_warning(
    resource: type[Resource], data: dict[str, Any], path: tuple[str | int, ...] | None
) -> None:
    problems = resource.check(data)
    assert [problem.path for problem in problems] == ([] if path is None else [path])
    assert {problem.severity for problem in problems} <= {"warning"}
    resource.load(data)  # warnings do not stop anything
