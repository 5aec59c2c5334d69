output "deployed" {
  description = "The ids of the stacks, by name."
  value       = { for name, stack in aws_cloudformation_stack.this : name => stack.id }
}

output "outputs" {
  description = "The outputs of each stack, by name."
  value       = { for name, stack in aws_cloudformation_stack.this : name => stack.outputs }
}
