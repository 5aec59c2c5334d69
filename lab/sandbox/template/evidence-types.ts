/** The resource types that evidence is kept and sealed with. */
import { arn, generated, stableUuid } from "./physical-names.ts";
import { named, type ResourceType } from "./resource-type.ts";

export const EVIDENCE_TYPES: Readonly<Record<string, ResourceType>> = {
  "AWS::S3::Bucket": {
    physical(logicalId, properties, place) {
      const name =
        properties.optionalText("BucketName") ??
        `${generated(place, logicalId, 50)}-${place.account}`.toLowerCase();
      const domain = `${name}.s3.${place.region}.amazonaws.com`;
      return {
        ref: name,
        attributes: { Arn: `arn:aws:s3:::${name}`, RegionalDomainName: domain },
      };
    },
    emulated: [
      "BucketName",
      "VersioningConfiguration",
      "ObjectLockEnabled",
      "ObjectLockConfiguration",
    ],
    // Nothing here ages, and the bytes are plain files of this machine.
    withoutEffect: [
      ...["BucketEncryption", "PublicAccessBlockConfiguration", "OwnershipControls"],
      ...["LifecycleConfiguration", "LoggingConfiguration", "Tags", "AccessControl"],
    ],
  },
  "AWS::S3::BucketPolicy": named(["Bucket", "PolicyDocument"]),
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
