import { CfnOutput, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { type EventBus, Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { ArchivePolicy } from "../../shared/domain/policy/archive.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { ARCHIVE_FINDINGS, archiveStatements } from "../permissions/archive-statements.ts";
import { onlyAddedToBy, onlySignedBy, readByWitnesses } from "../permissions/kept-evidence.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import type { StackSettings } from "../synth/settings.ts";
import { BrokerFunction } from "./broker-function.ts";
import type { Tables } from "./tables.ts";

export interface ArchiveProps {
  readonly settings: StackSettings;
  /** Says how the archive is kept, before the settings. */
  readonly access: Pick<AccessPolicy, "archive">;
  readonly tables: Tables;
  readonly bus: EventBus;
  readonly accessFile: string;
}

/**
 * The archive, which keeps the record beyond the tables. Object Lock keeps the bucket's objects for a
 * time, its policy lets `archive` only add, and a key seals each day. Both stay when the stack is
 * deleted, but not when its creation is undone: nothing is in them then.
 */
export class Archive extends Construct {
  readonly bucket: Bucket;
  readonly key: Key;

  /** The function that fills the bucket and signs. */
  readonly archive: BrokerFunction;

  constructor(scope: Construct, id: string, props: ArchiveProps) {
    super(scope, id);
    this.bucket = this.#bucket(props.access.archive ?? props.settings.archive);
    this.key = new Key(this, "SealKey", {
      description: "Signs the seal of each day of Timelatch's record",
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.archive = this.#function(props);
    onlySignedBy(this.key, "OnlyArchiveSigns", this.archive.role);
    onlyAddedToBy(this.bucket, "OnlyArchivePuts", this.archive.role);
    readByWitnesses(this.bucket, props.access.archive?.witnesses ?? []);
    new Rule(this, "Hour", {
      description: "Starts Timelatch's archive, which keeps and seals the record",
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(this.archive.function)],
    });
    // Named without a suffix, since auditors are given these names.
    const stack = Stack.of(this);
    new CfnOutput(stack, "ArchiveBucketName", {
      value: this.bucket.bucketName,
      description: "The archive of the record, for auditors",
    });
    new CfnOutput(stack, "SealKeyId", {
      value: this.key.keyId,
      description: "The KMS key that seals each day; its public key verifies the seals",
    });
  }

  #bucket({ mode, days: kept }: ArchivePolicy): Bucket {
    const days = Duration.days(kept);
    const bucket = new Bucket(this, "Bucket", {
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        mode === "COMPLIANCE"
          ? ObjectLockRetention.compliance(days)
          : ObjectLockRetention.governance(days),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledge(bucket, {
      S1: "CloudTrail can show who reads and writes it; an access log would need another bucket.",
    });
    return bucket;
  }

  #function({ settings, tables, bus, accessFile }: ArchiveProps): BrokerFunction {
    return new BrokerFunction(this, "Function", {
      name: "archive",
      timeoutSeconds: 900,
      memoryMegabytes: 1024,
      environment: {
        REQUESTS_TABLE: tables.requests.tableName,
        AUDIT_TABLE: tables.audit.tableName,
        ARCHIVE_BUCKET: this.bucket.bucketName,
        SEAL_KEY_ID: this.key.keyId,
        EVENT_BUS_NAME: bus.eventBusName,
      },
      settings,
      accessFile,
      statements: archiveStatements(tables, bus, this),
      findings: ARCHIVE_FINDINGS,
      isRepeated: true,
    });
  }
}
