/** The context of deeds: the running sandbox, and the deeds so far. */

import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import type { Item, Place, TableIntruder } from "../../../test/e2e/table-intruder.ts";
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import type { Action, ActionOf } from "../plan/action.ts";
import type { Disturbance } from "./disturbance.ts";
import type { SandboxControl } from "./sandbox-control.ts";
import type { SlackRefusals } from "./slack-refusals.ts";

/** Access of somebody beside the broker on an access entry, and since when. */
export interface Claim {
  readonly claim: number;
  readonly cluster: string;
  readonly principalArn: string;
  /** An element as the watcher writes it: `AmazonEKSViewPolicy:owners-1`. */
  readonly elements: readonly string[];
  /** Whether they made the entry too. */
  readonly isEntryTheirs: boolean;
  /** Milliseconds since 1970: before the first call, and after its answer. */
  readonly askedAt: number;
  readonly madeAt: number;
  /** When they began to take it back. */
  releasedAt?: number;
}

/** A change of somebody beside the broker that EKS answered. */
export interface OutsideCall {
  readonly operation: string;
  /** EKS's id of it, which CloudTrail has too. */
  readonly requestId: string;
  /** When it was answered. Milliseconds since 1970. */
  readonly at: number;
}

/** A delegation that the API answered as made. */
export interface MadeDelegation {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Somebody who was suspended, as the API answered. */
export interface Suspension {
  readonly person: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A cluster that was deleted: with it went every entry on it. */
export interface Remade {
  readonly cluster: string;
  /** When it was to be deleted. Milliseconds since 1970. */
  readonly at: number;
  /** When the other one was to be made. Until then, the first may be there and take what others add. */
  until: number;
}

/** A role that was deleted, and another one of its name. */
export interface RemadeRole {
  readonly principalArn: string;
  /** When it was to be deleted. Milliseconds since 1970. */
  readonly at: number;
}

/** Tables that were restored to an instant, and that the broker took in place of its own. */
export interface Restore {
  readonly tables: ActionOf<"restore-tables">["tables"];
  /** The instant whose items they have. Milliseconds since 1970. */
  readonly to: number;
  /** When nothing was lent any more; absent where nobody drained the broker. */
  readonly drainedAt?: number;
  /** When the last function was ended that worked on the tables before. */
  readonly leftAt: number;
  /** When the broker had been deployed with the restored ones. */
  adoptedAt: number;
}

/** An access entry, with the name of its cluster. */
export interface NamedPlace extends Place {
  readonly cluster: string;
}

/** A record that was seen, and can be put back. */
export interface Remembered {
  readonly place: NamedPlace;
  readonly id: string;
  readonly item: Item;
}

/** Somebody wrote, or tried to write, what is about an access entry. */
export interface Attack {
  readonly cluster: string;
  readonly principalArn: string;
  /** The request whose record or history it is. */
  readonly request?: string;
  /** Whether no sweep finds the entry afterwards. */
  readonly hidesHead?: true;
  /** The seconds for which that request may last from then on: its approval was forged whole. */
  readonly lendsSeconds?: number;
  /** Milliseconds since 1970: before the first write. */
  readonly at: number;
}

/** An action that was carried out. */
export interface Deed {
  readonly action: Action;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** The answer, in a few words. */
  readonly answer: string;
}

/** The answers to a deed that was done: by the HTTP API; in Slack, where no refusal followed. */
const DONE = "200";
export const DONE_IN_SLACK = "200 in Slack";

/** Whether a person heard that what they did is done. */
export const isAcknowledged = ({ answer }: Pick<Deed, "answer">): boolean =>
  answer === DONE || answer === DONE_IN_SLACK;

/** How the answer of a deed begins that could not be carried out. */
export const FAILED = "failed: ";

export const isFailed = ({ answer }: Deed): boolean => answer.startsWith(FAILED);

/** The promise in an answer: access is gone by then. */
export interface Promised {
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly expiresAt: string;
}

export interface Stage {
  readonly seed: number;
  /** The sandbox's folder. */
  readonly dir: string;
  readonly addresses: SandboxAddresses;
  readonly control: SandboxControl;
  readonly slackRefusals: SlackRefusals;
  /** The requests that were answered, by their life. */
  readonly requests: Map<number, RequestAnswer>;
  readonly claims: Map<number, Claim>;
  readonly outsideCalls: OutsideCall[];
  readonly promises: Promised[];
  readonly delegations: MadeDelegation[];
  /** Clusters that were deleted, and made again. */
  readonly remade: Remade[];
  /** Roles that were deleted, and made again. */
  readonly remadeRoles: RemadeRole[];
  readonly disturbances: Disturbance[];
  readonly suspensions: Suspension[];
  readonly attacks: Attack[];
  /** The intruder's writes, tried or done, one line each. */
  readonly intrusions: string[];
  readonly restores: Restore[];
  /** An assembly whose stacks have restored tables by the names of `lab/chaos/stage/restored-assembly.ts`. */
  readonly restoredAssembly?: string;
  /** Records that the intruder saw. */
  readonly remembered: Remembered[];
  /** Sessions of every function that can be taken over; absent where nobody takes any over. */
  intruder?: TableIntruder;
  /** Elements that others took from a grant, with the time. */
  readonly strips: { readonly life: number; readonly at: number }[];
  /** Further remarks for the report. */
  readonly remarks: string[];
}

/** The reason in a request: it tells a life's messages from those of every other. */
export const reasonOf = (seed: number, life: number): string =>
  `INC-4711 chaos ${seed} life ${life} of the run`;
