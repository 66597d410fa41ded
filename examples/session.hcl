# A session of the Realtime API's beta. OpenAI has retired it: the live API answers 404 to this configuration.
#
# It is here for servers that still speak the beta, and for the emulator. For anything new use
# openai_realtime_client_secret, which gives a key and a session id as well; see client_secret.hcl.

provider "openai" {
  base_url = "emulator" # a stand-in of the API inside rtf, which still knows the beta
}

resource "openai_realtime_session" "beta" {
  model        = "gpt-realtime-2.1"
  modalities   = ["audio", "text"]
  instructions = "You are a friendly assistant."
  voice        = "alloy"
}

output "key" {
  value     = openai_realtime_session.beta.value
  sensitive = true
}

output "session_id" {
  value = openai_realtime_session.beta.id
}
