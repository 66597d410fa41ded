check "health" {
  data "http" "site" {
    url = "https://${var.domain}/healthz"
  }

  assert {
    condition     = data.http.site.status_code == 200
    error_message = "${data.http.site.url} returned ${data.http.site.status_code}"
  }
}

ephemeral "openai_realtime_client_secret" "short" {
  seconds = 60
}
