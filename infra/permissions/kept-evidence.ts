/** Policies of buckets and keys that keep evidence: of the broker's archive, and of a witness. */
import {
  AccountPrincipal,
  AnyPrincipal,
  Effect,
  PolicyStatement,
  type Role,
} from "aws-cdk-lib/aws-iam";
import type { Key } from "aws-cdk-lib/aws-kms";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { parsePrincipalArn } from "../../shared/domain/values/arn.ts";

/**
 * Denies, so that no IAM policy of the account can let anybody put over an object, or delete one. A
 * principal that may change the bucket's policy still can: CloudTrail has PutBucketPolicy, and not the calls on objects.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 *
 * @param sid of the statement that denies putting to all but the role
 */
export function onlyAddedToBy(bucket: Bucket, sid: string, { roleArn }: Role): void {
  const denies = [
    {
      sid,
      actions: ["s3:PutObject"],
      conditions: { ArnNotEquals: { "aws:PrincipalArn": roleArn } },
    },
    {
      sid: "NothingIsPutOver",
      actions: ["s3:PutObject"],
      conditions: { Null: { "s3:if-none-match": "true" } },
    },
    {
      sid: "NothingIsDeleted",
      actions: ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
    },
  ];
  for (const { sid, actions, conditions } of denies)
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        actions,
        resources: [bucket.arnForObjects("*")],
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        ...(conditions === undefined ? {} : { conditions }),
      }),
    );
}

/** A deny, so that no IAM policy of the account can let anybody else sign. */
export function onlySignedBy(key: Key, sid: string, { roleArn }: Role): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ["kms:Sign"],
      resources: ["*"],
      conditions: { ArnNotEquals: { "aws:PrincipalArn": roleArn } },
    }),
  );
}

/**
 * Lets roles of other accounts list and read the seals. S3 refuses a policy that names a role which is not there, and
 * keeps the id of one that is. So the account is named, and a condition asks for the role: it may be made later, or again.
 *
 * @param roles their ARNs
 */
export function readByWitnesses(bucket: Bucket, roles: readonly string[]): void {
  for (const [at, role] of roles.entries()) {
    const principals = [new AccountPrincipal(parsePrincipalArn(role)?.account)];
    const isRole = { ArnEquals: { "aws:PrincipalArn": role } };
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: `Witness${at + 1}ReadsSeals`,
        actions: ["s3:GetObject"],
        resources: [bucket.arnForObjects("seals/*")],
        principals,
        conditions: isRole,
      }),
    );
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: `Witness${at + 1}ListsSeals`,
        actions: ["s3:ListBucket"],
        resources: [bucket.bucketArn],
        principals,
        conditions: { ...isRole, StringEquals: { "s3:prefix": "seals/" } },
      }),
    );
  }
}
