import {
  Aws,
  type CfnElement,
  CfnOutput,
  Duration,
  RemovalPolicy,
  Stack,
  type StackProps,
} from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { type AlarmKinds, reported } from "../constructs/alarm-kind.ts";
import { addAlarm, topicActions } from "../constructs/alarms.ts";
import { BrokerFunction } from "../constructs/broker-function.ts";
import { onlyAddedToBy, onlySignedBy } from "../permissions/kept-evidence.ts";
import { witnessStatements } from "../permissions/witness-statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { setDeployment } from "../synth/deployment-context.ts";
import { PRODUCTION } from "../synth/settings.ts";

export interface WitnessStackProps extends StackProps {
  /** The name of the deployment whose archive is witnessed. */
  readonly deployment: string;
  /** The name of the witness in its cosignatures. */
  readonly witness: string;
  readonly archive: {
    readonly bucket: string;
    readonly region: string;
    /** The public key of its seals, as PEM. */
    readonly publicKey: string;
  };
  /** ARNs of SNS topics of the account and region. */
  readonly topics: readonly string[];
}

/** Between two runs. */
const PERIOD = Duration.hours(1);
/** An archive may be sealed while a run reads it, and a run may fail once. */
const SILENT_PERIODS = 3;

/** A witness of one archive, in an auditor's account: a function, its key, and the bucket of its checkpoints. */
export class WitnessStack extends Stack {
  constructor(scope: Construct, id: string, props: WitnessStackProps) {
    const { deployment, topics } = props;
    super(scope, id, { terminationProtection: true, ...props });
    setDeployment(this, { deployment });
    const bucket = this.#bucket();
    const { function: lambda, role } = this.#function(bucket, this.#key(), props);
    onlyAddedToBy(bucket, "OnlyWitnessPuts", role);
    new Rule(this, "Hour", {
      description: "Starts the witness of Timelatch's archive",
      schedule: Schedule.rate(PERIOD),
      targets: [new LambdaFunction(lambda)],
    });
    const actions = topicActions(this, topics);
    for (const [name, kind] of Object.entries(alarmsOf())) addAlarm(this, name, kind, actions);
    new CfnOutput(this, "WitnessBucketName", {
      value: bucket.bucketName,
      description: "The checkpoints that this witness cosigned, and its public key",
    });
    new CfnOutput(this, "WitnessRoleArn", {
      value: role.roleArn,
      description: "The role that archive.witnesses of the broker's access.yaml names",
    });
  }

  #key(): Key {
    return new Key(this, "Key", {
      description: "Cosigns checkpoints of the seals of Timelatch's archive",
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  #function(bucket: Bucket, key: Key, { archive, witness }: WitnessStackProps): BrokerFunction {
    const archiveArn = `arn:${Aws.PARTITION}:s3:::${archive.bucket}`;
    const made = new BrokerFunction(this, "WitnessFunction", {
      name: "witness",
      timeoutSeconds: 900,
      memoryMegabytes: 512,
      environment: {
        ARCHIVE_BUCKET: archive.bucket,
        ARCHIVE_REGION: archive.region,
        SEAL_PUBLIC_KEY: archive.publicKey,
        WITNESS_BUCKET: bucket.bucketName,
        WITNESS_KEY_ID: key.keyId,
        WITNESS_NAME: witness,
      },
      settings: PRODUCTION,
      statements: witnessStatements({ archiveArn, bucket, key }),
      isRepeated: true,
    });
    acknowledge(
      made,
      findingsOf(this.getLogicalId(bucket.node.defaultChild as CfnElement), archive),
    );
    onlySignedBy(key, "OnlyWitnessSigns", made.role);
    return made;
  }

  #bucket(): Bucket {
    const bucket = new Bucket(this, "Bucket", {
      versioned: true,
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
}

const alarmsOf = (): AlarmKinds => ({
  WitnessRefused: {
    metric: reported("witness", "WitnessRefused", PERIOD),
    description:
      "The archive of Timelatch is not the one that this witness cosigned, with more days: a day was sealed again or twice, a seal is gone, or one does not hold. Nothing was cosigned. Read the reason in the witness's log, and keep a copy of the archive.",
  },
  WitnessSilent: {
    metric: reported("witness", "Witnessed", PERIOD),
    silentPeriods: SILENT_PERIODS,
    description:
      "For three hours no run of the witness found the archive sound and up to date. It does not run, it may not read the archive, the archive is refused, or the day before yesterday has no seal. Read the witness's log.",
  },
});

/** @param bucket the logical id of the witness's own bucket */
const findingsOf = (bucket: string, archive: WitnessStackProps["archive"]) => ({
  [`IAM5[Resource::<${bucket}.Arn>/checkpoints/*]`]:
    "A checkpoint is named by its number, which deployment does not know. The bucket is the witness's own.",
  [`IAM5[Resource::arn:<AWS::Partition>:s3:::${archive.bucket}/seals/*]`]:
    "A seal is named after its day. It is read, and the bucket's policy allows no more.",
});
