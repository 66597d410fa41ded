variable "name" {
  description = "Prefix of every name"
  type        = string
  default     = ""
}

variable "azs" {
  description = "Zones to spread over"
  type        = list(string)
  default     = []
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "settings" {
  type = object({
    enabled = optional(bool, true)
    ports   = list(number)
    nested  = map(object({ a = string, b = optional(number) }))
  })
  nullable = false
}
