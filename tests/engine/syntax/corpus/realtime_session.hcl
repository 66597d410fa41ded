terraform {
  required_version = ">= 1.0"
  required_providers {
    openai = {
      source  = "openai/openai"
      version = "~> 1.0"
    }
  }
}

provider "openai" {
  api_key  = var.api_key
  base_url = "emulator"
}

resource "openai_realtime_client_secret" "browser" {
  expires_after = { anchor = "created_at", seconds = 600 }
  session = {
    type         = "realtime"
    model        = "gpt-realtime"
    instructions = "Be concise. Say \"hello\" first."
    audio = {
      input  = { format = { type = "audio/pcm", rate = 24000 } }
      output = { voice = "marin", speed = 1.25 }
    }
    tools = [
      {
        type       = "function"
        name       = "weather"
        parameters = jsonencode({ type = "object", properties = { city = { type = "string" } } })
      },
    ]
  }
}

output "secret" {
  value     = openai_realtime_client_secret.browser.value
  sensitive = true
}
