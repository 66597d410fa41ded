resource "openai_realtime_session" "support" {
  model        = "gpt-realtime"
  instructions = <<-EOT
    You are the telephone of ${var.shop}. Be brief.
    Never read out card numbers.
  EOT

  output_modalities = ["audio"]
  tools = [
    {
      type        = "function"
      name        = "order_status"
      description = "Where an order is."
      parameters = jsonencode({
        type       = "object"
        properties = { order = { type = "string" } }
        required   = ["order"]
      })
    },
  ]
}

resource "openai_realtime_client_secret" "browser" {
  expires_after = { anchor = "created_at", seconds = 600 }
  session       = openai_realtime_session.support
}
