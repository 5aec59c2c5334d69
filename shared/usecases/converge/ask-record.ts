/** Compares the ledger with the record, where it may not know all that our calls did. */
import { identify } from "../../domain/entries/identify.ts";
import { knownInRoom } from "../../domain/entries/known-in-room.ts";
import { type MaybeBegun, maybeBegun } from "../../domain/entries/maybe-begun.ts";
import { countingReading } from "../../domain/entries/proof.ts";
import { type StoredIntents, storedIntents } from "../../domain/entries/stored-intents.ts";
import {
  type Forgotten,
  forgottenBy,
  isUnknownEntry,
  knowsFrom,
  type OnRecord,
  strangersTo,
  unexplainedOn,
  withLandings,
} from "../../domain/entries/unknown-ledger.ts";
import { deploymentOf } from "../../domain/values/deployment.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { doubt, learn } from "./learn.ts";
import type { EntryRead, Look } from "./looks.ts";
import { isSecondLook } from "./obstacle.ts";
import type { PartOf } from "./pass.ts";
import { readIntents } from "./read-intents.ts";
import type { Snapshot } from "./snapshot.ts";

/** The intents that runs stored before their calls; a failure where the table did not answer. */
export type AskedRecord =
  | { readonly intents: StoredIntents; readonly isCut: boolean }
  | { readonly intents: undefined; readonly isCut: false; readonly failure: unknown };

const NOTHING_STORED = { intents: storedIntents([]), isCut: false } as const;

/**
 * Asks which calls runs were about to make on the entry, while it is read. Only if there is a grant that has not begun
 * by the ledger. Never fails: no removal waits for this table. Calls that this run announced, and never made as another
 * one saved first, are left out: access that looks like theirs is of others.
 */
export async function askRecord(
  { ports, binding, journal }: PartOf<"binding" | "journal", "evidence" | "settings">,
  { ledger, open }: Snapshot,
): Promise<AskedRecord> {
  const strangers = strangersTo(ledger, open);
  if (strangers.length === 0) return NOTHING_STORED;
  try {
    const { intents, isCut } = await readIntents(ports, binding, strangers);
    const mayBeMade = intents.filter((intent) => !journal.isUnmade(intent));
    return { intents: storedIntents(mayBeMade), isCut };
  } catch (failure) {
    return { intents: undefined, isCut: false, failure };
  }
}

/** The part of a pass that corrects its ledger by the record. */
type Doubter = PartOf<
  "grants" | "held" | "now" | "journal" | "isBehind" | "run" | "binding",
  "bindings" | "policy" | "settings"
>;

/**
 * Gives the ledger the facts back that only the record knows, before the read is compared with it. The save is the
 * fence: if another run saved first, the ledger was merely loaded early, and this pass ends.
 *
 * @throws LedgerConflict when another run saved first
 */
export async function knowAgain(
  pass: Doubter,
  read: EntryRead,
  { intents, isCut }: AskedRecord,
): Promise<MaybeBegun> {
  const { ports, held, now, grants, isBehind, run, binding } = pass;
  const { settings, policy } = ports;
  if (!intents)
    return { ids: new Set(grants.open.map(({ id }) => id)), areRead: false, arePast: false };
  const before = held.current;
  const reading = readingOf(before, read, settings);
  const record: OnRecord = {
    grants: grants.open,
    intents,
    reading,
    deployment: deploymentOf(policy),
    isCut,
  };
  const forgotten = await stillFiled(pass, forgottenBy(before, record));
  const again = knownInRoom(before, forgotten, intents.served, now, settings);
  learn(pass, { ledger: withLandings(again, record, now, settings) });
  if (isBehind || forgotten.length > 0 || (isCut && before.unsureSince === undefined)) {
    run.log("ledger behind", { binding, forgotten: forgotten.map(({ grant }) => grant.id), isCut });
    await doubt(pass, [{ code: "ledger-behind" }]);
  }
  return maybeBegun(before, record);
}

/**
 * Those that a read by the key still shows. A Query may show a part of another run's transaction, and so a grant whose
 * end that run is storing. Where the table does not answer, all of them count.
 */
async function stillFiled(
  { ports: { bindings }, binding }: Doubter,
  forgotten: readonly Forgotten[],
): Promise<readonly Forgotten[]> {
  if (forgotten.length === 0) return forgotten;
  const ids = [...new Set(forgotten.map(({ grant }) => grant.id))];
  const filed = await bindings.named(binding, ids).catch(() => undefined);
  if (!filed) return forgotten;
  const there = new Set([...filed.grants, ...filed.leftOut].map(({ id }) => id));
  return forgotten.filter(({ grant }) => there.has(grant.id));
}

/** The read, unless it shows a past state. A cluster that is certainly gone has no entry. */
function readingOf(
  ledger: Snapshot["ledger"],
  read: EntryRead,
  settings: ConvergePorts["settings"],
) {
  if (read.kind === "impossible") {
    const { verdict, begunAt } = read;
    return isSecondLook(ledger, verdict, begunAt, settings)
      ? { entry: undefined, begunAt }
      : undefined;
  }
  if (read.kind !== "read") return undefined;
  const { sight } = identify(ledger.entry, read.reading, settings);
  return countingReading({ sight, reading: read.reading });
}

/**
 * Whether the ledger knows the entry, once a read was compared with it. It does not while something is
 * on an entry with our tags that it cannot explain, or intents were left unread. It knows again once a read shows all
 * that earlier calls did.
 *
 * @throws LedgerConflict when another run saved first
 */
export async function judgeLedger(
  pass: Doubter,
  { seen }: Look,
  { isCut }: Pick<AskedRecord, "isCut">,
): Promise<void> {
  const { ports, held, run, binding } = pass;
  const reading = countingReading(seen);
  if (!reading) return;
  const { entry, begunAt } = reading;
  const { adopted, ...rest } = held.current;
  if (adopted !== undefined && entry?.accessEntryArn !== adopted) learn(pass, { ledger: rest });
  const isUnknown = isUnknownEntry(held.current, entry, deploymentOf(ports.policy));
  const left = isUnknown ? unexplainedOn(held.current, entry) : [];
  const { unsureSince, ...sure } = held.current;
  if (left.length > 0 && unsureSince === undefined) {
    run.log("entry not known", { binding, found: Object.fromEntries(left) });
    await doubt(
      pass,
      left.map(([target, found]) => ({ code: "ledger-behind", target, found })),
    );
  }
  if (unsureSince === undefined || left.length > 0 || isCut) return;
  if (begunAt >= knowsFrom(unsureSince, ports.settings)) learn(pass, { ledger: sure });
}
