locals {
  groesse = "größer"
}
variable "emoji" {
  default     = "👩‍👩‍👧‍👦 family, é"
  description = "日本語の説明 — «кавычки»"
}
locals {
  escaped = "\u00e9\u20ac\t\\"
  keys    = { "ключ" = 1, "clé" = 2, "鍵" = 3 }
}
