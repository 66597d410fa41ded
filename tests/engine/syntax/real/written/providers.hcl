terraform {
  required_version = ">= 1.5.0, < 2.0.0"

  required_providers {
    openai = {
      source  = "openai/openai"
      version = "~> 0.1"
    }
    aws = { source = "hashicorp/aws", version = ">= 5.0", configuration_aliases = [aws.replica] }
  }

  backend "local" {
    path = "states/terraform.tfstate"
  }
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias  = "replica"
  region = var.replica_region

  assume_role { role_arn = "arn:aws:iam::${var.account}:role/deploy" }
  default_tags {
    tags = local.tags
  }
}
