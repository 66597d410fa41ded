"""What the realtime endpoints accept, written down as shapes: every member, its type, range and closed set.

Data only. Members that belong to one branch of a union stand in that branch alone, so anywhere else they are
unknown, as the API has it. Sets that OpenAI calls open (names of models) are any string here.
"""

from providers.openai.emulator.shapes import (
    Array,
    Boolean,
    Decimal,
    Either,
    FreeObject,
    Integer,
    Map,
    Nullable,
    Object,
    Shape,
    Text,
    Variants,
)

VOICES = ("alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar")
PCM_RATE = 24_000

_TEXT = Text()
_TEXTS = Array(_TEXT)
_URI = Text(pattern=r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")

EXPIRES_AFTER = Object({"anchor": Text(("created_at",)), "seconds": Integer(10, 7200)})

# Audio

_FORMAT = Variants(
    {
        "audio/pcm": Object({"rate": Integer(choices=(PCM_RATE,))}),
        "audio/pcmu": Object({}),
        "audio/pcma": Object({}),
    },
    default="audio/pcm",
)
_TRANSCRIPTION = Object(
    {
        "model": _TEXT,
        "language": _TEXT,
        "languages": Array(_TEXT, minimum=1),
        "keywords": _TEXTS,
        "prompt": _TEXT,
        "delay": Text(("minimal", "low", "medium", "high", "xhigh")),
    }
)
_NOISE_REDUCTION_TYPE = Text(("near_field", "far_field"))
_SERVER_VAD: dict[str, Shape] = {
    "threshold": Decimal(0.0, 1.0),
    "prefix_padding_ms": Integer(0),
    "silence_duration_ms": Integer(0),
    "create_response": Boolean(),
    "interrupt_response": Boolean(),
}
_SEMANTIC_VAD = Object(
    {
        "eagerness": Text(("low", "medium", "high", "auto")),
        "create_response": Boolean(),
        "interrupt_response": Boolean(),
    }
)
_AUDIO_INPUT = Object(
    {
        "format": _FORMAT,
        "transcription": Nullable(_TRANSCRIPTION),
        "noise_reduction": Nullable(Object({"type": _NOISE_REDUCTION_TYPE, "strength": Decimal()})),
        "turn_detection": Nullable(
            Variants(
                {
                    "server_vad": Object({**_SERVER_VAD, "idle_timeout_ms": Nullable(Integer(5000, 30_000))}),
                    "semantic_vad": _SEMANTIC_VAD,
                }
            )
        ),
    }
)
_VOICE = Either((Text(VOICES), Object({"id": _TEXT}, required=("id",))))
_SPEED = Decimal(0.25, 1.5)
_AUDIO_OUTPUT = Object({"format": _FORMAT, "voice": _VOICE, "speed": _SPEED})
_INCLUDE = Array(Text(("item.input_audio_transcription.logprobs",)))

# Tools

_FUNCTION: dict[str, Shape] = {"name": _TEXT, "description": _TEXT, "parameters": FreeObject()}
_FILTER = Object({"tool_names": _TEXTS, "read_only": Boolean()})
_CONNECTORS = (
    "connector_dropbox",
    "connector_gmail",
    "connector_googlecalendar",
    "connector_googledrive",
    "connector_microsoftteams",
    "connector_outlookcalendar",
    "connector_outlookemail",
    "connector_sharepoint",
)
_MCP = Object(
    {
        "server_label": _TEXT,
        "server_url": _URI,
        "connector_id": Text(_CONNECTORS),
        "tunnel_id": Text(pattern="tunnel_[a-z0-9]{32}"),
        "authorization": _TEXT,
        "server_description": _TEXT,
        "headers": Nullable(Map(_TEXT)),
        "allowed_tools": Nullable(Either((_TEXTS, _FILTER))),
        "allowed_callers": Nullable(Array(Text(("direct", "programmatic")), minimum=1)),
        "require_approval": Nullable(
            Either((Text(("always", "never")), Object({"always": _FILTER, "never": _FILTER})))
        ),
        "defer_loading": Boolean(),
    },
    required=("server_label",),
    one_of=("server_url", "connector_id", "tunnel_id"),
)
# The API documents `name` as optional, but a function without a name cannot be called: it is refused.
_TOOLS = Array(Variants({"function": Object(_FUNCTION, required=("name",)), "mcp": _MCP}, default="function"))
_TOOL_CHOICE = Either(
    (
        Text(("none", "auto", "required")),
        Variants(
            {
                "function": Object({"name": _TEXT}, required=("name",)),
                "mcp": Object({"server_label": _TEXT, "name": Nullable(_TEXT)}, required=("server_label",)),
            }
        ),
    )
)

# Tracing, truncation, prompt

_TRACING = Nullable(
    Either(
        (Text(("auto",)), Object({"workflow_name": _TEXT, "group_id": _TEXT, "metadata": FreeObject()})),
    )
)
_TRUNCATION = Either(
    (
        Text(("auto", "disabled")),
        Variants(
            {
                "retention_ratio": Object(
                    {
                        "retention_ratio": Decimal(0.0, 1.0),
                        "token_limits": Object({"post_instructions": Integer(0)}),
                    },
                    required=("retention_ratio",),
                )
            }
        ),
    )
)
_BREAKPOINT = Object({"mode": Text(("explicit",))}, required=("mode",))
_PROMPT_VARIABLE = Either(
    (
        _TEXT,
        Variants(
            {
                "input_text": Object({"text": _TEXT, "prompt_cache_breakpoint": _BREAKPOINT}, required=("text",)),
                "input_image": Object(
                    {
                        "image_url": Nullable(_URI),
                        "file_id": Nullable(_TEXT),
                        "detail": Text(("low", "high", "auto", "original")),
                        "prompt_cache_breakpoint": _BREAKPOINT,
                    },
                    required=("detail",),
                ),
                "input_file": Object(
                    {
                        "file_id": Nullable(_TEXT),
                        "filename": _TEXT,
                        "file_data": _TEXT,
                        "file_url": _URI,
                        "detail": Text(("auto", "low", "high")),
                        "prompt_cache_breakpoint": _BREAKPOINT,
                    }
                ),
            }
        ),
    )
)
_PROMPT = Nullable(
    Object(
        {"id": _TEXT, "version": Nullable(_TEXT), "variables": Nullable(Map(_PROMPT_VARIABLE))},
        required=("id",),
    )
)
_TOKENS = Either((Integer(1, 4096), Text(("inf",))))

# Whole requests

_REALTIME = Object(
    {
        "output_modalities": Array(Text(("audio", "text")), combinations=(("audio",), ("text",))),
        "model": _TEXT,
        "instructions": _TEXT,
        "audio": Object({"input": _AUDIO_INPUT, "output": _AUDIO_OUTPUT}),
        "include": _INCLUDE,
        "tracing": _TRACING,
        "tools": _TOOLS,
        "tool_choice": _TOOL_CHOICE,
        "parallel_tool_calls": Boolean(),
        "reasoning": Object({"effort": Text(("minimal", "low", "medium", "high", "xhigh"))}),
        "max_output_tokens": _TOKENS,
        "truncation": _TRUNCATION,
        "prompt": _PROMPT,
    }
)
_TRANSCRIPTION_SESSION = Object({"audio": Object({"input": _AUDIO_INPUT}), "include": _INCLUDE})

CALL_SESSION = Variants({"realtime": _REALTIME})
CLIENT_SECRET = Object(
    {
        "expires_after": EXPIRES_AFTER,
        "session": Variants({"realtime": _REALTIME, "transcription": _TRANSCRIPTION_SESSION}),
    }
)

_BETA_FORMAT = Text(("pcm16", "g711_ulaw", "g711_alaw"))
BETA_SESSION = Object(
    {
        "model": _TEXT,
        "modalities": Array(Text(("text", "audio"))),
        "instructions": _TEXT,
        "voice": _VOICE,
        "input_audio_format": _BETA_FORMAT,
        "output_audio_format": _BETA_FORMAT,
        "input_audio_transcription": Nullable(Object({"model": _TEXT, "language": _TEXT, "prompt": _TEXT})),
        "input_audio_noise_reduction": Nullable(Object({"type": _NOISE_REDUCTION_TYPE})),
        "turn_detection": Nullable(
            Variants({"server_vad": Object(_SERVER_VAD), "semantic_vad": _SEMANTIC_VAD}, default="server_vad")
        ),
        "tools": Array(Variants({"function": Object(_FUNCTION)}, default="function")),
        "tool_choice": _TEXT,
        "temperature": Decimal(0.6, 1.2),
        "max_response_output_tokens": _TOKENS,
        "speed": _SPEED,
        "tracing": _TRACING,
        "truncation": _TRUNCATION,
        "prompt": _PROMPT,
        "client_secret": Object(
            {
                "expires_after": Object(
                    {"anchor": Text(("created_at",)), "seconds": Integer(10, 7200)}, required=("anchor",)
                )
            }
        ),
    }
)
