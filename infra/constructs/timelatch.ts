import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Annotations, type App, type Stack } from "aws-cdk-lib";
import { addTimelatch, checkPolicy } from "../synth/add-timelatch.ts";
import { type AdoptedTables, PRODUCTION } from "../synth/settings.ts";

export interface TimelatchProps {
  /** The policy's file, such as `access.yaml`, from the working directory. */
  readonly access: string;
  /** The account and region of the broker. Without it, the templates fit any account and region. */
  readonly env?: { readonly account: string; readonly region: string };
  /**
   * ARNs of SNS topics. Every alarm notifies those of its region: the broker's in any account, and others in their own
   * account.
   */
  readonly alarmTopics?: readonly string[];
  /** Unreserved concurrent executions of Lambda in the account and region (default: 10, as new accounts have). */
  readonly lambdaConcurrency?: number;
  /** Whether there is a dashboard of CloudWatch (default: false). */
  readonly dashboard?: boolean;
  /** Names of restored tables that take the place of the stack's own; `timelatch restore` prepares them. */
  readonly tables?: AdoptedTables;
}

/**
 * A deployment of Timelatch: the broker's stack and all others that the policy needs. They are what
 * `npm run synth` of a checkout makes, resource by resource, so that either may upgrade the other.
 *
 * It is no construct itself, and its stacks are the app's own children. CDK makes some logical ids of
 * the whole path, and a resource whose id changes is made again.
 *
 * The stack of each personal role is recorded beside the policy; the record belongs into version
 * control.
 *
 * The app's synthesis fails where AWS would refuse one of the stacks, or cdk-nag finds what nobody explained.
 */
export class Timelatch {
  /** The stack of the broker, which has the output `ApiUrl`. */
  readonly broker: Stack;

  /** @throws Error with a line for each fault of the policy */
  constructor(app: App, { access, env, ...options }: TimelatchProps) {
    const settings = { ...PRODUCTION, ...options };
    const variant = { name: "production", settings, ...(env ? { env } : {}) };
    const checked = checkPolicy(path.resolve(access), variant, (warning) =>
      Annotations.of(app).addWarningV2(`timelatch:policy-${warning}`, warning),
    );
    const folder = mkdtempSync(path.join(tmpdir(), "timelatch-policy-"));
    try {
      this.broker = addTimelatch(app, checked, variant, folder);
    } finally {
      // CDK has copied it into each bundle.
      rmSync(folder, { recursive: true });
    }
    checked.keepRecord();
  }
}
