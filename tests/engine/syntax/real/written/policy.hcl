data "aws_iam_policy_document" "assume" {
  dynamic "statement" {
    for_each = { for name, role in var.roles : name => role if role.enabled }

    content {
      sid     = replace(title(statement.key), "/[^A-Za-z]/", "")
      actions = ["sts:AssumeRole"]

      principals {
        type        = "Service"
        identifiers = ["${statement.value.service}.amazonaws.com"]
      }

      dynamic "condition" {
        for_each = statement.value.conditions[*]
        iterator = it
        content {
          test     = it.value.test
          variable = it.value.variable
          values   = flatten([it.value.values])
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "inline" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for bucket in var.buckets : {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = ["arn:aws:s3:::${bucket}", "arn:aws:s3:::${bucket}/*"]
      }
    ]
  })
}
