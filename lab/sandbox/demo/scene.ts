/**
 * The parts that all steps of the demo share: the cluster, the people, and the names of their
 * access.
 */
import type { Action } from "./access-review.ts";
import { answerLines } from "./client-output.ts";
import type { ConsoleDesk } from "./console-desk.ts";
import type { Narrator } from "./narrator.ts";
import type { OnCallDesk } from "./on-call-desk.ts";
import type { People } from "./people.ts";
import type { CanI } from "./report.ts";
import type { Outcome } from "./run-client.ts";
import type { Show, Steps } from "./steps.ts";

export const CLUSTER = "prod";

export interface Scene {
  readonly people: People;
  readonly medium: Medium;
  readonly onCall: OnCallDesk;
  /** Undefined on a machine that has no terminal for it. */
  readonly console: ConsoleDesk | undefined;
  readonly steps: Steps;
  readonly narrator: Narrator;
  /** The sandbox's folder, where timelatch runs. */
  readonly dir: string;
  readonly signal: AbortSignal;
  /** Called with kubectl's answer to alice about payments-api, at the three moments of the report. */
  readonly noteCanI: (moment: keyof CanI, answer: boolean) => void;
}

/** A grant that a step has made: which one it is, and when it ends. Instants in milliseconds. */
export interface GrantTimes {
  readonly id: string;
  /** When Timelatch begins to remove the access. */
  readonly revokeAt: number;
  /** When the access is removed at the latest. */
  readonly expiresAt: number;
}

/** The medium of the demo's messages, in which people hear of the second grant. */
export interface Medium {
  /** The title of the step, in part: `alice and bob use Slack`. */
  readonly title: string;
  /**
   * Alice asks for the second grant and bob approves it.
   *
   * @param seconds how long the access is asked for
   * @returns once the grant is active, and a message says so
   */
  lend(scene: Scene, show: Show, seconds: number): Promise<GrantTimes>;
}

/** The second grant. */
export const SECOND = { namespace: "payments-worker", reason: "INC-4711 drain the queue" } as const;

export const createDeployments = (namespace: string): Action => ({
  verb: "create",
  resource: "deployments",
  namespace,
});
/** An action that AmazonEKSViewPolicy, carol's standing policy, does not allow. */
export const DELETE_SYSTEM_PODS: Action = {
  verb: "delete",
  resource: "pods",
  namespace: "kube-system",
};

export const EDIT = "AmazonEKSEditPolicy";
export const CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy on the whole cluster";
export const CAROLS_STANDING_POLICY = "AmazonEKSViewPolicy on the whole cluster";

/** How long after a grant's end a step still waits for it, before it fails. */
export const PATIENCE_MS = 60_000;

export const same = (seen: readonly string[], expected: readonly string[]) =>
  JSON.stringify(seen) === JSON.stringify(expected);

export const listed = (texts: readonly string[]) =>
  texts.length === 0 ? "nothing" : texts.join("; ");

/** A client's failure in a few words: `exit status 3: timelatch: …`. */
export const outcomeText = (outcome: Outcome) =>
  `exit status ${outcome.code}: ${answerLines(outcome, 1).join("")}`;
