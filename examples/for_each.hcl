# Many keys from one block: one for each voice, with what makes it different in a map.

provider "openai" {
  base_url = "emulator" # a stand-in of the API inside rtf; without this line, the API itself
}

variable "guides" {
  description = "Who answers in which voice, and how fast."
  type = map(object({
    voice = string
    topic = string
    speed = optional(number, 1)
  }))
  default = {
    art     = { voice = "coral", topic = "the paintings of this museum" }
    history = { voice = "sage", topic = "the history of this house", speed = 0.9 }
    kids    = { voice = "shimmer", topic = "dinosaurs, for children of six", speed = 1.2 }
  }
}

locals {
  house_rules = "Answer in two sentences at most. Say so when you do not know."
}

resource "openai_realtime_client_secret" "guide" {
  for_each = var.guides

  expires_after = { seconds = 1800 }

  session = {
    type         = "realtime"
    model        = "gpt-realtime-2.1"
    instructions = "You talk about ${each.value.topic}. ${local.house_rules}"

    audio = {
      output = {
        voice = each.value.voice
        speed = each.value.speed
      }
    }
  }
}

output "keys" {
  description = "The key of each guide."
  value       = { for name, guide in openai_realtime_client_secret.guide : name => guide.value }
  sensitive   = true
}

output "voices" {
  description = "The guides of each voice."
  value       = { for name, guide in var.guides : guide.voice => name... }
}
