# A key for a session that only writes down what it hears: captions while somebody speaks.

provider "openai" {
  base_url = "emulator" # a stand-in of the API inside rtf; without this line, the API itself
}

variable "language" {
  description = "The language that is spoken, as ISO 639-1 writes it."
  type        = string
  default     = "en"
}

resource "openai_realtime_client_secret" "captions" {
  expires_after = { seconds = 120 }

  session = {
    type    = "transcription"
    include = ["item.input_audio_transcription.logprobs"]

    audio = {
      input = {
        format          = { type = "audio/pcm", rate = 24000 }
        noise_reduction = { type = "far_field" }

        transcription = {
          model    = "gpt-realtime-whisper"
          language = var.language
          delay    = "low"
        }

        # This model finds the turns by itself. Null switches turn detection off; leaving the line out would leave
        # it on, as the server's default.
        turn_detection = null
      }
    }
  }
}

output "key" {
  value     = openai_realtime_client_secret.captions.value
  sensitive = true
}
