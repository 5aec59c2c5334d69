terraform {
  # OpenTofu counts as 1.6 and newer.
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first release with a region for each resource.
      version = ">= 6.0.0"
    }
  }
}
