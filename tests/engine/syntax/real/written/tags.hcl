locals {
  tags = merge(
    {
      Environment = terraform.workspace
      ManagedBy   = "terraform"
      Owner       = try(var.owner.email, var.owner, "nobody")
    },
    var.cost_center != "" ? { CostCenter = var.cost_center } : {},
    { for key in var.extra : "extra/${lower(key)}" => true },
  )

  asg_tags = null_resource.tags.*.triggers
  names    = sort(distinct([for t in keys(local.tags) : trimprefix(t, "extra/")]))
  grouped  = { for u in var.users : u.role => u.name... if !u.disabled }
}
