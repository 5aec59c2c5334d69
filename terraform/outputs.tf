output "grantors" {
  description = "The stacks that the broker needs, by name: hand them to the hub as `deployed`."
  value       = merge(module.account.deployed, module.region.deployed)
}

output "hub" {
  description = "The stacks of the broker's account that a spoke's name, by name: hand them to each spoke as `deployed`."
  value       = merge(module.region.deployed, module.fuses.deployed, module.broker.deployed, module.people.deployed)
}

output "api_url" {
  description = "The address of the API, for `timelatch config set api`. Null for a spoke."
  value       = one([for outputs in module.broker.outputs : outputs["ApiUrl"]])
}

output "archive_bucket" {
  description = "The bucket with the archive, for auditors. Null for a spoke."
  value       = one([for outputs in module.broker.outputs : outputs["ArchiveBucketName"]])
}
