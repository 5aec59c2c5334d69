# The broker's own account has clusters in a second region.

provider "aws" {
  region = "us-west-2"
}

resource "aws_s3_bucket" "timelatch" {
  for_each = toset(["us-west-2", "eu-west-1"])

  region = each.key
  bucket = "example-timelatch-111122223333-${each.key}"
}

module "timelatch" {
  source = "git::https://git.example.com/timelatch.git//terraform?ref=v0.1.0"

  assembly = "${path.root}/cdk.out/terraform"
  account  = "111122223333"
  buckets  = { for region, bucket in aws_s3_bucket.timelatch : region => bucket.id }
}

output "api_url" {
  description = "For `timelatch config set api`."
  value       = module.timelatch.api_url
}
