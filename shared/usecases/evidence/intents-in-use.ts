import type { CallIntent } from "../../domain/evidence/calls/call-intent.ts";
import {
  type IntentFacts,
  type MadeCall,
  madeCall,
  servedByIntents,
} from "../../domain/evidence/calls/intended-by.ts";
import type { EvidenceRecord } from "../../domain/evidence/evidence-record.ts";
import { eventKeyOf, type TrailEvent } from "../../domain/evidence/trail/trail-event.ts";
import { latest } from "../../domain/values/instant.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";
import { endOf, type GrantOnEntry } from "./grants-on-entry.ts";

/** The facts for the rules of intents: the intents, and what leaves nothing of them for the event. */
interface IntentsInUse {
  readonly intents: readonly CallIntent[];
  readonly used: IntentFacts;
}

/**
 * Reads the calls of the same requests that are on record, and the events that an intent explained.
 * Where one of them is later than the event, the intents before it are read too: it may have used up
 * one of those. Nothing is read where no intent is about the event.
 *
 * @param intents those before the event
 * @param intentsBefore reads those before an instant
 */
export async function intentsInUse(
  { evidence, settings }: Pick<CorrelatePorts, "evidence" | "settings">,
  event: TrailEvent,
  grants: readonly GrantOnEntry[],
  intents: readonly CallIntent[],
  intentsBefore: (instant: string) => Promise<readonly CallIntent[]>,
): Promise<IntentsInUse> {
  const ids = servedByIntents(intents, event, settings);
  const each = await Promise.all(
    ids.map(async (id) => {
      const [calls, records] = await Promise.all([evidence.callsFor(id), evidence.evidenceOf(id)]);
      return [...calls, ...records.flatMap((record) => explainedCall(record, event))];
    }),
  );
  const spent = onceEach(each.flat(), event);
  const last = latest(spent.map(({ at }) => at)) ?? event.eventTime;
  return {
    intents: last <= event.eventTime ? intents : await intentsBefore(last),
    used: { spent, ended: endsOf(grants) },
  };
}

/** The call of an event that an intent explained. The same event may come again. */
function explainedCall({ type, details }: EvidenceRecord, event: TrailEvent): readonly MadeCall[] {
  if (type !== "explained" || details.why !== "intent") return [];
  return details.eventKey === eventKeyOf(event) ? [] : [madeCall(details.event)];
}

/** A call may be stored after its event was explained. */
function onceEach(calls: readonly MadeCall[], event: TrailEvent): readonly MadeCall[] {
  const known = new Map(calls.map((call, at) => [call.eksRequestId ?? `without-${at}`, call]));
  if (event.eksRequestId !== null) known.delete(event.eksRequestId);
  return [...known.values()];
}

/** By request id, when its end was stored. */
const endsOf = (grants: readonly GrantOnEntry[]): IntentFacts["ended"] =>
  Object.fromEntries(
    grants.flatMap(({ grant, history }) => {
      const end = endOf(history);
      return end === undefined ? [] : [[grant.id, end] as const];
    }),
  );
