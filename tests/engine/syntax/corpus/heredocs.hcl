a = <<EOT
plain
EOT
b = <<-EOT
  indented
    more
  EOT
c = <<E
E
d = [<<X
in a tuple
X
]
e = 1
