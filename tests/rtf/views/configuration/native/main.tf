variable "a" {
  type = list(number)
  default = ["1", 2]
  description = "d"
  sensitive = true
}
variable "b" {
  nullable = false
  default = "z"
}
variable "e" {
  ephemeral = true
  default = 1
}
variable "n" { default = null }
variable "m" {
 type = any
}
variable "o" {
  type = object({ a = optional(number, 3), b = optional(string) })
  default = {}
}
locals { l = jsondecode(var.m) }
resource "terraform_data" "x" {
  count = 2
  input = [1, var.m, null]
  triggers_replace = { a = toset(["x"]), b = local.l[0], c = local.l[*], d = local.l.0 }
}
resource "terraform_data" "y" {
  for_each = toset(["x", "y"])
  input = "${each.key}-${each.value}" == "" ? terraform_data.x[0].output[1]["k"] : terraform_data.x[0].id
  depends_on = [terraform_data.x, module.m]
  lifecycle {
    create_before_destroy = true
  }
}
resource "terraform_data" "z" {
  for_each = { a = 1 }
  input = [for k, v in local.l : { (k) = v, w = var.m } if v != var.n]
}
resource "terraform_data" "q" {
  count = length(local.l)
  input = true ? 1 : local.l[0]
  triggers_replace = terraform_data.x[*].id
}
resource "terraform_data" "f" {
  input = upper("x")
}
resource "terraform_data" "none" {}
resource "terraform_data" "r" {
  input = terraform_data.x[var.b == "z" ? 0 : 1].output
  triggers_replace = [path.module, terraform.workspace, -1, 1.50, "a${1 + 1}", <<EOT
x
EOT
  , 10000000000000000000000000, module.n["a"].o, module.m[0], module.m[*].o, module.m]
}
module "m" {
  source = "./mod"
  count = 1
  v = { a = var.m }
  depends_on = [terraform_data.f]
}
module "n" {
  source = "./mod"
  for_each = { a = 1 }
  v = null
}
output "o" {
  value = module.n["a"].o
  description = "desc"
  sensitive = true
  depends_on = [module.m, terraform_data.q[0]]
}
output "f" { value = upper("x") }
output "c" { value = "x" }
output "n" { value = null }
output "part" { value = { a = 1, b = [upper("x")] } }
output "tpl" { value = "%{ for x in local.l }${x}${var.m}%{ endfor }%{ if var.n == null }a%{ else }${var.b}%{ endif }" }
output "ephem" { value = ephemeralasnull(var.e) }
output "par" { value = (local.l) }
output "idx" { value = local.l[var.n == null ? 0 : 1] }
output "idxstr" { value = { "a" = { "x\"b" = 1 } }["a"]["x\"b"] }
output "spl" { value = try(local.l[*].a[0].b, 1) }
output "spl2" { value = try(local.l.*.a, 2) }
output "cond" { value = false ? var.m : "x" }
output "condn" { value = null == null }
output "op" { value = 1 + 2 * 3 }
output "grp" { value = { for k in ["a"] : k => k... } }
output "obj" { value = { "a" = 1, b = var.m, (var.b) = 2, "${var.b}x" = 3 } }
output "fun" { value = [for s in ["x"] : nonsensitive(s) if false] }
