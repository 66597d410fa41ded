a = b
b = b.c
c = b.c.d.e
d = module.x.y.z
e = data.aws_ami.ubuntu.id
