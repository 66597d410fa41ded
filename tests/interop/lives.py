"""Lives of configurations, version by version: what one tool began, the other goes on with."""

VALUES = """
resource "terraform_data" "a" {
  input = {
    text     = "a \\"quoted\\" <&> ${"${"\\u2028"}"} é\\n"
    whole    = 9007199254740993
    large    = 1e60
    fraction = 1 / 3
    small    = 0.1
    minus    = -12.5
    flag     = true
    none     = null
    list     = tolist(["b", "a"])
    set      = toset(["b", "a"])
    map      = tomap({ b = 1, a = 2 })
    tuple    = [1, "x", [], {}]
    empty    = tolist([])
  }
}
output "a" {
  value = terraform_data.a.output
}
output "number" {
  value = 1 / 3
}
output "list" {
  value = tolist(["x"])
}
output "nothing" {
  value = null
}
"""
NAMED = """
variable "names" {
  default = %s
}
resource "terraform_data" "each" {
  for_each = toset(var.names)
  input    = each.key
}
resource "terraform_data" "map" {
  for_each = { for name in var.names : upper(name) => length(name) }
  input    = "${each.key} ${each.value}"
}
output "ids" {
  value = { for key, one in terraform_data.each : key => one.output }
}
"""
COUNTED = """
resource "terraform_data" "n" {
  count = %d
  input = count.index
}
output "all" {
  value = terraform_data.n[*].output
}
"""
MODULES = """
module "one" {
  source = "./child"
  name   = "one"
}
module "many" {
  source   = "./child"
  for_each = toset(%s)
  name     = each.key
}
module "counted" {
  source = "./child"
  count  = %d
  name   = "number ${count.index}"
}
output "names" {
  value = [module.one.name, [for one in module.many : one.name], module.counted[*].name]
}
"""
CHILD = """
variable "name" {
  type = string
}
resource "terraform_data" "a" {
  input = var.name
}
module "inner" {
  source = "../inner"
  count  = 2
  of     = terraform_data.a.id
}
output "name" {
  value = terraform_data.a.output
}
"""
INNER = 'variable "of" {}\nresource "terraform_data" "b" {\n  input = var.of\n}\n'
SENSITIVE = """
variable "password" {
  type      = string
  default   = "%s"
  sensitive = true
}
resource "terraform_data" "whole" {
  input = var.password
}
resource "terraform_data" "parts" {
  input            = { user = "me", password = var.password, list = ["a", var.password] }
  triggers_replace = sensitive("x")
}
output "password" {
  value     = var.password
  sensitive = true
}
output "of_a_resource" {
  value     = terraform_data.parts.input
  sensitive = true
}
"""
BLUE_GREEN = """
resource "terraform_data" "version" {
  input = "%s"
}
resource "terraform_data" "first" {
  input            = terraform_data.version.output
  triggers_replace = "%s"
  lifecycle {
    create_before_destroy = true
  }
}
resource "terraform_data" "second" {
  input = terraform_data.first.id
  lifecycle {
    replace_triggered_by = [terraform_data.version]
  }
}
resource "terraform_data" "third" {
  depends_on = [terraform_data.second]
  lifecycle {
    ignore_changes = [input]
  }
}
"""
CHECKED = """
variable "size" {
  default = %d
  validation {
    condition     = var.size > 0
    error_message = "too small"
  }
}
resource "terraform_data" "a" {
  count = 2
  input = var.size
  lifecycle {
    precondition {
      condition     = var.size < 100
      error_message = "too large"
    }
    postcondition {
      condition     = self.output == var.size
      error_message = "another"
    }
  }
}
check "fits" {
  assert {
    condition     = var.size < 10
    error_message = "does not fit: ${var.size}"
  }
  assert {
    condition     = terraform_data.a[0].output == var.size
    error_message = "not made"
  }
}
module "checked" {
  source = "./child"
  size   = var.size
}
output "size" {
  value = var.size
  precondition {
    condition     = var.size != 50
    error_message = "not fifty"
  }
}
"""
CHECKED_CHILD = """
variable "size" {}
check "inside" {
  assert {
    condition     = var.size != 7
    error_message = "seven"
  }
}
"""
PROVISIONED = """
resource "terraform_data" "a" {
  input            = "a"
  triggers_replace = %d
  provisioner "local-exec" {
    command = "echo made ${self.id} >> ledger"
  }
  provisioner "local-exec" {
    when    = destroy
    command = "echo gone ${self.id} >> ledger"
  }
}
"""
READ = """
resource "terraform_data" "a" {
  input = "%s"
}
data "terraform_remote_state" "theirs" {
  backend = "local"
  config  = { path = "${path.module}/theirs.tfstate" }
  defaults = { x = "%s" }
}
output "read" {
  value = data.terraform_remote_state.theirs.outputs.x
}
"""
THEIRS = '{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x","outputs":{},"resources":[]}'

LIVES: dict[str, list[dict[str, str]]] = {
    "values": [{"main": VALUES}, {"main": VALUES.replace("= true", "= false").replace("list     =", "listed   =")}],
    "count": [{"main": COUNTED % n} for n in (3, 1, 0, 2)],
    "count to one": [
        {"main": COUNTED % 2},
        {"main": 'resource "terraform_data" "n" {\n  input = 0\n}\n'},
        {"main": COUNTED % 1},
    ],
    "for_each": [{"main": NAMED % names} for names in ('["a", "b c"]', '["b c", "\\"q\\"", "ü"]', "[]", '["a"]')],
    "modules": [
        {"main": MODULES % args, "child__main": CHILD, "inner__main": INNER}
        for args in (('["x", "y"]', 1), ('["y", "z"]', 2), ("[]", 0))
    ],
    "sensitive": [
        {"main": SENSITIVE % "hunter2hunter2"},
        {"main": SENSITIVE % "another password"},
        {
            "main": (SENSITIVE % "another password").replace(
                "input = var.password", "input = nonsensitive(var.password)"
            )
        },
    ],
    "replacement": [{"main": BLUE_GREEN % args} for args in (("1", "a"), ("1", "b"), ("2", "b"), ("3", "c"))],
    "checks": [{"main": CHECKED % size, "child__main": CHECKED_CHILD} for size in (1, 7, 20)],
    "provisioners": [{"main": PROVISIONED % n} for n in (1, 2)],
    "data": [{"main": READ % args} for args in (("a", "x"), ("b", "y"))],
}

MOVED: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "renamed": (
        {"main": COUNTED % 2},
        {
            "main": (COUNTED % 2).replace('"n"', '"m"').replace("data.n", "data.m")
            + "moved {\n  from = terraform_data.n\n  to = terraform_data.m\n}\n"
        },
    ),
    "from a number to a name": (
        {"main": COUNTED % 2},
        {
            "main": 'resource "terraform_data" "n" {\n  for_each = { a = 0, b = 1 }\n  input = each.value\n}\n'
            'output "all" {\n  value = values(terraform_data.n)[*].output\n}\n'
            + "".join(
                f'moved {{\n  from = terraform_data.n[{n}]\n  to = terraform_data.n["{key}"]\n}}\n'
                for n, key in enumerate("ab")
            )
        },
    ),
    "into a module": (
        {"main": 'resource "terraform_data" "b" {\n  input = "x"\n}\n'},
        {
            "main": 'module "m" {\n  source = "./inner"\n  of = "x"\n}\n'
            "moved {\n  from = terraform_data.b\n  to = module.m.terraform_data.b\n}\n",
            "inner__main": INNER,
        },
    ),
    "a module": (
        {"main": MODULES % ('["x"]', 1), "child__main": CHILD, "inner__main": INNER},
        {
            "main": (MODULES % ('["x"]', 1))
            .replace('"one"', '"uno"')
            .replace("module.one", "module.uno")
            .replace('name   = "uno"', 'name   = "one"')
            + "moved {\n  from = module.one\n  to = module.uno\n}\n",
            "child__main": CHILD,
            "inner__main": INNER,
        },
    ),
}
