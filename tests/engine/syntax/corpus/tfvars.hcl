region = "eu-central-1"
count_of = 3
ratio = 0.5
enabled = true
nothing = null
names = ["a", "b"]
tags = {
  Owner = "me"
  "quoted key" = "x"
}
