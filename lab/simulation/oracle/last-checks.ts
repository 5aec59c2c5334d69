/** Checks after the last grant. */

import { isEmpty, TAG_TOKEN } from "../../../shared/domain/entries/ledger.ts";
import { verifyChains } from "../../../shared/domain/requests/audit-chain.ts";
import { callsIn } from "../../../shared/domain/requests/audit-event.ts";
import { isFinal, LIFECYCLE } from "../../../shared/domain/requests/lifecycle.ts";
import type { MemoryHead } from "../../fakes/memory-tables.ts";
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

export function lastChecks(facts: Facts, calls: readonly AnsweredCall[]): void {
  const { tables } = facts.options;
  checkHistories(facts);
  const isDisturbed = [...facts.truths.values()].some(({ everDisturbed }) => everDisturbed);
  if (!isDisturbed) checkEvidence(facts, calls);
  for (const { id, state, lapsesAt } of tables.requests.values())
    if (!isFinal(state) && facts.now > millisOf(lapsesAt))
      facts.broken("final-in-time", `${id} is still ${state} at the end of the simulation.`);
  // If people keep extending their access, something may be left.
  for (const truth of facts.truths.values())
    if (facts.open(truth).length === 0) checkNothingLeft(facts, truth);
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
      facts.broken(
        "history-whole",
        `${id} has ${own.length} events, and its version is ${request?.version}.`,
      );
    for (const { from, to, type } of own)
      if (from !== null && !LIFECYCLE[from][type]?.includes(to))
        facts.broken("history-whole", `${id} went from ${from} to ${to} by ${type}.`);
  }
}

function checkNothingLeft(facts: Facts, truth: Truth): void {
  const { timers, ledgers, tables } = facts.options;
  const { binding, name } = truth;
  const actual = facts.actual(truth);
  const isOurs =
    actual?.tags[TAG_TOKEN] !== undefined &&
    !truth.madeByOthers.has(actual.accessEntryArn) &&
    !truth.usedByOthers.has(actual.accessEntryArn);
  if (isOurs && truth.ambiguous.size === 0 && !truth.entryAmbiguous)
    facts.broken("nothing-left", `Our entry of ${name} still exists.`);
  const ledger = ledgers.get(binding);
  if (ledger && !isEmpty(ledger))
    facts.broken("nothing-left", `The ledger of ${name} is not empty.`);
  const due = dueOf(tables.heads.get(binding));
  if (due !== undefined)
    facts.broken("nothing-left", `${name} is due at ${due}, and nothing is left to do.`);
  for (const fuse of fusesOf(timers, truth))
    facts.broken("nothing-left", `${fuse.name} is still armed.`);
}

function checkEvidence(facts: Facts, calls: readonly AnsweredCall[]): void {
  const recorded = new Set(
    facts.options.tables.events.flatMap((event) =>
      callsIn(event).map(({ requestId }) => requestId),
    ),
  );
  for (const { sessionName, requestId, result } of calls) {
    // A call that no open grant explains uses the binding's own session.
    const isCausedByNone = sessionName.startsWith("timelatch-b-");
    // An overtaken run records its calls only while their grant is open.
    const isOvertaken = facts.overtaken.has(facts.callers.get(requestId ?? "") ?? "");
    if (result === "ok" && !recorded.has(requestId) && !isCausedByNone && !isOvertaken)
      facts.broken("evidence-whole", `The call ${requestId} is in no grant's history.`);
  }
}
