variable "x" {
  type = map(object({
    a = list(tuple([string, number]))
    b = optional(set(any), [])
  }))
}
