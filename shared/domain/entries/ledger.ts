/**
 * The ledger of a binding. It says what we know about its access entry, by element, and what our
 * calls may still change. Only converge writes it, before every change it makes.
 *
 * A read of EKS may be stale. A stale read is wrong about an absence only if a call that carried
 * the element came after it. It is wrong about a presence only if a call that omitted the element
 * did. So each element has its own times, and a removal never waits for them. docs/protocol.md has
 * the rules. All instants are ISO 8601 UTC.
 */
import { isDeepStrictEqual } from "node:util";
import type { OnCallFact } from "../facts/on-call.ts";
import type { TicketFact, UnknownTicket } from "../facts/ticket-fact.ts";
import { DEFAULT_DEPLOYMENT } from "../values/deployment.ts";

export interface Ledger {
  readonly schema: 2;
  /** Grows by one with every save and never repeats; 0 before the first. */
  readonly revision: number;
  readonly binding: string;
  readonly clusterArn: string;
  readonly principalArn: string;
  readonly entry: EntryKnowledge;
  /** The principal's IAM unique id. A recreated role gets a new one. */
  readonly principalId: string | null;
  /** When the cluster was created. A recreated cluster of the same name is newer. */
  readonly clusterCreatedAt: string | null;
  /** A verdict that cannot be undone, seen once. It counts when a later look confirms it. */
  readonly doubt: Doubt | null;
  /** By target: an access policy's ARN, or `groups`. */
  readonly targets: Readonly<Record<string, TargetKnowledge>>;
  /** By grant id: grants whose access we began to add. Only they explain elements on the entry. */
  readonly begun: Readonly<Record<string, Begun>>;
  /** By grant id: grants that fail before their access began. No later run may begin them. */
  readonly failing: Readonly<Record<string, Refusal>>;
  readonly fuses: readonly Fuse[];
  /** Marks of records that are left out, and that a finding has named; absent if all count. See `note-left-out.ts`. */
  readonly leftOut?: string;
  /**
   * The ARN of an entry that we made and that an owner goes on using: it keeps our tags, and is theirs.
   * An emptied ledger keeps it. Absent for any other entry.
   */
  readonly adopted?: string;
  /**
   * By grant id: versions of records that began and are over, and whose end cannot be stored, because their history
   * goes on beyond them. They are left out. An emptied ledger keeps them. Absent where every end can be stored.
   */
  readonly stuck?: Readonly<Record<string, number>>;
  /**
   * Since when the ledger may not know all that our calls did; see `unknown-ledger.ts`. Nothing is added
   * meanwhile. Absent where it knows.
   */
  readonly unsureSince?: string;
  /** The grants that the last save knew. Absent if an earlier release saved the ledger. */
  readonly basis?: GrantBasis;
}

/** How recent grants must be to be judged with a ledger; see `grant-basis.ts`. */
export interface GrantBasis {
  /** The revision that the save stored. With any other, an earlier release saved later. */
  readonly revision: number;
  /** The version of the binding that the run had read. */
  readonly version: number;
  /** By grant id, the versions of grants that the run had stored itself. */
  readonly steps: Readonly<Record<string, number>>;
}

/** Knowledge of the entry itself. */
export interface EntryKnowledge {
  /** Ends in a UUID, so it never names a recreated entry; null if there is no entry. */
  readonly arn: string | null;
  /** EKS's `createdAt` of the last known entry. An entry with an earlier one no longer exists. */
  readonly bornAt: string | null;
  /** Whether we created the entry. Only then may we delete it. */
  readonly owned: boolean;
  /** Sent with our creates as client token and as tag: an entry with such a tag is ours. */
  readonly tokens: readonly string[];
  /** Whether the create with the last token is unanswered. A retry uses the same token. */
  readonly tokenOpen: boolean;
  /** A read that began earlier may miss an entry that we created. */
  readonly createUntil: string;
  /** A read that began earlier may show an entry that was deleted. */
  readonly deleteUntil: string;
}

/** Keys are elements: `cluster`, `ns/<pattern>` or `group/<name>`. */
export type TargetKnowledge = Readonly<Record<string, ElementKnowledge>>;

/** Knowledge of one element of one target. */
export interface ElementKnowledge {
  /** `lent`: we added it. `baseline`: the entry's owner added it, and we leave it alone. */
  readonly state: "absent" | "lent" | "baseline";
  /**
   * A read that began earlier does not prove that the element is absent: it may predate its
   * addition.
   */
  readonly absenceFrom: string;
  /** A read that began earlier does not prove that the element is present: we removed it since. */
  readonly presenceFrom: string;
  /** A read that began earlier may miss a call of ours that carries the element. */
  readonly carriedUntil: string;
  /** An unanswered call that carries the element may land until then; null if none is open. */
  readonly openUntil: string | null;
}

/** A grant whose access we have begun to add. */
export interface Begun {
  /** The grant's times when it began. Later changes elsewhere never make the grant last longer. */
  readonly revokeAt: string;
  readonly expiresAt: string;
  /** Its time is over. It never begins again, even if a clock or a record says otherwise. */
  readonly over: boolean;
  /** It was over before `revokeAt`: somebody ended it or was stopped, or the policy lent it no more. */
  readonly early?: true;
  /** Why it failed, if AWS or the policy refused it. */
  readonly refusal: Refusal | null;
  /** When AWS first refused it with an error that may pass. */
  readonly refusedSince: string | null;
  /** That its requester was on call when it began, by which repairs are judged. Absent where its rule did not ask. */
  readonly onCall?: OnCallFact;
  /** The fact about its ticket when it began. Absent where its rule did not ask. */
  readonly ticket?: TicketFact | UnknownTicket;
  /** The link that its extension must match. Absent in an earlier release's: nothing extends it. */
  readonly chain?: ChainLink;
}

/** A begun grant's place in a chain of extensions, as converge saw it when the grant began. */
export interface ChainLink {
  /** Hash of the terms that are the same in the whole chain; see `extension-chain.ts`. */
  readonly terms: string;
  /** When the access of the first grant in the chain started. */
  readonly since: string;
  /** How many extensions the chain has up to this grant; 0 for a grant that extends none. */
  readonly extensions: number;
  /** The id of the grant that it extends; null if it extends none. */
  readonly extends: string | null;
  /**
   * The ids of all other grants of the chain that have begun, whatever became of them. An end of any of them means this
   * grant too. Absent for a grant without extensions, and in an earlier release's ledger.
   */
  readonly others?: readonly string[];
  /** An approver cut the time of a grant in the chain, so an extension needs an approval. */
  readonly shortened?: true;
}

/** Why a grant gets no access: a code, and a sentence for the reader. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

/** A verdict that waits for a second look. */
interface Doubt {
  readonly code: string;
  /** When it was first seen. The second look begins at least one read lag later. */
  readonly since: string;
}

/** A fuse that may be armed. */
export interface Fuse {
  readonly name: string;
  readonly target: string;
  readonly at: string;
  /** Whether Scheduler confirmed that it is armed. Until then it may exist or not. */
  readonly sure: boolean;
  /** An unanswered call to arm it may land until then; absent once Scheduler has answered. */
  readonly landsUntil?: string;
}

export const TAG_MANAGED_BY = "timelatch:managed-by";
export const TAG_TOKEN = "timelatch:token";
/** The first tag's value in the default deployment. In others it is their name. */
export const MANAGED_BY = DEFAULT_DEPLOYMENT;

/** Earlier than any instant in use. */
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

/** The first ledger of a binding. */
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

/**
 * The same ledger without content. It keeps its revision, so an older run cannot save over it. It
 * keeps its basis, so that no run judges older grants with it. It goes on knowing an entry that
 * keeps our tags and is its owner's, and records whose end cannot be stored.
 */
export const emptied = (ledger: Ledger): Ledger => {
  const { revision, basis, adopted, stuck } = ledger;
  return {
    ...openLedger(ledger),
    revision,
    ...(basis ? { basis } : {}),
    ...(adopted === undefined ? {} : { adopted }),
    ...(stuck ? { stuck } : {}),
  };
};

/** Whether an empty ledger may be forgotten. */
export const mayForget = (ledger: Ledger): boolean =>
  isEmpty(ledger) && ledger.adopted === undefined && ledger.stuck === undefined;

/** Whether two ledgers know the same. */
export const isSame = (one: Ledger, other: Ledger): boolean => isDeepStrictEqual(one, other);

/** Whether the ledger knows nothing and has nothing open, so no run is needed. */
export const isEmpty = (ledger: Ledger): boolean => isSame(ledger, emptied(ledger));
