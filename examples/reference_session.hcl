# Every argument of openai_realtime_session, each at least once. OpenAI has retired this interface: see session.hcl.

provider "openai" {
  base_url = "emulator"
}

# Speech in both directions; the server finds the turns by listening for silence.
resource "openai_realtime_session" "speech" {
  model        = "gpt-realtime-2.1"
  modalities   = ["audio", "text"] # or one of them
  instructions = "You are a friendly assistant."
  temperature  = 0.8 # 0.6 to 1.2
  speed        = 1.1 # 0.25 to 1.5
  voice        = "alloy"

  input_audio_format  = "pcm16" # or g711_ulaw, g711_alaw
  output_audio_format = "g711_ulaw"

  input_audio_transcription = {
    model    = "gpt-live-transcribe"
    language = "en"
    prompt   = "Names of bicycle parts."
  }

  input_audio_noise_reduction = {
    type = "near_field" # or far_field
  }

  turn_detection = {
    type                = "server_vad"
    threshold           = 0.5 # 0 to 1
    prefix_padding_ms   = 300
    silence_duration_ms = 500
    create_response     = true
    interrupt_response  = false
  }

  tools = [{
    type        = "function" # the beta knows no others
    name        = "end_call"
    description = "Ends the conversation."
    parameters = {
      type       = "object"
      properties = { reason = { type = "string" } }
      required   = ["reason"]
    }
  }]
  tool_choice = "auto" # or none, required, or the name of a function

  max_response_output_tokens = 2048 # 1 to 4096, or "inf"

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

  client_secret = {
    expires_after = {
      anchor  = "created_at"
      seconds = 600 # 10 to 7200
    }
  }
}

# The other forms of the arguments that take several.
resource "openai_realtime_session" "other_forms" {
  model                      = "gpt-realtime-2.1-mini"
  voice                      = { id = "voice_1234" } # a voice of your own
  turn_detection             = { type = "semantic_vad", eagerness = "low" }
  max_response_output_tokens = "inf"
  tracing                    = "auto"
  truncation                 = "disabled" # or auto
}

# Null switches off what the server would switch on.
resource "openai_realtime_session" "push_to_talk" {
  model                       = "gpt-realtime-2.1"
  input_audio_transcription   = null
  input_audio_noise_reduction = null
  turn_detection              = null
  tracing                     = null
}
