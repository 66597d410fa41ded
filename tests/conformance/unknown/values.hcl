# What the recorded expressions refer to: values of every type that are known only after apply.

resource "terraform_data" "u" {
  input = "x"
}
resource "terraform_data" "L" {
  input = tolist(["a", "b"])
}
resource "terraform_data" "S" {
  input = toset(["a", "b"])
}
resource "terraform_data" "M" {
  input = tomap({ a = "x" })
}
resource "terraform_data" "N" {
  input = 3
}
resource "terraform_data" "B" {
  input = true
}
resource "terraform_data" "T" {
  input = ["a", 1]
}
resource "terraform_data" "O" {
  input = { a = "x", n = 1 }
}
resource "terraform_data" "W" {
  input = { l = tolist(["a"]), u = terraform_data.u.id }
}
locals {
  id = terraform_data.u.id
  u = terraform_data.u.output
  L = terraform_data.L.output
  S = terraform_data.S.output
  M = terraform_data.M.output
  N = terraform_data.N.output
  B = terraform_data.B.output
  T = terraform_data.T.output
  O = terraform_data.O.output
  D = jsondecode(terraform_data.u.id)
  s = sensitive("sec")
}
