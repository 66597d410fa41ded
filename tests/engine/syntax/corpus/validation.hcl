variable "port" {
  type = number

  validation {
    condition     = var.port >= 1 && var.port <= 65535 && floor(var.port) == var.port
    error_message = "Ports are whole numbers from 1 to 65535."
  }
}
