import type { Entitlement } from "../../domain/entries/entitlement.ts";
import { baselineOf } from "../../domain/entries/knowledge.ts";
import { landedBy } from "../../domain/entries/lag.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import { bindingSessionName } from "../../domain/entries/session-name.ts";
import { type EntryStep, targetOf } from "../../domain/entries/step.ts";
import {
  type CallIntent,
  type IntendedCall,
  intendedCall,
} from "../../domain/evidence/calls/call-intent.ts";
import { minus, sameSet } from "../../domain/values/element-set.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { PartOf } from "./pass.ts";

/** The part of a pass that stores intents. */
type Intender = PartOf<
  "run" | "binding" | "clusterArn" | "entry" | "grants" | "journal",
  "clock" | "evidence" | "settings"
>;

/** A grant that a call serves. */
type Asking = Pick<Entitlement, "grantId" | "elements">;

/**
 * Stores the calls that the run is about to make for additions, before the first one: one intent for each session.
 * If that fails, nothing is added. A call whose answer never comes can then still be explained. Removals wait for
 * nothing and need no intent: a grant that is over explains them.
 *
 * @param planned the ledger that the run is about to save
 * @param askingFor the grants that a step serves
 * @throws if the table does not answer
 */
export async function storeIntents(
  intender: Intender,
  planned: Ledger,
  steps: readonly EntryStep[],
  askingFor: (step: EntryStep) => readonly Asking[],
): Promise<void> {
  const { ports, grants, journal } = intender;
  const bySession = new Map<string, readonly IntendedCall[]>();
  for (const step of steps) {
    const asking = askingFor(step);
    const { sessionName } = grants.sessionFor(asking[0]?.grantId);
    const calls = bySession.get(sessionName) ?? [];
    bySession.set(sessionName, [...calls, callFor(planned, step, asking)]);
  }
  const about = aboutRun(intender);
  const intents = [...bySession].map(([sessionName, calls]) => ({
    ...about,
    sessionName,
    calls,
    owners: ownersOf(planned, calls),
  }));
  journal.announces(intents);
  for (const intent of intents) await ports.evidence.putIntent(intent);
}

/**
 * The call, with the elements that each grant asked for, unless they follow from the rest: most calls serve one grant,
 * and a larger item costs more.
 */
function callFor(planned: Ledger, step: EntryStep, asking: readonly Asking[]): IntendedCall {
  const served = asking.map(({ grantId }) => grantId);
  const call = intendedCall(step, served);
  const target = targetOf(step);
  if (target === undefined) return call;
  const ours = minus(call.elements, baselineOf(planned, target));
  const [only, ...others] = asking;
  if (only && others.length === 0 && sameSet(ours, only.elements)) return call;
  const asked = Object.fromEntries(asking.map(({ grantId, elements }) => [grantId, elements]));
  return { ...call, asked };
}

/**
 * Stores the grants whose fuses the run is about to arm. If that fails, no grant of them begins.
 *
 * @param requestIds of grants that have not begun
 * @throws if the table does not answer
 */
export async function storeFuseIntent(
  intender: Omit<Intender, "grants" | "journal">,
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
function aboutRun({ ports, run, clusterArn, entry }: Omit<Intender, "grants" | "journal">) {
  const from = ports.clock.now();
  const until = landedBy(plusSeconds(from, run.millisLeft() / 1_000), ports.settings);
  return { clusterArn, principalArn: entry.address.principalArn, from, until };
}

/** Elements that the calls leave on their targets although we did not lend them. */
const ownersOf = (ledger: Ledger, calls: readonly IntendedCall[]): CallIntent["owners"] =>
  Object.fromEntries(
    calls.flatMap(({ target }) => (target === null ? [] : [[target, baselineOf(ledger, target)]])),
  );
