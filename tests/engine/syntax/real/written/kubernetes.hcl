resource "kubernetes_deployment" "app" {
  metadata {
    name   = var.name
    labels = { "app.kubernetes.io/name" = var.name, "app.kubernetes.io/managed-by" = "terraform" }
  }
  spec {
    replicas = var.replicas
    template {
      spec {
        container {
          image = "${var.image}:${var.tag}"
          args  = ["--listen", ":8080", "--level=${var.debug ? "debug" : "info"}"]
          resources {
            limits   = { cpu = "500m", memory = "256Mi" }
            requests = { cpu = "100m", memory = "128Mi" }
          }
          liveness_probe {
            http_get {
              path = "/healthz"
              port = 8080
            }
          }
        }
      }
    }
  }
  timeouts { create = "5m" }
}
