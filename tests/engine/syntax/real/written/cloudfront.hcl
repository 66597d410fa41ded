resource "aws_cloudfront_distribution" "cdn" {
  enabled = true
  aliases = compact(concat([var.domain], var.aliases))

  dynamic "origin" {
    for_each = var.origins
    content {
      domain_name = origin.value.domain
      origin_id   = lookup(origin.value, "id", origin.key)

      dynamic "custom_header" {
        for_each = lookup(origin.value, "headers", [])
        content {
          name  = custom_header.value.name
          value = custom_header.value.value
        }
      }
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = length(var.countries) == 0 ? "none" : "whitelist"
      locations        = var.countries
    }
  }
  viewer_certificate {
    acm_certificate_arn      = one(aws_acm_certificate.this[*].arn)
    minimum_protocol_version = "TLSv1.2_2021"
  }
}
