# It needs no account: `tofu init && tofu test`, or terraform. It fetches the provider, whose schema the mocks have.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
    }
  }

  mock_data "aws_s3_bucket" {
    defaults = {
      id                          = "example"
      bucket_region               = "us-west-2"
      bucket_regional_domain_name = "example.s3.us-west-2.amazonaws.com"
    }
  }
}

variables {
  assembly = "./tests/assembly"
  account  = "111122223333"
  buckets  = { us-west-2 = "example" }
}

# Plans only: after an apply, the test would destroy the stacks, which the module prevents.
run "every_stack_is_planned" {
  command = plan

  assert {
    condition     = toset(keys(output.hub)) == toset(["Timelatch", "TimelatchFuses", "TimelatchPeople-1"])
    error_message = "A stack of the manifest is missing."
  }

  assert {
    condition     = alltrue([for object in aws_s3_object.file : strcontains(object.key, object.source_hash)])
    error_message = "A key has no hash."
  }
}

run "an_assembly_of_another_policy" {
  command = plan

  variables {
    assembly = "./tests/stale"
  }

  expect_failures = [data.aws_caller_identity.current]
}

run "a_region_without_a_bucket" {
  command = plan

  variables {
    buckets = {}
  }

  expect_failures = [data.aws_s3_bucket.assets]
}

run "an_account_that_is_none" {
  command = plan

  variables {
    account = "prod"
  }

  expect_failures = [var.account]
}
