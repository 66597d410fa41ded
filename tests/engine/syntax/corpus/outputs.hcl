output "network" {
  description = "Where everything lives"
  value       = try(aws_vpc.main[0].id, null)
}

output "inner" {
  value = aws_subnet.inner[*].id
}

output "pairs" {
  value = zipmap(aws_instance.a.*.id, aws_instance.a.*.private_ip)
}
