# Every argument of openai_realtime_call, each at least once. Arguments that take several kinds of value are shown in
# each of them, by several resources. Its session is that of openai_realtime_client_secret, without transcription
# sessions.

provider "openai" {
  base_url = "emulator"
}

variable "orders_token" {
  description = "What the MCP server of the orders asks for; set it with TF_VAR_orders_token."
  type        = string
  sensitive   = true
  default     = null
}

locals {
  # The lines of an offer end in CRLF and are sent byte for byte.
  offer = file("${path.module}/offer.sdp")
}

# Speech in both directions; the server finds the turns by listening for silence.
resource "openai_realtime_call" "speech" {
  sdp = local.offer

  session = {
    type              = "realtime"
    model             = "gpt-realtime-2.1"
    instructions      = "You are a friendly assistant."
    output_modalities = ["audio"] # or text, never both
    max_output_tokens = 2048      # 1 to 4096, or "inf"
    include           = ["item.input_audio_transcription.logprobs"]

    audio = {
      input = {
        format = {
          type = "audio/pcm"
          rate = 24000 # the only one, and only for audio/pcm
        }
        transcription = {
          model     = "gpt-live-transcribe"
          languages = ["en", "no"]
          keywords  = ["derailleur", "freewheel"]
          prompt    = "A conversation in a bicycle shop."
        }
        noise_reduction = {
          type     = "near_field" # or far_field
          strength = 0.5
        }
        turn_detection = {
          type                = "server_vad"
          threshold           = 0.5 # 0 to 1
          prefix_padding_ms   = 300
          silence_duration_ms = 500
          idle_timeout_ms     = 10000 # 5000 to 30000
          create_response     = true
          interrupt_response  = true
        }
      }
      output = {
        format = { type = "audio/pcm", rate = 24000 }
        voice  = "marin"
        speed  = 1.1 # 0.25 to 1.5
      }
    }

    tracing = {
      workflow_name = "support"
      group_id      = "eu-1"
      metadata      = { team = "voice" }
    }

    truncation = {
      type            = "retention_ratio"
      retention_ratio = 0.8 # 0 to 1
      token_limits    = { post_instructions = 8000 }
    }
  }
}

# What the model may call: functions of the client, and MCP servers, which the API calls itself.
resource "openai_realtime_call" "tools" {
  sdp = local.offer

  session = {
    type  = "realtime"
    model = "gpt-realtime-2.1"

    tools = [
      {
        type        = "function"
        name        = "end_call"
        description = "Ends the conversation."
        parameters = {
          type       = "object"
          properties = { reason = { type = "string" } }
          required   = ["reason"]
        }
      },
      {
        type               = "mcp"
        server_label       = "orders"
        server_url         = "https://mcp.example.com/sse" # or a connector_id, or a tunnel_id
        server_description = "Knows all orders."
        authorization      = var.orders_token
        headers            = { X-Tenant = "acme" }
        allowed_tools      = { tool_names = ["find_order"], read_only = true }
        allowed_callers    = ["direct", "programmatic"]
        require_approval = {
          always = { tool_names = ["cancel_order"], read_only = false }
          never  = { tool_names = ["find_order"], read_only = true }
        }
      },
      {
        type             = "mcp"
        server_label     = "warehouse"
        tunnel_id        = "tunnel_0123456789abcdefghijklmnopqrstuv"
        allowed_tools    = ["count_parts"]
        require_approval = "never" # or always
        defer_loading    = true
      },
      {
        type         = "mcp"
        server_label = "calendar"
        connector_id = "connector_googlecalendar" # deprecated: newer models take no connectors
      },
    ]

    tool_choice         = { type = "mcp", server_label = "orders", name = "find_order" }
    parallel_tool_calls = false
    reasoning           = { effort = "low" } # minimal, low, medium, high or xhigh
  }
}

# A stored prompt, and what stands in for its variables.
resource "openai_realtime_call" "prompt" {
  sdp = local.offer

  session = {
    type              = "realtime"
    model             = "gpt-realtime-2.1"
    output_modalities = ["text"]

    prompt = {
      id      = "pmpt_abc123"
      version = "3"
      variables = {
        city = "Oslo"
        greeting = {
          type                    = "input_text"
          text                    = "Good morning"
          prompt_cache_breakpoint = { mode = "explicit" }
        }
        logo = {
          type      = "input_image"
          detail    = "low" # or high, auto, original
          image_url = "https://example.com/logo.png"
        }
        manual = {
          type     = "input_file"
          detail   = "auto" # or low, high
          filename = "manual.pdf"
          file_url = "https://example.com/manual.pdf"
        }
        prices = {
          type      = "input_file"
          filename  = "prices.txt"
          file_data = "data:text/plain;base64,MTAgRVVS"
        }
        terms = { type = "input_file", file_id = "file-abc123" }
      }
    }
  }
}

# The other forms of the arguments that take several.
resource "openai_realtime_call" "telephone" {
  sdp = local.offer

  session = {
    type  = "realtime"
    model = "gpt-realtime-2.1-mini"

    audio = {
      input = {
        format        = { type = "audio/pcmu" } # or audio/pcma
        transcription = { model = "gpt-transcribe", language = "en" }
        turn_detection = {
          type               = "semantic_vad"
          eagerness          = "low" # or medium, high, auto
          create_response    = true
          interrupt_response = false
        }
      }
      output = {
        format = { type = "audio/pcmu" }
        voice  = { id = "voice_1234" } # a voice of your own
      }
    }

    tools             = [{ type = "function", name = "end_call" }]
    tool_choice       = { type = "function", name = "end_call" } # or none, auto, required
    max_output_tokens = "inf"
    tracing           = "auto"
    truncation        = "disabled" # or auto
  }
}

# Null switches off what the server would switch on.
resource "openai_realtime_call" "push_to_talk" {
  sdp = local.offer

  session = {
    type    = "realtime"
    model   = "gpt-realtime-2.1"
    tracing = null

    audio = {
      input = {
        transcription   = null
        noise_reduction = null
        turn_detection  = null
      }
    }
  }
}

# The transcription model that finds the turns by itself, beside the model that answers.
resource "openai_realtime_call" "captions" {
  sdp = local.offer

  session = {
    type  = "realtime"
    model = "gpt-realtime-2.1"

    audio = {
      input = {
        transcription = {
          model    = "gpt-realtime-whisper"
          language = "en"
          delay    = "low" # minimal, low, medium, high or xhigh
        }
        turn_detection = null
      }
    }
  }
}
