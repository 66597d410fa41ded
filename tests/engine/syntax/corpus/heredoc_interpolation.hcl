a = <<EOT
hello ${name}
%{ if x ~}
  yes
%{ endif ~}
"quotes" and \backslashes
EOT
b = 1
