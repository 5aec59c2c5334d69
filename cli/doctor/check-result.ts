import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import type { AccountSight, BrokerSight, NetworkSight } from "./sights.ts";

/** The result of one check about one thing. */
export interface CheckResult {
  readonly ok: boolean;
  /** The cluster or account that it is about, where a check looks at several. */
  readonly subject?: string;
  /** The result, as a sentence. One sentence without its full stop. */
  readonly says: string;
  /** The next step where it is not well, or can be better. */
  readonly next?: string;
  /** Rows of docs/first-deployment.md that it settles. */
  readonly settles?: readonly string[];
}

export const well = (says: string, subject?: string): CheckResult => ({
  ok: true,
  says,
  ...(subject === undefined ? {} : { subject }),
});

export const ill = (says: string, next: string, subject?: string): CheckResult => ({
  ok: false,
  says,
  next,
  ...(subject === undefined ? {} : { subject }),
});

/** A result that is well as it is, and can be better: a deployment begins so. */
export const advice = (says: string, next: string, subject?: string): CheckResult => ({
  ok: true,
  says,
  next,
  ...(subject === undefined ? {} : { subject }),
});

/** The deployment that every check looks at. */
export interface Patient {
  readonly policy: AccessPolicy;
  /** The deployment's name. */
  readonly deployment: string;
  /** The broker's account and region, as the working directory says. */
  readonly account: string;
  readonly region: string;
  readonly broker: BrokerSight;
  /** Other accounts with clusters. Undefined where nobody gave credentials for one. */
  readonly others: ReadonlyMap<string, AccountSight | undefined>;
  readonly network: NetworkSight;
  /** Without a trailing slash. */
  readonly slackApi: string;
  /** The caller's own role, where one is configured. */
  readonly ownRole: string | undefined;
  readonly now: () => string;
}

/** One thing that a deployment needs. */
export interface Check {
  /** As it is shown, and as `--only` takes it. */
  readonly name: string;
  /** IAM actions that its reads need. */
  readonly needs: readonly string[];
  readonly look: (patient: Patient) => Promise<readonly CheckResult[]>;
}
