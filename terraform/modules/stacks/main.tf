resource "aws_cloudformation_stack" "this" {
  for_each = var.stacks

  name         = each.key
  region       = each.value.region
  template_url = each.value.template_url
  parameters   = each.value.parameters
  capabilities = each.value.capabilities

  lifecycle {
    # It ends access, or somebody's access depends on it. Only `timelatch drain` makes it safe to delete.
    prevent_destroy = true

    precondition {
      condition     = length(setsubtract(each.value.after, keys(var.deployed))) == 0
      error_message = "${each.key} comes after ${join(", ", setsubtract(each.value.after, keys(var.deployed)))}, which this call does not have. Nothing was changed. Hand the other account's output on: deployed = module.<its call>.hub, or .grantors for the hub."
    }

    # The provider may take an update for done that CloudFormation rolled back.
    postcondition {
      condition     = try(self.outputs["Version"], "") == each.value.version
      error_message = "CloudFormation has another template of ${each.key} than the state says: an update was rolled back. Read the stack's events and repair what they name. Then send the template again: aws cloudformation update-stack --region ${each.value.region} --stack-name ${each.key} --template-url ${each.value.template_url} --capabilities CAPABILITY_NAMED_IAM${join("", [for name, value in each.value.parameters : " --parameters ParameterKey=${name},ParameterValue=${value}"])}"
    }
  }
}
