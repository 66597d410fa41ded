resource "aws_launch_template" "node" {
  name_prefix = "${var.name}-"
  user_data = base64encode(<<-EOT
    #!/usr/bin/env bash
    set -euo pipefail
    %{ for key, value in var.environment ~}
    export ${key}='${value}'
    %{ endfor ~}
    HOME_DIR=$${HOME:-/srv}
    curl -fsSL "https://${var.endpoint}/join?token=${urlencode(var.token)}" | bash -s -- %{ if var.debug }--debug%{ endif }
  EOT
  )

  motd = <<EOF
Willkommen auf ${upper(var.name)}
  50%% off, $5 each
EOF
}
