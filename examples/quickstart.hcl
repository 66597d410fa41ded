# A first look: a key for each of two voices, and a call.
#
#   rtf apply examples/quickstart.hcl
#   rtf output -root=examples/quickstart.hcl
#   rtf destroy examples/quickstart.hcl

provider "openai" {
  # "emulator" is a stand-in of the OpenAI API inside rtf: no account, no network, no cost. Its keys open nothing.
  # To go live, delete this line and set the environment variable OPENAI_API_KEY.
  base_url = "emulator"
}

variable "voices" {
  description = "The voices that visitors may talk to."
  type        = set(string)
  default     = ["cedar", "marin"]
}

# A key that a browser starts sessions with. It lives for ten minutes, and the settings of the session go with it.
resource "openai_realtime_client_secret" "visitor" {
  for_each = var.voices

  expires_after = { seconds = 600 }

  session = {
    type         = "realtime"
    model        = "gpt-realtime-2.1"
    instructions = "You are ${title(each.key)}, a friendly guide to this website."
    audio        = { output = { voice = each.key } }
  }
}

# A call that answers the offer of a WebRTC peer. Destroying it hangs up.
resource "openai_realtime_call" "support" {
  sdp = file("${path.module}/offer.sdp")

  session = {
    type         = "realtime"
    model        = "gpt-realtime-2.1"
    instructions = "You are the telephone support. Ask for the order number first."
  }
}

output "keys" {
  description = "The key of each voice."
  value       = { for voice, secret in openai_realtime_client_secret.visitor : voice => secret.value }
  sensitive   = true
}

output "sessions" {
  description = "The session of each voice."
  value       = { for voice, secret in openai_realtime_client_secret.visitor : voice => secret.id }
}

output "call_id" {
  description = "What the call is known by, for as long as it lasts."
  value       = openai_realtime_call.support.call_id
}

output "sdp_answer" {
  description = "What the peer needs to connect."
  value       = openai_realtime_call.support.sdp_answer
  sensitive   = true
}
