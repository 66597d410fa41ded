variable "name" {
  description = "Name used for every resource; at most 32 characters."
  type        = string

  validation {
    condition     = length(var.name) <= 32 && can(regex("^[a-z][a-z0-9-]*$", var.name))
    error_message = "The name must begin with a letter and hold only a-z, 0-9 and \"-\"."
  }
}

variable "nodes" {
  type = map(object({
    size     = optional(string, "small")
    count    = optional(number, 1)
    labels   = optional(map(string), {})
    taints   = optional(list(object({ key = string, effect = optional(string, "NoSchedule") })), [])
  }))
  default  = {}
  nullable = false
}

variable "anything" {}
