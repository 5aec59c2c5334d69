/** The resource types that evidence is kept and sealed with. */
import { arn, stableUuid } from "./physical-names.ts";
import { named, type ResourceType } from "./resource-type.ts";

export const EVIDENCE_TYPES: Readonly<Record<string, ResourceType>> = {
  "AWS::KMS::Key": {
    physical(logicalId, _properties, place) {
      const id = stableUuid(place, logicalId);
      return { ref: id, attributes: { Arn: arn(place, "kms", `key/${id}`), KeyId: id } };
    },
    emulated: [
      ...["Description", "Enabled", "KeyPolicy", "KeySpec", "KeyUsage"],
      ...["MultiRegion", "EnableKeyRotation"],
    ],
    withoutEffect: ["PendingWindowInDays", "Tags"],
  },
  "AWS::KMS::Alias": named(["AliasName", "TargetKeyId"], [], (_logicalId, properties) =>
    properties.text("AliasName"),
  ),
};
