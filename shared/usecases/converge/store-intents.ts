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
import type { Pass } from "./pass.ts";

/**
 * Stores what the run is about to add, before its first call: one intent for each session. If that
 * fails, nothing is added. A call whose answer never comes can then still be explained. Removals
 * wait for nothing and need no intent: a grant that is over explains them.
 *
 * @param planned the ledger that the run is about to save
 * @throws if the table does not answer
 */
export async function storeIntents(
  { ports, run, grants, clusterArn, entry }: Pass,
  planned: Ledger,
  steps: readonly EntryStep[],
  servedBy: (step: EntryStep) => readonly string[],
): Promise<void> {
  const bySession = new Map<string, readonly IntendedCall[]>();
  for (const step of steps) {
    const served = servedBy(step);
    const { sessionName } = grants.sessionFor(served[0]);
    const calls = bySession.get(sessionName) ?? [];
    bySession.set(sessionName, [...calls, intendedCall(step, served)]);
  }
  const from = ports.clock.now();
  const until = landedBy(plusSeconds(from, run.millisLeft() / 1_000), ports.settings);
  const { principalArn } = entry.address;
  for (const [sessionName, calls] of bySession) {
    const owners = ownersOf(planned, calls);
    const intent = { sessionName, clusterArn, principalArn, calls, owners, from, until };
    await ports.evidence.putIntent(intent);
  }
}

/**
 * Stores whose fuses the run is about to arm. If that fails, none of these grants begins.
 *
 * @param requestIds of grants that have not begun
 * @throws if the table does not answer
 */
export async function storeFuseIntent(
  { ports, run, binding, clusterArn, entry }: Pass,
  requestIds: readonly string[],
): Promise<void> {
  if (requestIds.length === 0) return;
  const from = ports.clock.now();
  await ports.evidence.putIntent({
    sessionName: bindingSessionName(binding),
    clusterArn,
    principalArn: entry.address.principalArn,
    calls: [],
    fusesOf: requestIds,
    owners: {},
    from,
    until: landedBy(plusSeconds(from, run.millisLeft() / 1_000), ports.settings),
  });
}

/** What the calls leave on their targets although we did not lend it. */
const ownersOf = (ledger: Ledger, calls: readonly IntendedCall[]): CallIntent["owners"] =>
  Object.fromEntries(
    calls.flatMap(({ target }) => (target === null ? [] : [[target, baselineOf(ledger, target)]])),
  );
