output "vpc_id" {
  description = "The ID of the VPC"
  value       = try(aws_vpc.this[0].id, null)
}

output "private_subnets" { value = aws_subnet.private[*].id }

output "by_zone" {
  value = { for subnet in aws_subnet.private : subnet.availability_zone => subnet.id... }
}

output "password" {
  value     = random_password.this.result
  sensitive = true

  precondition {
    condition     = random_password.this.length >= 16
    error_message = "Too short."
  }
  depends_on = [aws_vpc.this]
}
