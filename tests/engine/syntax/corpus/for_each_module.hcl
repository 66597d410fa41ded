module "worker" {
  source = "./modules/worker"

  for_each = { for k, v in var.workers : k => v if v.enabled && !local.paused }

  name     = try(each.value.name, each.key)
  prefixed = try(each.value.prefixed, var.worker_defaults.prefixed, true)
  zones    = coalesce(each.value.zones, var.zones)
  smallest = lookup(each.value, "smallest", 1)

  marks = {
    for key, mark in lookup(each.value, "marks", {}) : key => {
      key    = mark.key
      effect = mark.effect
    }
  }
}
