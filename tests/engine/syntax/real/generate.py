"""Configuration in the manner of public modules, put together from idioms: `generate(seed)` is always the same text.

A module takes its idioms in a random order, each with names, sizes and values of its own; the styles that people differ
in - line ends, comments, indentation, blank lines - are chosen for the whole file.
"""

from collections.abc import Callable
from random import Random

COUNT = 300

_WORDS = ["vpc", "subnet", "queue", "role", "bucket", "web", "worker", "edge", "audit", "primary", "replica", "cache"]
_TYPES = ["aws_instance", "google_storage_bucket", "azurerm_subnet", "kubernetes_service", "terraform_data"]
_TEXTS = [
    "eu-west-1",
    "t3.micro",
    "größer als ü",
    "日本語",
    "naïve 👩‍💻",
    "a\\tb\\\\c",
    'say \\"hi\\"',
    "50%",
    "$5",
    "$${literal}",
]
_CONSTRAINTS = [
    "string",
    "number",
    "list(string)",
    "map(any)",
    "set(object({ a = string }))",
    "object({\n    name = string\n    size = optional(number, 3)\n    tags = optional(map(string), {})\n  })",
    "list(object({ port = number, cidrs = optional(list(string), []) }))",
    "tuple([string, number, bool])",
]

Idiom = Callable[[Random], str]


def generate(seed: int) -> str:
    """Return one file."""
    random = Random(seed)
    parts = [random.choice(IDIOMS)(random) for _ in range(random.randint(4, 14))]
    text = random.choice(["", "\n", "# Managed by the platform team.\n\n"]) + random.choice(["\n", "\n\n"]).join(parts)
    return _styled(text, random)


def _styled(text: str, random: Random) -> str:
    lines = text.split("\n")
    if "<<" not in text:  # blanks are content in a heredoc
        lines = [_restyled(line, random) for line in lines]
        if random.random() < 0.2:
            lines = [line.replace("  ", "\t") for line in lines]
    end = "\r\n" if random.random() < 0.2 else "\n"
    return end.join(lines).rstrip() + (end if random.random() < 0.9 else "")


def _restyled(line: str, random: Random) -> str:
    chance = random.random()
    if chance < 0.03:
        return line.replace(" = ", "=", 1)
    if chance < 0.06:
        return line.replace(" = ", "    =   ", 1)
    return line + "   " if chance < 0.08 else line


def _name(random: Random) -> str:
    return "_".join(random.sample(_WORDS, random.randint(1, 2)))


def _text(random: Random) -> str:
    return f'"{random.choice(_TEXTS)}"'


def _simple(random: Random) -> str:
    """Return an expression that fits on a line."""
    name, other = _name(random), _name(random)
    return random.choice(
        [
            _text(random),
            str(random.randint(0, 10**9)),
            f"{random.randint(0, 99)}.{random.randint(1, 9)}",
            random.choice(["true", "false", "null"]),
            f"var.{name}",
            f"local.{name}[0].id",
            f'"${{var.{name}}}-${{local.{other}}}-suffix"',
            f'"arn:aws:s3:::${{aws_s3_bucket.{name}.id}}/*"',
            f"aws_instance.{name}[*].private_ip",
            f"aws_instance.{name}.*.id",
            f'data.aws_ami.{name}["{other}"].image_id',
            f'var.{name} != null ? var.{name} : "{other}"',
            f"var.{name} ? 1 : 0",
            f"length(var.{name}) > 0 && !contains(var.{other}, {_text(random)})",
            f"try(local.{name}.{other}, null)",
            f'coalesce(var.{name}, lookup(local.{other}, "key", ""))',
            f"(var.{name} + {random.randint(1, 9)}) * 2 - local.{other} % 3",
            f'format("%s-%02d", var.{name}, count.index + 1)',
            f'element(split(",", var.{name}), 0)',
            f"[for {other} in var.{name} : upper({other}) if {other} != null]",
            f"{{ for k, v in var.{name} : k => v.{other}... }}",
            f"{{ for {other} in local.{name} : ({other}.id) => {other} }}",
            f'can(regex("^[a-z]+$", var.{name}))',
            f"concat(var.{name}..., [])".replace("..., []", ", []"),
            f"max(local.{name}...)",
            f"provider::terraform::decode_tfvars(file(var.{name}))",
            f'"%{{ if var.{name} }}on%{{ else }}off%{{ endif }}"',
            f'"%{{ for x in var.{name} }}${{x}},%{{ endfor }}"',
            "-1",
            f"-var.{name}",
            f"[{_text(random)}, {_text(random)},]",
            '{ "a" = 1, b : 2, (var.c) = 3 }',
            f"each.value[{_text(random)}]",
        ]
    )


def _comment(random: Random) -> str:
    words = " ".join(random.sample(_WORDS, 3))
    return random.choice(
        [
            f"# {words} é",
            f"// {words}",
            f"/* {words} */",
            f"/*\n * {words} {{\n * 'x' \"\n */",
            f"#{words}\n#\n##",
            "// -- ${ x",
        ]
    )


def _locals(random: Random) -> str:
    rows = "\n".join(f"  {_name(random)}_{i} = {_simple(random)}" for i in range(random.randint(1, 7)))
    return f"locals {{\n{rows}\n}}"


def _merged(random: Random) -> str:
    a, b, c = _name(random), _name(random), _name(random)
    return (
        f"locals {{\n  {a} = merge(\n    var.{b},\n    {{ Name = {_text(random)} }},\n"
        f"    {{\n      for k, v in local.{c} : # every one\n      k => merge(v, {{ index = v.i }})\n      if v.enabled\n    }},\n"
        f"    var.{a} ? {{ extra = {_simple(random)} }} : {{}},\n  )\n\n"
        f"  {b}_flat = flatten([\n    for x in var.{b} : [\n      for y in x.{c} : {{\n"
        f"        x = x.name\n        y = y\n      }}\n    ]\n  ])\n}}"
    )


def _variable(random: Random) -> str:
    name = _name(random)
    rule = (
        f"\n\n  validation {{\n    condition     = {_simple(random)}\n"
        f'    error_message = "The ${{var.{name}}} is {random.choice(_WORDS)}."\n  }}'
    )
    extra = random.choice(
        ["", "\n  sensitive   = true", "\n  nullable    = false", "\n  ephemeral = true", rule, rule + rule]
    )
    return (
        f'variable "{name}" {{\n  type        = {random.choice(_CONSTRAINTS)}\n  description = {_text(random)}\n'
        f"  default     = {random.choice(['null', '{}', '[]', '0', _text(random)])}{extra}\n}}"
    )


def _output(random: Random) -> str:
    return f'output "{_name(random)}" {{\n  value       = {_simple(random)} # {random.choice(_WORDS)}\n  sensitive = false\n}}'


def _resource(random: Random) -> str:
    rows = "\n".join(f"  {_name(random)}_{i} = {_simple(random)}" for i in range(random.randint(0, 6)))
    repeat = random.choice(["", f"  count = {_simple(random)}\n", f"  for_each = toset({_simple(random)})\n\n"])
    blocks = "".join(random.choice(_NESTED)(random) for _ in range(random.randint(0, 3)))
    return f'resource "{random.choice(_TYPES)}" "{_name(random)}" {{\n{repeat}{rows}\n{blocks}}}'


def _lifecycle(random: Random) -> str:
    return (
        "\n  lifecycle {\n    create_before_destroy = true\n    prevent_destroy = false\n"
        f'    ignore_changes = [tags, tags["{_name(random)}"], block[0].{_name(random)}]\n'
        f"    replace_triggered_by = [terraform_data.{_name(random)}.output]\n\n"
        f'    precondition {{\n      condition     = {_simple(random)}\n      error_message = "No."\n    }}\n  }}\n'
    )


def _dynamic(random: Random) -> str:
    name = _name(random)
    return (
        f'\n  dynamic "{name}" {{\n    for_each = {_simple(random)}\n    iterator = it\n    labels   = [it.key]\n\n'
        f"    content {{\n      port = it.value.port\n      {name} {{ cidr = {_simple(random)} }}\n    }}\n  }}\n"
    )


def _nested(random: Random) -> str:
    return f'\n  {_name(random)} {{\n    enabled = {_simple(random)}\n    {_name(random)} {{}}\n  }}\n  timeouts {{ create = "30m" }}\n'


def _provisioner(random: Random) -> str:
    return (
        f'\n  provisioner "local-exec" {{\n    when    = destroy\n    command = "echo \'${{self.{_name(random)}}}\' | jq .[]"\n'
        f"    environment = {{\n      A = {_simple(random)}\n    }}\n  }}\n"
    )


def _commented(random: Random) -> str:
    return f"  {_comment(random)}\n"


_NESTED: list[Idiom] = [_lifecycle, _dynamic, _nested, _provisioner, _commented]


def _policy(random: Random) -> str:
    return (
        f'resource "aws_iam_policy" "{_name(random)}" {{\n  policy = jsonencode({{\n    Version = "2012-10-17"\n    Statement = [\n'
        f'      {{\n        Effect   = "Allow"\n        Action   = ["s3:Get*", {_text(random)}]\n'
        f'        Resource = "${{aws_s3_bucket.{_name(random)}.arn}}/*"\n        Condition = {{\n'
        f'          StringEquals = {{ "aws:SourceAccount" = {_simple(random)} }}\n        }}\n      }},\n      # more\n    ]\n  }})\n}}'
    )


def _heredoc(random: Random) -> str:
    name = _name(random)
    minus, mark = random.choice(["", "-"]), random.choice(["EOF", "EOT", "SCRIPT_1"])
    lines = random.choice(
        [
            f"    #!/bin/bash\n    echo \"${{var.{name}}}\" > /tmp/x\n\n    export A='$${{HOME}}'\n",
            f'  {{ "name": "${{local.{name}}}", "n": [1, 2] }}\n',
            f"%{{ for x in var.{name} }}\nserver ${{x.ip}}:${{x.port}};\n%{{ endfor }}\n",
            '  ünïcode 日本 \\n stays \\"so\\"\n    deeper\n',
            "",
        ]
    )
    return (
        f"locals {{\n  {name} = <<{minus}{mark}\n{lines}{'  ' if minus else ''}{mark}\n  after = {_simple(random)}\n}}"
    )


def _module(random: Random) -> str:
    return (
        f'module "{_name(random)}" {{\n  source  = "{random.choice(["./modules/x", "terraform-aws-modules/vpc/aws", "git::https://example.com/x.git//sub?ref=v1"])}"\n'
        f'  version = "~> 3.{random.randint(0, 20)}"\n\n  providers = {{\n    aws = aws.{_name(random)}\n  }}\n\n'
        f"  config = {{\n    a = {_simple(random)}\n    b = [\n      {_simple(random)},\n      {_simple(random)}\n    ]\n  }}\n"
        f"  depends_on = [aws_instance.{_name(random)}, module.{_name(random)}]\n}}"
    )


def _terraform(random: Random) -> str:
    return (
        'terraform {\n  required_version = ">= 1.3, < 2.0"\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n'
        f'      version = ">= {random.randint(3, 6)}.0"\n      configuration_aliases = [aws.one, aws.two]\n    }}\n  }}\n'
        f'  backend "s3" {{\n    bucket = {_text(random)}\n    key = "x/terraform.tfstate"\n  }}\n}}'
    )


def _provider(random: Random) -> str:
    return f'provider "aws" {{\n  alias = "{_name(random)}"\n  region = {_simple(random)}\n  default_tags {{\n    tags = var.tags\n  }}\n}}'


def _data(random: Random) -> str:
    return (
        f'data "aws_ami" "{_name(random)}" {{\n  most_recent = true\n  filter {{\n    name = "name"\n    values = [{_text(random)}]\n  }}\n'
        f"  owners = {_simple(random)}\n}}"
    )


def _moves(random: Random) -> str:
    a, b = _name(random), _name(random)
    return (
        f"moved {{\n  from = aws_instance.{a}\n  to   = module.{b}.aws_instance.{a}[0]\n}}\n\n"
        f'import {{\n  to = aws_instance.{b}["x"]\n  id = "i-1"\n}}\n\nremoved {{\n  from = aws_instance.{b}\n  lifecycle {{\n    destroy = false\n  }}\n}}'
    )


def _check(random: Random) -> str:
    return f'check "{_name(random)}" {{\n  assert {{\n    condition = {_simple(random)}\n    error_message = {_text(random)}\n  }}\n}}'


IDIOMS: list[Idiom] = [
    _comment, _locals, _merged, _variable, _output, _resource, _resource, _policy, _heredoc, _module, _terraform, _provider,
    _data, _moves, _check,
]  # fmt: skip
