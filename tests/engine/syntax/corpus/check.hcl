check "health" {
  data "http" "example" {
    url = "https://${var.host}/health"
  }

  assert {
    condition     = data.http.example.status_code == 200
    error_message = "${data.http.example.url} returned an unhealthy status code"
  }
}
