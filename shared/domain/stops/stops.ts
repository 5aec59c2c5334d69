/**
 * Stops: suspensions of people, and drains of everyone. They are the records of one chain in the audit
 * table: items `STOP#ALL`. They are never changed. Instants are ISO 8601 UTC.
 */
import type { Surface } from "../requests/surface.ts";
import { canonicalJson } from "../values/canonical-json.ts";
import {
  type ChainedRecord,
  type HashChainVerifier,
  hashChainVerifier,
  linked,
  NO_RECORD,
} from "../values/hash-chain.ts";
import { itemBytes } from "../values/item-bytes.ts";

/** The person who stopped, the time and the reason. */
export interface Stop {
  /** A person of `access.yaml`. */
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

export interface Stopped {
  /** By name. */
  readonly people: Readonly<Record<string, Stop>>;
  /** Null unless the broker is drained. */
  readonly drain: Stop | null;
}

/** The stops after the record with this number and hash. */
export interface Stops extends Stopped {
  readonly seq: number;
  readonly hash: string;
}

/** Converge's own copy of the stops. */
export interface StopCopy extends Stops {
  /**
   * How far the chain was followed beyond the copy, where a record that is to be judged again keeps it back. Names only
   * those whom the copy does not.
   */
  readonly ahead?: Stops;
}

/** The number of the last record that was followed. */
const followedTo = ({ seq, ahead }: StopCopy): number => ahead?.seq ?? seq;

/** How many stops a copy knows. */
const countStops = ({ people, drain, ahead }: StopCopy): number =>
  Object.keys(people).length + (drain ? 1 : 0) + (ahead ? countStops(ahead) : 0);

/**
 * Whether a copy knows more than another one: it was followed further, or it goes further itself. Where both end with
 * the same record, the one with more stops knows those behind a break of the chain.
 */
export function isLater(copy: StopCopy, than: StopCopy): boolean {
  if (followedTo(copy) !== followedTo(than)) return followedTo(copy) > followedTo(than);
  if (copy.seq !== than.seq) return copy.seq > than.seq;
  return countStops(copy) > countStops(than);
}

/** A copy of this size fits into an item of DynamoDB, with room for one more stop. */
const COPY_BYTES = 350_000;

/**
 * The copy as it is kept. Where its reasons would make it larger than an item, it lacks them: who is stopped counts, and
 * the chain says why.
 */
export function fitting(copy: StopCopy): StopCopy {
  if (itemBytes(copy) <= COPY_BYTES) return copy;
  const { ahead } = copy;
  return {
    ...copy,
    ...withoutReasons(copy),
    ...(ahead ? { ahead: { ...ahead, ...withoutReasons(ahead) } } : {}),
  };
}

const withoutReasons = ({ people, drain }: Stopped): Stopped => {
  const shorter = (stop: Stop): Stop => ({ ...stop, reason: "see timelatch suspensions" });
  const each = Object.entries(people).map(([name, stop]) => [name, shorter(stop)] as const);
  return { people: Object.fromEntries(each), drain: drain && shorter(drain) };
};

export const NO_STOPS: Stops = { ...NO_RECORD, people: {}, drain: null };

/** The name of the one chain. */
export const STOPS_CHAIN = "ALL";

/** The kind of change: `lift` undoes `suspend`, and `undrain` undoes `drain`. */
export type StopType = "suspend" | "lift" | "drain" | "undrain";

export const lifts = (type: StopType): boolean => type === "lift" || type === "undrain";

/** Somebody stops, or lifts that. */
export interface StopDraft {
  readonly type: StopType;
  /** A person of `access.yaml`: who does it. */
  readonly actor: string;
  readonly at: string;
  readonly policyHash: string;
  readonly details: StopDetails;
}

interface StopDetails {
  /** The person concerned; null for everyone. */
  readonly person: string | null;
  /** Empty where it lifts. */
  readonly reason: string;
  readonly surface: Surface;
  /** As in an audit event: the gateway's request id and the caller's unique id. */
  readonly proof: Readonly<Record<string, string>>;
  /** The actor asked by name for a stop that nobody may be left to lift; absent otherwise. */
  readonly evenIfNobodyCanLift?: true;
}

export type StopRecord = Omit<StopDraft, "details"> &
  ChainedRecord & {
    readonly schema: 1;
    readonly chain: typeof STOPS_CHAIN;
    /** `after`: who is stopped from then on. */
    readonly details: StopDetails & { readonly after: Stopped };
  };

/** The stops after a change. Pure. */
export function afterStop({ people, drain }: Stopped, draft: StopDraft): Stopped {
  const { type, actor: by, at, details } = draft;
  const { person, reason } = details;
  const stop = { by, at, reason };
  if (type === "drain") return { people, drain: stop };
  if (type === "undrain") return { people, drain: null };
  const others = Object.fromEntries(Object.entries(people).filter(([name]) => name !== person));
  if (type === "lift" || person === null) return { people: others, drain };
  return { people: { ...others, [person]: stop }, drain };
}

/** The record of a change, after the last one. */
export const stopRecord = (stops: Stops, draft: StopDraft): StopRecord =>
  linked({
    ...draft,
    ...({ schema: 1, chain: STOPS_CHAIN } as const),
    details: { ...draft.details, after: afterStop(stops, draft) },
    seq: stops.seq + 1,
    previousHash: stops.hash,
  });

/** The stops, as a record says. */
export const stopsAfter = ({ seq, hash, details }: StopRecord): Stops => ({
  seq,
  hash,
  ...details.after,
});

/** The suspension of a person; undefined unless they are suspended. */
export const suspensionOf = ({ people }: Stopped, name: string): Stop | undefined =>
  Object.hasOwn(people, name) ? people[name] : undefined;

/** Verifies the records of the chain of stops, in any order: also that each says who is stopped then. */
export const stopVerifier = (): HashChainVerifier<StopRecord> =>
  hashChainVerifier<StopRecord, StopRecord>({
    noun: "Record of a suspension",
    chainOf: ({ chain }) => chain,
    keep: (record) => record,
    rule: (before, record) => {
      const after = afterStop(before?.details.after ?? NO_STOPS, record);
      if (canonicalJson(after) === canonicalJson(record.details.after)) return undefined;
      const detail = `Record of a suspension ${record.seq} does not say who is stopped after it.`;
      return { fault: "order", detail };
    },
  });
