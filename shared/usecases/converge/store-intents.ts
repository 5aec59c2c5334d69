import { baselineOf } from "../../domain/entries/knowledge.ts";
import { landedBy } from "../../domain/entries/lag.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import { bindingSessionName } from "../../domain/entries/session-name.ts";
import type { EntryStep } from "../../domain/entries/step.ts";
import {
  type CallIntent,
  type IntendedCall,
  intendedCall,
} from "../../domain/evidence/calls/call-intent.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { PartOf } from "./pass.ts";

/** The part of a pass that stores intents. */
type Intender = PartOf<
  "run" | "binding" | "clusterArn" | "entry" | "grants",
  "clock" | "evidence" | "settings"
>;

/**
 * Stores the calls that the run is about to make for additions, before the first one: one intent for each session.
 * If that fails, nothing is added. A call whose answer never comes can then still be explained. Removals wait for
 * nothing and need no intent: a grant that is over explains them.
 *
 * @param planned the ledger that the run is about to save
 * @throws if the table does not answer
 */
export async function storeIntents(
  intender: Intender,
  planned: Ledger,
  steps: readonly EntryStep[],
  servedBy: (step: EntryStep) => readonly string[],
): Promise<void> {
  const { ports, grants } = intender;
  const bySession = new Map<string, readonly IntendedCall[]>();
  for (const step of steps) {
    const served = servedBy(step);
    const { sessionName } = grants.sessionFor(served[0]);
    const calls = bySession.get(sessionName) ?? [];
    bySession.set(sessionName, [...calls, intendedCall(step, served)]);
  }
  const about = aboutRun(intender);
  for (const [sessionName, calls] of bySession)
    await ports.evidence.putIntent({
      ...about,
      sessionName,
      calls,
      owners: ownersOf(planned, calls),
    });
}

/**
 * Stores the grants whose fuses the run is about to arm. If that fails, no grant of them begins.
 *
 * @param requestIds of grants that have not begun
 * @throws if the table does not answer
 */
export async function storeFuseIntent(
  intender: Omit<Intender, "grants">,
  requestIds: readonly string[],
): Promise<void> {
  if (requestIds.length === 0) return;
  await intender.ports.evidence.putIntent({
    ...aboutRun(intender),
    sessionName: bindingSessionName(intender.binding),
    calls: [],
    fusesOf: requestIds,
    owners: {},
  });
}

/** The entry that an intent is about, and when calls of this run may land. */
function aboutRun({ ports, run, clusterArn, entry }: Omit<Intender, "grants">) {
  const from = ports.clock.now();
  const until = landedBy(plusSeconds(from, run.millisLeft() / 1_000), ports.settings);
  return { clusterArn, principalArn: entry.address.principalArn, from, until };
}

/** Elements that the calls leave on their targets although we did not lend them. */
const ownersOf = (ledger: Ledger, calls: readonly IntendedCall[]): CallIntent["owners"] =>
  Object.fromEntries(
    calls.flatMap(({ target }) => (target === null ? [] : [[target, baselineOf(ledger, target)]])),
  );
