"""Fill a requested session with the server's defaults: what the API answers, and what a call runs with.

Takes requests that were checked already. The answer is no mirror: it leaves out what the API does not repeat,
above all the credentials of MCP tools.
"""

from collections.abc import Mapping
from typing import Any

from providers.openai.emulator.requests import PCM_RATE

JsonObject = dict[str, Any]

DEFAULT_MODEL = "gpt-realtime-2.1"
DEFAULT_INSTRUCTIONS = "You are a helpful assistant. Answer briefly and speak in the language of the user."
_NEVER_REPEATED = ("authorization", "headers")
_TRANSCRIPTION_VAD = ("type", "threshold", "prefix_padding_ms", "silence_duration_ms")


def effective_session(requested: Mapping[str, Any], session_id: str) -> JsonObject:
    """Return the session that the API answers for a checked GA session, realtime or transcription."""
    if requested.get("type") == "transcription":
        return _transcription_session(requested, session_id)
    return _realtime_session(requested, session_id)


def effective_beta_session(requested: Mapping[str, Any], session_id: str) -> JsonObject:
    """Return the session that the retired endpoint answers for a checked request, without its client secret."""
    given = requested.get
    return {
        "id": session_id,
        "object": "realtime.session",
        "expires_at": 0,
        "model": given("model", DEFAULT_MODEL),
        "modalities": given("modalities", ["audio", "text"]),
        "instructions": given("instructions", DEFAULT_INSTRUCTIONS),
        "voice": _voice(given("voice", "alloy")),
        "input_audio_format": given("input_audio_format", "pcm16"),
        "output_audio_format": given("output_audio_format", "pcm16"),
        "input_audio_transcription": given("input_audio_transcription"),
        "turn_detection": _plain_vad(_turn_detection(given("turn_detection"))),
        "tools": [_tool(tool) for tool in given("tools", [])],
        "tool_choice": given("tool_choice", "auto"),
        "temperature": float(given("temperature", 0.8)),
        "max_response_output_tokens": given("max_response_output_tokens", "inf"),
        "speed": float(given("speed", 1.0)),
        "tracing": given("tracing"),
    }


def _realtime_session(requested: Mapping[str, Any], session_id: str) -> JsonObject:
    given = requested.get
    audio = given("audio", {})
    session = {
        "type": "realtime",
        "object": "realtime.session",
        "id": session_id,
        "model": given("model", DEFAULT_MODEL),
        "output_modalities": given("output_modalities", ["audio"]),
        "instructions": given("instructions", DEFAULT_INSTRUCTIONS),
        "tools": [_tool(tool) for tool in given("tools", [])],
        "tool_choice": given("tool_choice", "auto"),
        "max_output_tokens": given("max_output_tokens", "inf"),
        "tracing": given("tracing"),
        "truncation": given("truncation", "auto"),
        "prompt": given("prompt"),
        "expires_at": 0,
        "audio": {"input": _audio_input(audio.get("input", {})), "output": _audio_output(audio.get("output", {}))},
        "include": given("include"),
    }
    if "reasoning" in requested:  # models that do not reason have no such member
        session["reasoning"] = {"effort": "low", **requested["reasoning"]}
    return session


def _transcription_session(requested: Mapping[str, Any], session_id: str) -> JsonObject:
    audio = _audio_input(requested.get("audio", {}).get("input", {}))
    audio["turn_detection"] = _plain_vad(audio["turn_detection"])
    session = {
        "type": "transcription",
        "object": "realtime.transcription_session",
        "id": session_id,
        "expires_at": 0,
        "audio": {"input": audio},
    }
    if "include" in requested:
        session["include"] = requested["include"]
    return session


def _audio_input(requested: Mapping[str, Any]) -> JsonObject:
    return {
        "format": _format(requested.get("format", {})),
        "transcription": _transcription(requested.get("transcription")),
        "noise_reduction": requested.get("noise_reduction"),
        # Absent means the server's detection, null means none: only here the two differ.
        "turn_detection": _turn_detection(requested.get("turn_detection", {})),
    }


def _audio_output(requested: Mapping[str, Any]) -> JsonObject:
    return {
        "format": _format(requested.get("format", {})),
        "voice": _voice(requested.get("voice", "alloy")),
        "speed": float(requested.get("speed", 1.0)),
    }


def _format(requested: Mapping[str, Any]) -> JsonObject:
    kind = requested.get("type", "audio/pcm")
    return {"type": kind, "rate": PCM_RATE} if kind == "audio/pcm" else {"type": kind}


def _transcription(requested: Mapping[str, Any] | None) -> JsonObject | None:
    if requested is None:
        return None
    named = {name: requested[name] for name in ("model", "languages") if name in requested}
    return {**named, "language": requested.get("language"), "prompt": requested.get("prompt")}


def _turn_detection(requested: Mapping[str, Any] | None) -> JsonObject | None:
    if requested is None:
        return None
    both = {"create_response": True, "interrupt_response": True}
    if requested.get("type") == "semantic_vad":
        return {"type": "semantic_vad", "eagerness": "auto", **both, **requested}
    server = {"threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 200, "idle_timeout_ms": None}
    return {"type": "server_vad", **server, **both, **requested}


def _plain_vad(detection: JsonObject | None) -> JsonObject | None:
    """Return `detection` with the members that transcription and beta sessions show."""
    return detection and {name: detection[name] for name in _TRANSCRIPTION_VAD if name in detection}


def _voice(requested: str | Mapping[str, str]) -> str:
    return requested if isinstance(requested, str) else requested["id"]


def _tool(requested: Mapping[str, Any]) -> JsonObject:
    shown = {name: item for name, item in requested.items() if name not in _NEVER_REPEATED and item is not None}
    return {"type": "function", **shown}
