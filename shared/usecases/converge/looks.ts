/** Every read of the entry in a pass, and the facts that it proves. */
import { afterFailure, CLOSED } from "../../domain/clusters/circuit.ts";
import type { Reading } from "../../domain/entries/actual-entry.ts";
import { explainsIn } from "../../domain/entries/entitlement.ts";
import { withoutFired } from "../../domain/entries/fuses.ts";
import type { Refusal } from "../../domain/entries/ledger.ts";
import { observe } from "../../domain/entries/observe.ts";
import { countingReading, provableFrom, type Sighting } from "../../domain/entries/proof.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import { factsOf } from "./converge-run.ts";
import { learn } from "./learn.ts";
import type { Need } from "./need.ts";
import { impossibleBy, seenGone } from "./obstacle.ts";
import { type PartOf, workMillis } from "./pass.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";

/** The answer of a read of the entry. */
export type EntryRead =
  | { readonly kind: "read"; readonly reading: Reading }
  /** EKS says that no entry can exist: the cluster is gone, or takes no entries. */
  | { readonly kind: "impossible"; readonly verdict: Refusal; readonly begunAt: string }
  | { readonly kind: "failed"; readonly error: CallFailed };

/** The facts that a read of the entry showed. */
export interface Look {
  /**
   * Undefined if nothing was read. A removal then goes ahead without a read, and nothing is
   * concluded.
   */
  readonly seen: Sighting | undefined;
  /** Why no entry can exist, once two looks have shown it. */
  readonly obstacle: Refusal | undefined;
  readonly need: Need;
  readonly wakeAt: readonly string[];
}

/** The part of a pass that reads the entry. */
type Reader = PartOf<"entry" | "run" | "binding", "clock" | "settings">;

/** The part of a pass that compares a read with the ledger. */
type Observer = PartOf<"grants" | "held" | "now" | "journal", "settings">;

/**
 * A second read starts only with this much work time left, in milliseconds. The removal needs the
 * rest.
 */
const RETRY_MILLIS = 3_500;

/**
 * Reads the entry. If a grant is over, a failed read is retried once. The removal then goes ahead
 * without a read, because a throttled read must not delay it.
 */
export async function readEntry(reader: Reader, isOver: boolean): Promise<EntryRead> {
  const first = await readOnce(reader);
  const mayRetry = first.kind === "failed" && isOver && workMillis(reader) >= RETRY_MILLIS;
  return mayRetry ? await readOnce(reader) : first;
}

/** One attempt. */
async function readOnce({ ports, entry, run, binding }: Reader): Promise<EntryRead> {
  const begunAt = ports.clock.now();
  try {
    return { kind: "read", reading: { entry: await entry.read(), begunAt } };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("entry not read", { binding, ...factsOf(error) });
    const verdict = impossibleBy(error, entry.address.cluster.name);
    return verdict ? { kind: "impossible", verdict, begunAt } : { kind: "failed", error };
  }
}

/** Brings the ledger up to a read, as far as it proves anything. Nothing is stored here. */
export function lookAt(observer: Observer, read: EntryRead): Look {
  switch (read.kind) {
    case "read": {
      const seen = observed(observer, read.reading);
      const need = countingReading(seen) ? "settled" : "retry";
      return { seen, obstacle: undefined, need, wakeAt: [] };
    }
    case "impossible":
      return lookAtObstacle(observer, read.verdict, read.begunAt);
    case "failed":
      return {
        ...NOTHING_SEEN,
        need: read.error.failure === "throttled" ? "yield" : "retry",
      };
  }
}

const NOTHING_SEEN = { seen: undefined, obstacle: undefined, wakeAt: [] } as const;

function observed(observer: Observer, reading: Reading): Sighting {
  const { ledger: before, entitlements } = snapshotOf(observer);
  const { settings } = observer.ports;
  const { ledger, sight, findings } = observe(before, reading, explainsIn(entitlements), settings);
  learn(observer, { ledger: withoutFired(ledger, before), findings });
  return { sight, reading };
}

/** One look may be wrong. The entry counts as gone with its cluster once a second look agrees. */
function lookAtObstacle(observer: Observer, verdict: Refusal, begunAt: string): Look {
  const { ledger, certain, againAt } = seenGone(
    observer.held.current,
    verdict,
    begunAt,
    observer.ports.settings,
  );
  learn(observer, { ledger });
  if (!certain)
    return { ...NOTHING_SEEN, need: "settled", wakeAt: againAt === undefined ? [] : [againAt] };
  const seen: Sighting = { sight: "absent", reading: { entry: undefined, begunAt } };
  return { seen, obstacle: certain, need: "settled", wakeAt: [] };
}

/** Reads once more. @returns undefined where no entry was read */
export async function lookAgain(pass: Reader & Observer): Promise<Sighting | undefined> {
  const read = await readOnce(pass);
  return read.kind === "read" ? observed(pass, read.reading) : undefined;
}

/** The kinds of calls that a pass has made. */
interface Called {
  readonly added: boolean;
  readonly removed: boolean;
}

/**
 * Reads again if this pass can conclude something at once. That is access that it added, or an end that a person
 * waits for. After an expiry the sweep confirms the end one read lag later, which saves a call.
 *
 * @param first the first look of the pass
 * @returns the last read that was answered
 */
export async function lastLook(
  pass: Reader & Observer,
  first: Sighting | undefined,
  called: Called,
): Promise<Sighting | undefined> {
  const known = snapshotOf(pass);
  const isWorthIt =
    (called.added && hasUnseen(known)) ||
    (called.removed && isEndAwaited(known, pass.ports.clock.now()));
  if (!isWorthIt || workMillis(pass) <= 0) return first;
  return (await lookAgain(pass)) ?? first;
}

const hasUnseen = ({ open, ledger }: Snapshot): boolean =>
  open.some(({ id, state }) => state === "approved" && Object.hasOwn(ledger.begun, id));

const isEndAwaited = ({ open, ledger, entitlements }: Snapshot, now: string): boolean =>
  open.some(({ outcome }, at) => {
    const own = entitlements[at];
    const isOver = own?.isOver && own.hasBegun && outcome?.code !== "expired";
    return isOver && provableFrom(own, ledger, entitlements) <= now;
  });

/** Counts failed reads for the cluster's circuit, and closes it at the first answer. */
export async function keepCircuit(
  {
    ports: { circuits },
    clusterArn,
    circuit,
    now,
  }: PartOf<"clusterArn" | "circuit" | "now", "circuits">,
  read: EntryRead,
): Promise<void> {
  const failure = read.kind === "failed" ? read.error.failure : undefined;
  if (failure === "busy" || failure === "unknown")
    await circuits.save(clusterArn, afterFailure(circuit, now));
  else if (circuit.failures > 0 && read.kind !== "failed") await circuits.save(clusterArn, CLOSED);
}
