# The stacks of one account. CloudFormation makes everything that is in them: this module puts the templates and the code
# where CloudFormation reads them, and keeps the order.

locals {
  manifest = jsondecode(file("${var.assembly}/terraform.json"))

  stacks  = { for stack in local.manifest.stacks : stack.name => stack if stack.account == var.account }
  objects = { for object in local.manifest.objects : "${object.region}/${object.key}" => object if object.account == var.account }
  regions = toset([for stack in local.stacks : stack.region])

  # What was changed since the assembly was made.
  stale = [
    for source in local.manifest.policy : source.file
    if try(filesha256("${var.assembly}/${source.file}"), "gone") != source.sha256
  ]
}

data "aws_caller_identity" "current" {
  lifecycle {
    precondition {
      condition     = length(local.stale) == 0
      error_message = "The assembly in ${var.assembly} was made of other files than these: ${join(", ", local.stale)}. Nothing was changed. Make it again: timelatch synth --terraform"
    }

    postcondition {
      condition     = self.account_id == var.account
      error_message = "The credentials are of account ${self.account_id}, and this call is for ${var.account}. Nothing was changed. Give the module a provider of ${var.account}: providers = { aws = aws.<alias> }"
    }
  }
}

data "aws_s3_bucket" "assets" {
  for_each = local.regions

  region = each.key
  bucket = var.buckets[each.key]

  lifecycle {
    precondition {
      condition     = contains(keys(var.buckets), each.key)
      error_message = "Account ${var.account} gets stacks in ${each.key}, and buckets names none there. Nothing was changed. Add one: buckets = { ${each.key} = \"<name>\" }"
    }

    postcondition {
      condition     = self.bucket_region == each.key
      error_message = "The bucket ${self.bucket} is in ${self.bucket_region}, and Lambda takes code from ${each.key} alone. Nothing was changed. Name a bucket of ${each.key}."
    }
  }
}

resource "aws_s3_object" "file" {
  for_each = local.objects

  region = each.value.region
  bucket = data.aws_s3_bucket.assets[each.value.region].id
  # It has the hash in it, so that a new content has a new address.
  key         = each.value.key
  source      = "${var.assembly}/${each.value.file}"
  source_hash = each.value.sha256

  lifecycle {
    # A stack that fails to update goes back to its old code, so that has to be there until the update has succeeded.
    create_before_destroy = true

    precondition {
      condition     = filesha256("${var.assembly}/${each.value.file}") == each.value.sha256
      error_message = "${each.value.file} is not what terraform.json says. Nothing was changed. Make the assembly again: timelatch synth --terraform"
    }
  }
}

locals {
  # Address and bucket of each object, which a stack then waits for.
  urls = {
    for name, object in aws_s3_object.file :
    name => "https://${data.aws_s3_bucket.assets[object.region].bucket_regional_domain_name}/${object.key}"
  }

  wanted = {
    for name, stack in local.stacks : name => {
      kind         = stack.kind
      region       = stack.region
      after        = stack.after
      version      = stack.version
      capabilities = stack.capabilities
      template_url = local.urls["${stack.region}/${stack.template}"]
      # The only one that a stack has.
      parameters = { for name in stack.parameters : name => data.aws_s3_bucket.assets[stack.region].id if name == "AssetsBucket" }
    }
  }
}

# One call for each kind, in the order in which they name each other.

module "account" {
  source = "./modules/stacks"
  stacks = { for name, stack in local.wanted : name => stack if stack.kind == "account" }
}

module "region" {
  source   = "./modules/stacks"
  stacks   = { for name, stack in local.wanted : name => stack if stack.kind == "region" }
  deployed = module.account.deployed
}

module "fuses" {
  source = "./modules/stacks"
  stacks = { for name, stack in local.wanted : name => stack if stack.kind == "fuses" }
}

module "broker" {
  source   = "./modules/stacks"
  stacks   = { for name, stack in local.wanted : name => stack if stack.kind == "broker" }
  deployed = merge(var.deployed, module.account.deployed, module.region.deployed, module.fuses.deployed)
}

module "people" {
  source   = "./modules/stacks"
  stacks   = { for name, stack in local.wanted : name => stack if stack.kind == "people" }
  deployed = merge(var.deployed, module.broker.deployed)
}

module "forward" {
  source = "./modules/stacks"
  stacks = { for name, stack in local.wanted : name => stack if stack.kind == "forward" }
  deployed = merge(
    var.deployed,
    module.account.deployed,
    module.region.deployed,
    module.fuses.deployed,
    module.broker.deployed,
    module.people.deployed,
  )
}
