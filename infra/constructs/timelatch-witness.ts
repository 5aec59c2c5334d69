import { readFileSync } from "node:fs";
import path from "node:path";
import type { App, Stack } from "aws-cdk-lib";
import { isWitnessName } from "../../shared/domain/evidence/archive/checkpoint.ts";
import { readSealKey } from "../../shared/domain/evidence/archive/read-seal.ts";
import {
  DEFAULT_DEPLOYMENT,
  DEPLOYMENT_FORM,
  LONGEST_DEPLOYMENT,
} from "../../shared/domain/values/deployment.ts";
import { WitnessStack } from "../stacks/witness-stack.ts";
import { stackNameOf } from "../synth/deployment-names.ts";
import { checkTemplates } from "../synth/template-checks.ts";

export interface TimelatchWitnessProps {
  /** The archive of the broker: what its stack's outputs name. */
  readonly archive: {
    /** `ArchiveBucketName` */
    readonly bucket: string;
    /** The file of the public key that you got at the first audit, as PEM, from the working directory. */
    readonly publicKey: string;
    /** The bucket's region (default: the witness's own). */
    readonly region?: string;
  };
  /** The name of the witness in its cosignatures, such as `auditors.example.com/timelatch`. */
  readonly name: string;
  /** The auditor's account, where nobody who runs the broker should have a right, and a region. */
  readonly env: { readonly account: string; readonly region: string };
  /** The name of the broker's deployment, where `access.yaml` gives it one (default: `timelatch`). */
  readonly deployment?: string;
  /** ARNs of SNS topics of that account and region, which hear of a fork. */
  readonly alarmTopics?: readonly string[];
}

/**
 * A witness of one archive, for an account that nobody who runs the broker may use. Each hour it reads the seals, and
 * cosigns how many there are, and which, if they begin with those that it cosigned before. It keeps each checkpoint.
 *
 * The app's synthesis fails where AWS would refuse the stack, or cdk-nag finds what nobody explained.
 */
export class TimelatchWitness {
  readonly stack: Stack;

  /** @throws Error where the name is not one of a witness, or the file not the public key of an archive */
  constructor(
    app: App,
    {
      archive,
      name,
      env,
      deployment = DEFAULT_DEPLOYMENT,
      alarmTopics = [],
    }: TimelatchWitnessProps,
  ) {
    if (!isWitnessName(name))
      throw refused(`The name "${name}" is not 1 to 100 visible characters without + and spaces.`);
    if (!DEPLOYMENT_FORM.test(deployment) || deployment.length > LONGEST_DEPLOYMENT)
      throw refused(`The deployment "${deployment}" is not a name that access.yaml can have.`);
    const publicKey = readFileSync(path.resolve(archive.publicKey), "utf8");
    if (!readSealKey(publicKey))
      throw refused(`${archive.publicKey} is not a public key on the curve P-256, as PEM.`);
    const { bucket, region = env.region } = archive;
    this.stack = new WitnessStack(app, stackNameOf(deployment, "TimelatchWitness"), {
      description: "Timelatch: a witness of the archive, in an auditor's account",
      deployment,
      witness: name,
      archive: { bucket, region, publicKey },
      topics: alarmTopics,
      env,
    });
    checkTemplates(app, [this.stack]);
  }
}

const refused = (what: string): Error => new Error(`${what} Nothing was synthesized.`);
