include "root" {
  path = find_in_parent_folders()
}

inputs = {
  instance_count = 10
  name           = "frontend-${get_env("USER", "nobody")}"
}
