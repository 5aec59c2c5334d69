/**
 * The ledger of a binding: what we know of its access entry, element by element, and what calls of
 * ours may still do to it. Written by converge alone, before every change that it makes.
 *
 * A read of EKS may be stale, and a stale read shows only the past. It is wrong about an absence
 * only if a call of ours that carried the element came later; about a presence only if one that
 * lacked it did. So each element has its own times, and a removal waits for none of them.
 * docs/protocol.md has the rules. All instants are ISO 8601 UTC.
 */
import { hashOf } from "../values/canonical-json.ts";

export interface Ledger {
  readonly schema: 2;
  /** Counts up by one with every save, and never repeats; 0 before the first. */
  readonly revision: number;
  readonly binding: string;
  readonly clusterArn: string;
  readonly principalArn: string;
  readonly entry: EntryKnowledge;
  /** The principal's IAM unique id, which a recreated role does not keep. */
  readonly principalId: string | null;
  /** When the cluster was created; another one of the same name is younger. */
  readonly clusterCreatedAt: string | null;
  /** Something that cannot be taken back was seen once: it counts when a later look sees it too. */
  readonly doubt: Doubt | null;
  /** By target: an access policy's ARN, or `groups`. */
  readonly targets: Readonly<Record<string, TargetKnowledge>>;
  /** By grant: those whose access we have begun to add. Only they explain what is on the entry. */
  readonly begun: Readonly<Record<string, Begun>>;
  /** By grant: those that fail before their access began. No later run may begin them. */
  readonly failing: Readonly<Record<string, Refusal>>;
  readonly fuses: readonly Fuse[];
}

/** What we know of the entry itself. */
export interface EntryKnowledge {
  /** Ends in a UUID, so that it names one entry and not its successor; null where there is none. */
  readonly arn: string | null;
  /** EKS's `createdAt` of the last entry that we knew. One that was born earlier is the past. */
  readonly bornAt: string | null;
  /** Whether the entry is of our own making: only then may it be deleted. */
  readonly owned: boolean;
  /** Sent with our creates, as client token and as tag: an entry that bears one is ours. */
  readonly tokens: readonly string[];
  /** Whether a create with the last token is unanswered: it is repeated with the same token. */
  readonly tokenOpen: boolean;
  /** A read that begins earlier may miss an entry that we created. */
  readonly createUntil: string;
  /** A read that begins earlier may show an entry that is gone. */
  readonly deleteUntil: string;
}

/** By element (`cluster`, `ns/<pattern>`, `group/<name>`). */
export type TargetKnowledge = Readonly<Record<string, ElementKnowledge>>;

/** What we know of one element of one target. */
export interface ElementKnowledge {
  /** `lent`: there by our doing. `baseline`: there by the entry's owner, and left as it is. */
  readonly state: "absent" | "lent" | "baseline";
  /** A read that begins earlier and lacks it proves nothing: its presence was news then. */
  readonly absenceFrom: string;
  /** A read that begins earlier and has it proves nothing: a call of ours took it away. */
  readonly presenceFrom: string;
  /** A call of ours that carries it may be missing from a read that begins earlier. */
  readonly carriedUntil: string;
  /** An unanswered call that carries it may land until then; null where none is open. */
  readonly openUntil: string | null;
}

/** A grant whose access we have begun to add. */
export interface Begun {
  /** As they stood then. Nothing that is written elsewhere later makes the grant last longer. */
  readonly revokeAt: string;
  readonly expiresAt: string;
  /** Its time is over. It never begins again, whatever a clock or a record says. */
  readonly over: boolean;
  /** Why it failed, where AWS or policy refused what it needs. */
  readonly refusal: Refusal | null;
  /** Since when AWS refuses it in a way that may pass. */
  readonly refusedSince: string | null;
}

/** Why a grant gets nothing: a code, and a sentence for people. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

/** A verdict that waits for a second look. */
export interface Doubt {
  readonly code: string;
  /** When it was first seen; the second look begins a read lag later. */
  readonly since: string;
}

/** A fuse that may be armed. */
export interface Fuse {
  readonly name: string;
  readonly target: string;
  readonly at: string;
  /** Whether Scheduler confirmed that it is armed. Until then it may be there or not. */
  readonly sure: boolean;
  /** An arming without an answer may land until then; absent once Scheduler answered. */
  readonly landsUntil?: string;
}

export const TAG_MANAGED_BY = "timelatch:managed-by";
export const TAG_TOKEN = "timelatch:token";
export const MANAGED_BY = "timelatch";

/** Before any instant that matters. */
export const LONG_AGO = "1970-01-01T00:00:00.000Z";

const UNKNOWN_ENTRY: EntryKnowledge = {
  arn: null,
  bornAt: null,
  owned: false,
  tokens: [],
  tokenOpen: false,
  createUntil: LONG_AGO,
  deleteUntil: LONG_AGO,
};

export const UNKNOWN_ELEMENT: ElementKnowledge = {
  state: "absent",
  absenceFrom: LONG_AGO,
  presenceFrom: LONG_AGO,
  carriedUntil: LONG_AGO,
  openUntil: null,
};

/** The ledger of a binding that has none. */
export const openLedger = ({
  binding,
  clusterArn,
  principalArn,
}: Pick<Ledger, "binding" | "clusterArn" | "principalArn">): Ledger => ({
  schema: 2,
  revision: 0,
  binding,
  clusterArn,
  principalArn,
  entry: UNKNOWN_ENTRY,
  principalId: null,
  clusterCreatedAt: null,
  doubt: null,
  targets: {},
  begun: {},
  failing: {},
  fuses: [],
});

/** The same ledger with nothing in it. It keeps its revision, so that no earlier run can save. */
export const emptied = (ledger: Ledger): Ledger => {
  const { revision } = ledger;
  return { ...openLedger(ledger), revision };
};

/** Whether nothing is known or open: there is nothing that a run would have to see to. */
export const isEmpty = (ledger: Ledger): boolean => hashOf(ledger) === hashOf(emptied(ledger));
