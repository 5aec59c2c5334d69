/** The observations of a run from outside, once it has settled: all that the judgements know. */
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import type {
  EvidenceAnswer,
  FindingAnswer,
  RequestAnswer,
} from "../../../shared/http/contract/answers.ts";
import type { Disturbance } from "../stage/disturbance.ts";
import type {
  Attack,
  Claim,
  Deed,
  MadeDelegation,
  OutsideCall,
  Promised,
  Remade,
  RemadeRole,
  Restore,
  Suspension,
} from "../stage/stage.ts";
import type { Presence } from "../stage/watch-entries.ts";
import type { SlowSpan } from "../stage/watch-pace.ts";

/** A request as an auditor reads it. */
export interface SeenRequest {
  readonly request: RequestAnswer;
  readonly events: readonly AuditEvent[];
  readonly evidence: EvidenceAnswer;
}

/** A finding as an auditor reads it. */
export type SeenFinding = FindingAnswer;

/** A message in Slack. */
export interface SeenMessage {
  readonly channel: string;
  readonly text: string;
  /** Its blocks as JSON. */
  readonly blocks: string;
}

export interface Seen {
  readonly seed: number;
  /** Whether it must settle soon: a summary takes ten seconds after the last end. */
  readonly isSmall: boolean;
  readonly deeds: readonly Deed[];
  readonly promises: readonly Promised[];
  /** By life, what the API answered last. */
  readonly answered: ReadonlyMap<number, RequestAnswer>;
  readonly requests: readonly SeenRequest[];
  readonly presences: readonly Presence[];
  readonly claims: readonly Claim[];
  readonly outsideCalls: readonly OutsideCall[];
  readonly findings: readonly SeenFinding[];
  readonly delegations: readonly MadeDelegation[];
  readonly suspensions: readonly Suspension[];
  readonly attacks: readonly Attack[];
  /** The intruder's acts, one line each. */
  readonly intrusions: readonly string[];
  readonly restores: readonly Restore[];
  /** Log lines of converge: it took access on an entry for its owner's. */
  readonly adopted: readonly Adopted[];
  /** Calls that IAM refused to a function. */
  readonly refusedCalls: readonly string[];
  /** The times at which others took access of a life's grant. */
  readonly strips: readonly { readonly life: number; readonly at: number }[];
  readonly remade: readonly Remade[];
  readonly remadeRoles: readonly RemadeRole[];
  readonly disturbances: readonly Disturbance[];
  readonly slow: readonly SlowSpan[];
  readonly messages: readonly SeenMessage[];
  /** `detail.id` of every event that was on the stack's event bus. */
  readonly bus: ReadonlySet<string>;
  /** By queue, the bodies of its dead letters. */
  readonly deadLetters: Readonly<Record<string, readonly string[]>>;
  /** By person and cluster, what kubectl answered to whether they may do what was lent. */
  readonly kubectl: readonly KubectlAnswer[];
  /** Faults of the archive and its seals, in words; absent if the run was too short for a seal. */
  readonly archive?: readonly string[];
  /** Processes, ports and files that were still there when the sandbox had stopped. */
  readonly leftovers: readonly string[];
  /** Troubles of the run itself, in words. */
  readonly remarks: readonly string[];
  /** When the last fault had ended and the run began to settle; when it was done. Milliseconds since 1970. */
  readonly settlingFrom: number;
  readonly settledAt: number;
}

/** An access entry on which converge took what it found for its owner's. */
export interface Adopted {
  readonly cluster: string;
  readonly principalArn: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface KubectlAnswer {
  readonly person: string;
  readonly cluster: string;
  readonly question: string;
  readonly answer: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Something that must not be. */
export interface Violation {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The request's id, where it is about one. */
  readonly request?: string;
  readonly detail: string;
  /** Whether no waiting can change it any more. */
  readonly isFinal?: true;
}

/** A sentence that holds for every run, and what contradicts it. */
export interface Judgement {
  readonly sentence: string;
  readonly judge: (seen: Seen) => readonly Violation[];
  /** Whether the run showed anything of it; every run unless said. */
  readonly applies?: (seen: Seen) => boolean;
}
