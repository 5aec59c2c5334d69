variable "assembly" {
  description = "The folder that `timelatch synth --terraform` wrote, with terraform.json in it."
  type        = string
}

variable "account" {
  description = "The account whose stacks this call deploys, twelve digits. The provider has to be of that account."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account))
    error_message = "Write the account's twelve digits, in quotes."
  }
}

variable "buckets" {
  description = "A bucket by region, for each region in which this account gets stacks. Templates and code are put there."
  type        = map(string)
}

variable "deployed" {
  description = "Stacks of other accounts that come before: the outputs `grantors` of all spokes for the hub, and the hub's output `hub` for a spoke."
  type        = map(string)
  default     = {}
}
