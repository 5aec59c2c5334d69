/** Reads the template's KMS keys and their aliases. */
import { isObject, type JsonObject } from "./json.ts";
import { attribute, refuse } from "./refuse-resource.ts";
import type { ResolvedResource, ResolvedTemplate } from "./resolve.ts";
import type { KeyResource, StackKeys } from "./stack.ts";

/** The properties of a key that is emulated. */
const SPECS = ["ECC_NIST_P256", "ECC_NIST_EDWARDS25519"] as const;
const USAGE = "SIGN_VERIFY";

/** @throws Error for keys of another kind, naming the key */
export function keysOf(template: ResolvedTemplate, account: string): StackKeys {
  const keys = template.ofType("AWS::KMS::Key").map((one) => key(one, account));
  const aliases = template.ofType("AWS::KMS::Alias").map((one) => {
    const { properties } = one;
    const target = properties.text("TargetKeyId");
    if (!keys.some(({ id, arn }) => id === target || arn === target))
      refuse(one, `the target key ${target}`);
    return { name: properties.text("AliasName"), keyId: target };
  });
  return { keys, aliases };
}

function key(resource: ResolvedResource, account: string): KeyResource {
  const { properties } = resource;
  const given = properties.optionalText("KeySpec");
  const spec = SPECS.find((one) => one === given) ?? refuseAs(resource, "KeySpec", given);
  const usage = properties.optionalText("KeyUsage");
  if (usage !== USAGE) refuseAs(resource, "KeyUsage", usage);
  for (const name of ["MultiRegion", "EnableKeyRotation"])
    if (properties.flag(name, false)) refuse(resource, name);
  const policy = properties.raw("KeyPolicy");
  return {
    id: resource.ref,
    arn: attribute(resource, "Arn"),
    description: properties.optionalText("Description") ?? "",
    isEnabled: properties.flag("Enabled", true),
    spec,
    policy: isObject(policy) ? policy : defaultPolicy(account),
  };
}

const refuseAs = (resource: ResolvedResource, name: string, given: string | undefined): never =>
  refuse(resource, `a key with ${name} ${given ?? "left out"}`);

/** The policy of a key without one in the template: it leaves everything to IAM. */
const defaultPolicy = (account: string): JsonObject => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
  ],
});
