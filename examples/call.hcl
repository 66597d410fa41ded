# A WebRTC call: the offer of a peer goes to the API, and the API's answer goes back to the peer.
#
# The peer has to be alive: the live API drops a call within seconds when nobody connects, and ends every call after
# an hour. Nothing about a call can be changed, so any change hangs up and calls anew.

provider "openai" {
  base_url = "emulator" # a stand-in of the API inside rtf; without this line, the API itself
}

variable "offer" {
  description = "The file with the SDP offer of the peer, relative to this one."
  type        = string
  default     = "offer.sdp"
}

resource "openai_realtime_call" "support" {
  # The lines of an offer end in CRLF and are sent byte for byte. file() keeps them, a heredoc would not.
  sdp = file("${path.module}/${var.offer}")

  session = {
    type         = "realtime"
    model        = "gpt-realtime-2.1"
    instructions = "You are the telephone support of a bicycle shop."

    audio = {
      output = { voice = "cedar" }
    }
  }
}

output "call_id" {
  value = openai_realtime_call.support.call_id
}

output "answer" {
  description = "The answer for the peer. It holds the password of the connection."
  value       = openai_realtime_call.support.sdp_answer
  sensitive   = true
}
