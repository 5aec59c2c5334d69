/**
 * Whether a report and a bundle say what was. Both are made of the records; the oracle saw the entries and
 * the events of CloudTrail themselves.
 */
import { bundleFacts } from "../../../shared/domain/evidence/report/bundle.ts";
import {
  populationBuilder,
  type ReportedRequest,
  secondsLate,
} from "../../../shared/domain/evidence/report/population.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import type { EvidenceStore } from "../../../shared/ports/evidence-store.ts";
import { type EvidenceFacts, eventOf } from "./evidence-truth.ts";
import { type Facts, millisOf } from "./facts.ts";

/** @param leftAt by grant, when the oracle last saw its access after its end, in milliseconds since the epoch */
export async function checkSaidRecord(
  watch: EvidenceFacts,
  evidence: Pick<EvidenceStore, "evidenceOf">,
  leftAt: ReadonlyMap<string, number>,
): Promise<void> {
  const { facts } = watch;
  const events = facts.options.tables.events.filter(
    ({ requestId }) => !facts.forged.has(requestId),
  );
  const population = populationBuilder();
  for (const event of events) population.add(event);
  for (const row of population.requests()) checkRow(facts, row, leftAt.get(row.requestId));
  for (const own of Map.groupBy(events, ({ requestId }) => requestId).values())
    await checkBundle(watch, evidence, own);
}

const instantOf = (millis: number): string => new Date(millis).toISOString();

/** A report's row: what is over is gone, what began was seen, and what outlived its bound is late. */
function checkRow(facts: Facts, row: ReportedRequest, left: number | undefined): void {
  const { requestId, activeAt, endedAt, endProof, expiresAt } = row;
  const { skew } = facts.bounds;
  const broken = (detail: string) =>
    facts.broken("record-true", `The report: ${requestId} ${detail}`);
  if (activeAt !== null && !facts.begun.has(requestId)) broken("began, and nothing was added.");
  // The oracle no longer tells its access from that of something else.
  if (left === undefined || (endProof?.stayed.length ?? 0) > 0) return;
  if (endedAt !== null && left > millisOf(endedAt) + skew)
    broken(`was gone by ${endedAt}, and was there at ${instantOf(left)}.`);
  const isLate = secondsLate(row, instantOf(facts.now)) > 0;
  if (activeAt !== null && expiresAt !== null && !isLate && left > millisOf(expiresAt) + skew)
    broken(`was not late, and was there at ${instantOf(left)}.`);
}

/** A bundle's calls: CloudTrail has the event of each that is confirmed, and it is one of ours. */
async function checkBundle(
  watch: EvidenceFacts,
  evidence: Pick<EvidenceStore, "evidenceOf">,
  events: readonly AuditEvent[],
): Promise<void> {
  const [{ requestId = "" } = {}] = events;
  const { calls } = bundleFacts({
    events,
    evidence: await evidence.evidenceOf(requestId),
    findings: [],
    laterCalls: [],
    seals: [],
    policies: [],
  });
  for (const { requestId: id, operation, state } of calls) {
    if (state !== "confirmed" || id === null) continue;
    const event = eventOf(watch, id);
    const isShown = event?.deliveredAt !== undefined || event?.listedAt !== undefined;
    if (!isShown || event.change.operation !== operation)
      watch.facts.broken(
        "record-true",
        `The bundle of ${requestId}: ${operation} ${id} is confirmed, and CloudTrail has shown ${isShown ? event.change.operation : "no such call of ours"}.`,
      );
  }
}
