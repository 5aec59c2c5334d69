/** What must hold after the last grant. */

import { isEmpty, TAG_TOKEN } from "../../shared/domain/entries/ledger.ts";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import { callsIn } from "../../shared/domain/requests/audit-event.ts";
import { isFinal, LIFECYCLE } from "../../shared/domain/requests/lifecycle.ts";
import type { MemoryHead } from "../../test/fakes/memory-tables.ts";
import { type Facts, millisOf } from "./facts.ts";
import { fusesOf } from "./fuses.ts";
import type { Truth } from "./truth.ts";

const dueOf = (head: MemoryHead | undefined): string | undefined =>
  head?.dueAt ?? head?.removeAt ?? head?.driftCheckAt ?? undefined;

/** Whether nothing is open, due or under way. */
export function isQuiet({ truths, options: { tables, ledgers } }: Facts): boolean {
  if ([...truths.values()].some(({ underWay }) => underWay > 0)) return false;
  if ([...tables.heads.values()].some((head) => dueOf(head) !== undefined)) return false;
  if ([...tables.requests.values()].some(({ state }) => !isFinal(state))) return false;
  return [...ledgers.values()].every(isEmpty);
}

/** A call, and how AWS answered it. */
export interface AnsweredCall {
  readonly sessionName: string;
  readonly requestId: string | null;
  readonly result: string;
}

/** @param stray fuses whose arming landed late, so that no ledger knows of them */
export function lastChecks(
  facts: Facts,
  calls: readonly AnsweredCall[],
  stray: ReadonlySet<string>,
): void {
  const { profile, tables } = facts.options;
  checkHistories(facts);
  const isDisturbed = [...facts.truths.values()].some(({ everDisturbed }) => everDisturbed);
  if (!isDisturbed) checkEvidence(facts, calls);
  // Only the sweep starts the runs that empty a ledger and confirm an end.
  if (!profile.sweep) return;
  for (const { id, state, lapsesAt } of tables.requests.values())
    if (!isFinal(state) && facts.now > millisOf(lapsesAt))
      facts.broken("final-in-time", `${id} is ${state} at the end of all.`);
  // People who keep extending their access have not reached the end.
  for (const truth of facts.truths.values())
    if (facts.open(truth).length === 0) checkNothingLeft(facts, truth, stray);
}

function checkHistories(facts: Facts): void {
  const { tables } = facts.options;
  const events = tables.events.filter(({ requestId }) => !facts.forged.has(requestId));
  for (const { requestId, seq, detail } of verifyChains(events))
    facts.broken("history-whole", `${requestId} at ${seq}: ${detail}`);
  for (const [id, own] of Map.groupBy(events, ({ requestId }) => requestId)) {
    const request = tables.requests.get(id);
    const last = own.at(-1);
    if (own.length !== request?.version || last?.to !== request.state)
      facts.broken("history-whole", `${id} has ${own.length} events for ${request?.version}.`);
    for (const { from, to, type } of own)
      if (from !== null && !LIFECYCLE[from][type]?.includes(to))
        facts.broken("history-whole", `${id} went from ${from} to ${to} by ${type}.`);
  }
}

function checkNothingLeft(facts: Facts, truth: Truth, stray: ReadonlySet<string>): void {
  const { timers, ledgers, tables } = facts.options;
  const { binding, name } = truth;
  const actual = facts.actual(truth);
  const isOurs =
    actual?.tags[TAG_TOKEN] !== undefined &&
    !truth.foreign.has(actual.accessEntryArn) &&
    !truth.adopted.has(actual.accessEntryArn);
  if (isOurs && truth.contested.size === 0 && !truth.entryContested)
    facts.broken("nothing-left", `Our entry of ${name} is still there.`);
  const ledger = ledgers.get(binding);
  if (ledger && !isEmpty(ledger))
    facts.broken("nothing-left", `The ledger of ${name} is not empty.`);
  const due = dueOf(tables.heads.get(binding));
  if (due !== undefined) facts.broken("nothing-left", `${name} is due at ${due}, for nothing.`);
  for (const fuse of fusesOf(timers, truth))
    if (!stray.has(fuse.name)) facts.broken("nothing-left", `${fuse.name} is still armed.`);
}

function checkEvidence(facts: Facts, calls: readonly AnsweredCall[]): void {
  const recorded = new Set(
    facts.options.tables.events.flatMap((event) =>
      callsIn(event).map(({ requestId }) => requestId),
    ),
  );
  for (const { sessionName, requestId, result } of calls) {
    // What outlived every grant that could have caused it goes under the binding's own session.
    const isCausedByNone = sessionName.startsWith("timelatch-b-");
    // What a run called that others outran, it can put on record only while the grant is open.
    const isOutrun = facts.outrun.has(facts.callers.get(requestId ?? "") ?? "");
    if (result === "ok" && !recorded.has(requestId) && !isCausedByNone && !isOutrun)
      facts.broken("evidence-whole", `${requestId} stands in nobody's history.`);
  }
}
