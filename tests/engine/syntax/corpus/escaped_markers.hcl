a = "$${x}"
b = "%%{if}"
c = "pre $${x} post"
