"""Settings that together hold every attribute of the contract, for comparing what goes over the wire."""

from typing import Any

Settings = dict[str, Any]


def _audio(direction: str, **members: Any) -> Settings:
    return {"type": "realtime", "audio": {direction: members}}


def _tool(**members: Any) -> Settings:
    return {"type": "realtime", "tools": [members]}


def _mcp(**members: Any) -> Settings:
    return _tool(type="mcp", server_label="orders", server_url="https://mcp.example.com/sse", **members)


def _prompt(**variables: Any) -> Settings:
    return {"type": "realtime", "prompt": {"id": "pmpt_1", "version": "3", "variables": variables}}


_BREAKPOINT = {"mode": "explicit"}

SESSIONS: dict[str, Settings] = {
    "type only": {"type": "realtime"},
    "model and instructions": {"type": "realtime", "model": "gpt-realtime-2.1", "instructions": "Say “hello” — café, 東京, 👋\n"},
    "modalities": {"type": "realtime", "output_modalities": ["text"]},
    "pcm in": _audio("input", format={"type": "audio/pcm", "rate": 24000}),
    "mu-law out": _audio("output", format={"type": "audio/pcmu"}),
    "pcm out": _audio("output", format={"type": "audio/pcm", "rate": 24000}),
    "transcription": _audio("input", transcription={"model": "gpt-transcribe", "language": "en", "languages": ["en", "no"], "keywords": ["rtf"], "prompt": "x"}),
    "transcription delay": _audio("input", transcription={"model": "gpt-realtime-whisper", "delay": "xhigh"}, turn_detection=None),
    "noise reduction": _audio("input", noise_reduction={"type": "near_field", "strength": 0.5}),
    "whole strength": _audio("input", noise_reduction={"strength": 1}),
    "everything off": _audio("input", noise_reduction=None, transcription=None, turn_detection=None) | {"tracing": None},
    "server vad": _audio("input", turn_detection={"type": "server_vad", "threshold": 0.7, "prefix_padding_ms": 0, "silence_duration_ms": 500, "create_response": False, "interrupt_response": True, "idle_timeout_ms": 5000}),
    "whole threshold": _audio("input", turn_detection={"type": "server_vad", "threshold": 1}),
    "semantic vad": _audio("input", turn_detection={"type": "semantic_vad", "eagerness": "auto"}),
    "voice": _audio("output", voice="marin", speed=1.25),
    "whole speed": _audio("output", voice="cedar", speed=1),
    "custom voice": _audio("output", voice={"id": "voice_1234"}),
    "include": {"type": "realtime", "include": ["item.input_audio_transcription.logprobs"]},
    "tracing": {"type": "realtime", "tracing": "auto"},
    "own tracing": {"type": "realtime", "tracing": {"workflow_name": "w", "group_id": "g", "metadata": {"a": {"b": [1, 2.5, None, True]}}}},
    "no tools": {"type": "realtime", "tools": [], "tool_choice": "none"},
    "function": _tool(type="function", name="end_call", description="Ends it.", parameters={"type": "object", "properties": {"x": {"type": ["string", "null"], "default": None}}}),
    "mcp by url": _mcp(authorization="token", server_description="d", headers={"X-Tenant": "acme"}, allowed_tools=["a", "b"], require_approval="never", defer_loading=True),
    "mcp by connector": _tool(type="mcp", server_label="mail", connector_id="connector_gmail", allowed_callers=["direct", "programmatic"]),
    "mcp by tunnel": _tool(type="mcp", server_label="t", tunnel_id="tunnel_0123456789abcdefghijklmnopqrstuv"),
    "mcp filters": _mcp(allowed_tools={"tool_names": ["a"], "read_only": True}, require_approval={"always": {"tool_names": ["a"], "read_only": False}, "never": {"tool_names": [], "read_only": True}}),
    "choose a mode": {"type": "realtime", "tool_choice": "required", "parallel_tool_calls": False},
    "choose a function": {"type": "realtime", "tool_choice": {"type": "function", "name": "f"}},
    "choose a server": {"type": "realtime", "tool_choice": {"type": "mcp", "server_label": "orders", "name": "f"}},
    "reasoning": {"type": "realtime", "reasoning": {"effort": "minimal"}},
    "token limit": {"type": "realtime", "max_output_tokens": 4096},
    "no token limit": {"type": "realtime", "max_output_tokens": "inf"},
    "truncation": {"type": "realtime", "truncation": "disabled"},
    "retention ratio": {"type": "realtime", "truncation": {"type": "retention_ratio", "retention_ratio": 0.8, "token_limits": {"post_instructions": 8000}}},
    "prompt": _prompt(city="Oslo"),
    "prompt text": _prompt(text={"type": "input_text", "text": "x", "prompt_cache_breakpoint": _BREAKPOINT}),
    "prompt image": _prompt(image={"type": "input_image", "detail": "original", "image_url": "data:image/png;base64,AAAA", "file_id": "file_1"}),
    "prompt file": _prompt(file={"type": "input_file", "detail": "low", "filename": "a.pdf", "file_data": "AAAA", "file_url": "https://example.com/a.pdf"}),
}  # fmt: skip

TRANSCRIPTION_SESSIONS: dict[str, Settings] = {
    "transcription session": {
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
    },
}

CLIENT_SECRETS: dict[str, Settings] = {
    "empty": {},
    "expiry": {"expires_after": {"anchor": "created_at", "seconds": 600}},
    **{name: {"session": session} for name, session in (SESSIONS | TRANSCRIPTION_SESSIONS).items()},
}

BETA_SESSIONS: dict[str, Settings] = {
    "empty": {},
    "document": {"model": "gpt-realtime", "modalities": ["audio", "text"], "instructions": "You are a friendly assistant."},
    "voice": {"voice": "alloy", "speed": 1.1, "temperature": 0.8},
    "custom voice": {"voice": {"id": "voice_1234"}, "speed": 1, "temperature": 1},
    "formats": {"input_audio_format": "g711_ulaw", "output_audio_format": "pcm16"},
    "hearing": {"input_audio_transcription": {"model": "whisper-1", "language": "en", "prompt": "x"}, "input_audio_noise_reduction": {"type": "far_field"}},
    "off": {"input_audio_transcription": None, "input_audio_noise_reduction": None, "turn_detection": None, "tracing": None},
    "server vad": {"turn_detection": {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 500, "create_response": True, "interrupt_response": False}},
    "semantic vad": {"turn_detection": {"type": "semantic_vad", "eagerness": "high"}},
    "tools": {"tools": [{"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}}], "tool_choice": "auto"},
    "tokens": {"max_response_output_tokens": 200},
    "no token limit": {"max_response_output_tokens": "inf", "tracing": "auto"},
    "own tracing": {"tracing": {"workflow_name": "w", "group_id": "g", "metadata": {"a": 1}}},
    "truncation": {"truncation": {"type": "retention_ratio", "retention_ratio": 0.8, "token_limits": {"post_instructions": 1}}},
    **{name: {"prompt": session["prompt"]} for name, session in SESSIONS.items() if "prompt" in session},
    "key": {"client_secret": {"expires_after": {"anchor": "created_at", "seconds": 60}}},
}  # fmt: skip
