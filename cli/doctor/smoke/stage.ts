/** The input of every part of a smoke test. */
import type { FuseSettings } from "../../../shared/domain/entries/fuse-schedule.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import type { Settings } from "../../../shared/domain/settings.ts";
import type { ClusterArn } from "../../../shared/domain/values/arn.ts";
import type { Context } from "../../context.ts";
import type { SessionKeys, SmokeClients } from "../aws/smoke-clients.ts";
import type { Patient } from "../check-result.ts";
import type { Journal } from "./journal.ts";
import type { RedactableText } from "./report/redactable.ts";

/** Settings of the deployed functions, which the test compares with its measurements. */
export interface Deployed {
  /** The deployment's name. */
  readonly name: string;
  /** The broker's account and region, and its partition of AWS. */
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** The name of the ledger's table. */
  readonly ledgerTable: string;
  /** The names of its log groups. */
  readonly logGroups: readonly string[];
  readonly settings: Settings;
  readonly fuses: FuseSettings;
  /** The schedule group, of the same name in every account and region. */
  readonly group: string;
}

/** A cluster that the command names. */
export interface SmokeCluster {
  /** Its name in the policy. */
  readonly name: string;
  readonly arn: string;
  readonly at: ClusterArn;
}

/** How long things take. AWS's own times are not shortened by it. */
export interface Pace {
  /** Between two looks, milliseconds. */
  readonly pollMs: number;
  /** How long reads are compared after each change, at least. */
  readonly readSeconds: number;
  /** How far ahead a fuse is armed. */
  readonly fuseSeconds: number;
  /** How much later than that it may fire: Scheduler promises 60 s. */
  readonly fuseLateSeconds: number;
  /** Between the end of the first fuse's time and the second. */
  readonly fuseApartSeconds: number;
  /** How long EKS may take to know a new role. */
  readonly roleSeconds: number;
  /** How long CloudTrail may take. */
  readonly trailSeconds: number;
  /** Between two looks at CloudTrail, milliseconds: it takes two a second. */
  readonly trailPollMs: number;
  /** How long CloudWatch may take for the actions of an alarm. */
  readonly actionSeconds: number;
  /** How long DynamoDB may take to restore a table. */
  readonly restoreSeconds: number;
  /** How long CloudFormation may take for a stack without resources. */
  readonly stackSeconds: number;
  /** How long EKS may take to update a cluster. */
  readonly updateSeconds: number;
  /** How much longer than its periods an alarm without data may take. */
  readonly silenceSeconds: number;
}

/** How it is in AWS. */
const AWS_PACE: Pace = {
  pollMs: 400,
  readSeconds: 8,
  fuseSeconds: 120,
  fuseLateSeconds: 60,
  fuseApartSeconds: 15,
  roleSeconds: 180,
  trailSeconds: 1_200,
  trailPollMs: 10_000,
  actionSeconds: 60,
  silenceSeconds: 420,
  restoreSeconds: 5_400,
  stackSeconds: 300,
  updateSeconds: 1_800,
};

/** In a sandbox everything is quicker, and durations may have seconds. */
const QUICK: Pace = {
  pollMs: 100,
  readSeconds: 1,
  fuseSeconds: 5,
  fuseLateSeconds: 5,
  fuseApartSeconds: 1,
  roleSeconds: 60,
  trailSeconds: 60,
  trailPollMs: 1_000,
  actionSeconds: 5,
  silenceSeconds: 30,
  restoreSeconds: 60,
  stackSeconds: 30,
  updateSeconds: 60,
};

export const paceOf = ({ secondsAllowed }: Settings): Pace => (secondsAllowed ? QUICK : AWS_PACE);

/** The person who runs it, as they ask for access. */
interface Asker {
  readonly context: Context;
  readonly reason: string;
  /** Whether the API is called under the caller's own role, which their session has to assume. */
  readonly signsAsOwnRole: boolean;
}

export interface Stage {
  readonly asker: Asker;
  /** The doctor's view of the deployment. */
  readonly sights: Pick<Patient, "broker" | "others">;
  /** The caller's own role, where one is configured. */
  readonly ownRole: string | undefined;
  /** Profiles of AWS by account. */
  readonly profiles: ReadonlyMap<string, string>;
  readonly policy: AccessPolicy;
  /** Without a trailing slash. */
  readonly slackApi: string;
  readonly deployed: Deployed;
  readonly clusters: readonly SmokeCluster[];
  readonly journal: Journal;
  readonly pace: Pace;
  /** The end of each name of this run. */
  readonly run: string;
  /** Undefined for an account without credentials. @param region the broker's where absent */
  clients(account: string, region?: string): SmokeClients | undefined;
  /** Credentials of a session that was taken, in the broker's region. */
  clientsWith(session: SessionKeys): SmokeClients;
  /**
   * Looks again and again, until there is something to see. @throws the reason of an abort
   *
   * @param what is waited for, for whoever watches
   * @param everyMs between two looks; the pace's own where absent
   * @returns undefined where nothing was to be seen in time
   */
  until<Seen>(
    what: RedactableText,
    within: number,
    look: () => Promise<Seen | undefined>,
    everyMs?: number,
  ): Promise<Seen | undefined>;
  /** Lets some time pass. @throws the reason of an abort */
  pause(milliseconds: number): Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
