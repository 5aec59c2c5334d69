variable "stacks" {
  description = "The stacks by name, as terraform.json has them, with the address of the template."
  type = map(object({
    kind         = string
    region       = string
    after        = list(string)
    version      = string
    capabilities = list(string)
    template_url = string
    parameters   = map(string)
  }))
}

variable "deployed" {
  description = "The stacks that are there before, by name."
  type        = map(string)
  default     = {}
}
