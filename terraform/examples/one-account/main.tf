# The broker and all clusters are in one account and region.

provider "aws" {
  region = "us-west-2"
}

resource "aws_s3_bucket" "timelatch" {
  bucket = "example-timelatch-111122223333-us-west-2"
}

module "timelatch" {
  source = "git::https://git.example.com/timelatch.git//terraform?ref=v0.1.0"

  assembly = "${path.root}/cdk.out/terraform"
  account  = "111122223333"
  buckets  = { us-west-2 = aws_s3_bucket.timelatch.id }
}

output "api_url" {
  description = "For `timelatch config set api`."
  value       = module.timelatch.api_url
}
