/** Compares the ledger with the record, where it may not know all that our calls did. */
import { identify } from "../../domain/entries/identify.ts";
import { knownInRoom } from "../../domain/entries/known-in-room.ts";
import { visibleFrom } from "../../domain/entries/lag.ts";
import {
  asksRecord,
  forgottenBy,
  isUnknownEntry,
  knowsFrom,
  LEDGER_BEHIND,
  type MaybeBegun,
  maybeBegun,
  type OnRecord,
  type StoredIntents,
  storedIntents,
  unexplainedOn,
  withLandings,
} from "../../domain/entries/unknown-ledger.ts";
import type { Finding } from "../../domain/requests/evidence.ts";
import { deploymentOf } from "../../domain/values/deployment.ts";
import { LedgerTooLarge } from "../../ports/ledger-store.ts";
import { countingReading, type Look } from "./look-at-entry.ts";
import { noteFindings, type Pass } from "./pass.ts";
import type { EntryRead } from "./read-entry.ts";

/** What runs stored before their calls; a failure where the table did not answer. */
export type AskedRecord =
  | { readonly intents: StoredIntents }
  | { readonly intents: undefined; readonly failure: unknown };

/** How many intents are read: each run that adds something stores two at most, and grants are capped. */
const MOST_INTENTS = 500;

const NOTHING_STORED = storedIntents([]);

/**
 * Asks what runs were about to add to the entry, while it is read. Only where a grant is about to take a
 * first baseline, or ends without having begun. Never fails: no removal waits for this table.
 */
export async function askRecord({ ports, held, grants, binding }: Pass): Promise<AskedRecord> {
  if (!asksRecord(held.current, grants.open)) return { intents: NOTHING_STORED };
  try {
    const found = await ports.evidence.intents(binding, END_OF_TIME, MOST_INTENTS);
    return { intents: storedIntents(found) };
  } catch (failure) {
    return { intents: undefined, failure };
  }
}

/** Sorts after every instant. Another run's clock may be ahead of this one's. */
const END_OF_TIME = "9999";

/**
 * Lets the ledger know again what only the record knows, before the read is compared with it. The save is
 * the fence: where another run saved first, the ledger was merely loaded early, and this pass ends.
 *
 * @throws LedgerConflict when another run saved first
 */
export async function knowAgain(
  pass: Pass,
  read: EntryRead,
  { intents }: AskedRecord,
): Promise<MaybeBegun> {
  const { ports, held, now, grants, isBehind, run, binding } = pass;
  if (!intents) return { ids: new Set(grants.open.map(({ id }) => id)), areRead: false };
  const before = held.current;
  const deployment = deploymentOf(ports.policy);
  const record: OnRecord = {
    grants: grants.open,
    intents,
    reading: readingOf(pass, read),
    deployment,
  };
  const forgotten = forgottenBy(before, record);
  const again = knownInRoom(before, forgotten, intents.served, now, ports.settings);
  held.know(withLandings(again, record, now, ports.settings));
  if (isBehind || forgotten.length > 0) {
    run.log("ledger behind", { binding, forgotten: forgotten.map(({ grant }) => grant.id) });
    await doubt(pass, [{ code: "ledger-behind" }]);
  }
  return maybeBegun(before, record);
}

/**
 * From now on nothing is added, until the ledger knows. Reported once the save has shown that it is so. Where there is
 * no room for that, this pass goes on without: its removal must not wait.
 */
async function doubt(pass: Pass, findings: readonly Finding[]): Promise<void> {
  const { held, now, run, binding } = pass;
  try {
    await held.save({ ...held.current, unsureSince: now });
  } catch (error) {
    if (!(error instanceof LedgerTooLarge)) throw error;
    run.log("doubt not saved", { binding });
    return;
  }
  noteFindings(pass, findings);
}

/** The read, unless it shows a past state. A cluster that is certainly gone has no entry. */
function readingOf({ held, ports }: Pass, read: EntryRead) {
  if (read.kind === "impossible") {
    const { doubt } = held.current;
    const isCertain =
      doubt?.code === read.verdict.code && read.begunAt >= visibleFrom(doubt.since, ports.settings);
    return isCertain ? { entry: undefined, begunAt: read.begunAt } : undefined;
  }
  if (read.kind !== "read") return undefined;
  const { sight } = identify(held.current.entry, read.reading, ports.settings);
  return countingReading({ sight, reading: read.reading });
}

/**
 * Whether the ledger knows the entry, once a read was compared with it. It does not while something is
 * on an entry with our tags that it cannot explain. It knows again once a read shows all that earlier
 * calls did.
 *
 * @throws LedgerConflict when another run saved first
 */
export async function judgeLedger(pass: Pass, { seen }: Look): Promise<void> {
  const { ports, held } = pass;
  const reading = countingReading(seen);
  if (!reading) return;
  const { entry, begunAt } = reading;
  const { adopted, ...rest } = held.current;
  if (adopted !== undefined && entry?.accessEntryArn !== adopted) held.know(rest);
  const isUnknown = isUnknownEntry(held.current, entry, deploymentOf(ports.policy));
  const left = isUnknown ? unexplainedOn(held.current, entry) : [];
  const { unsureSince, ...sure } = held.current;
  if (left.length > 0 && unsureSince === undefined) {
    pass.run.log("entry not known", { binding: pass.binding, found: Object.fromEntries(left) });
    await doubt(
      pass,
      left.map(([target, found]) => ({ code: "ledger-behind", target, found })),
    );
  }
  if (unsureSince === undefined || left.length > 0) return;
  if (begunAt >= knowsFrom(unsureSince, ports.settings)) held.know(sure);
}

/** Ends active grants that the ledger did not know, after what they lent was removed. */
export async function withdrawForgotten({ grants, held, journal, now }: Pass): Promise<void> {
  const { begun } = held.current;
  const active = grants.open.filter(
    ({ id, state }) => state === "active" && begun[id]?.refusal?.code === LEDGER_BEHIND.code,
  );
  if (active.length === 0) return;
  const lost = await grants.stepAll(
    active.map(({ id }) => [
      id,
      {
        type: "withdraw",
        at: now,
        details: journal.evidenceFor(id),
        changes: { outcome: LEDGER_BEHIND },
      },
    ]),
  );
  journal.recorded(active.flatMap(({ id }) => (lost.has(id) ? [] : id)));
}
