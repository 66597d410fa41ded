resource "helm_release" "x" {
  values = [
    yamlencode({
      replicas = 2
      image = {
        repository = "nginx"
        tag        = "1.25"
      }
      nodeSelector = { "kubernetes.io/os" = "linux" }
    }),
  ]
}
