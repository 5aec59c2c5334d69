# The broker is in one account; another one has clusters in two regions. Each further account is one more provider, one more
# resource for its buckets and one more call, and is added to what the hub is handed.

provider "aws" {
  region = "us-west-2"
}

provider "aws" {
  alias  = "spoke"
  region = "us-west-2"

  assume_role {
    role_arn = "arn:aws:iam::444455556666:role/terraform"
  }
}

resource "aws_s3_bucket" "hub" {
  bucket = "example-timelatch-111122223333-us-west-2"
}

resource "aws_s3_bucket" "spoke" {
  for_each = toset(["us-west-2", "eu-west-1"])
  provider = aws.spoke

  region = each.key
  bucket = "example-timelatch-444455556666-${each.key}"
}

module "hub" {
  source = "git::https://git.example.com/timelatch.git//terraform?ref=v0.1.0"

  assembly = "${path.root}/cdk.out/terraform"
  account  = "111122223333"
  buckets  = { us-west-2 = aws_s3_bucket.hub.id }
  deployed = module.spoke.grantors
}

module "spoke" {
  source    = "git::https://git.example.com/timelatch.git//terraform?ref=v0.1.0"
  providers = { aws = aws.spoke }

  assembly = "${path.root}/cdk.out/terraform"
  account  = "444455556666"
  buckets  = { for region, bucket in aws_s3_bucket.spoke : region => bucket.id }
  deployed = module.hub.hub
}

output "api_url" {
  description = "For `timelatch config set api`."
  value       = module.hub.api_url
}
