a = provider::time::rfc3339_parse("2023-07-25T23:43:16Z")
b = provider::terraform::encode_tfvars({ a = 1 })
