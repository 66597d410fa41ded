job "docs" {
  datacenters = ["dc1"]

  group "example" {
    network {
      port "http" {
        static = 5678
      }
    }

    task server {
      driver = "docker"
    }
  }
}
