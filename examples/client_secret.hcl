# A key that a browser or a phone starts realtime sessions with, instead of the API key, which stays on the server.

provider "openai" {
  base_url = "emulator" # a stand-in of the API inside rtf; without this line, the API itself
}

resource "openai_realtime_client_secret" "web" {
  # From 10 seconds to two hours. Sessions that run go on when the key has expired.
  expires_after = {
    anchor  = "created_at"
    seconds = 600
  }

  # Whoever holds the key starts sessions with these settings.
  session = {
    type         = "realtime"
    model        = "gpt-realtime-2.1"
    instructions = "You are a friendly assistant."

    audio = {
      input = {
        noise_reduction = { type = "near_field" }
        turn_detection  = { type = "semantic_vad", eagerness = "low" }
      }
      output = {
        voice = "marin"
        speed = 1.1
      }
    }
  }
}

output "key" {
  description = "Give this to the browser."
  value       = openai_realtime_client_secret.web.value
  sensitive   = true
}

output "expires_at" {
  description = "When the key stops working, in seconds since 1970."
  value       = openai_realtime_client_secret.web.expires_at
}
