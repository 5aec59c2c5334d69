/** Judges evidence at the end. */

import type { RecordedCall } from "../../../shared/domain/evidence/calls/recorded-call.ts";
import {
  evidenceVerifier,
  findingVerifier,
} from "../../../shared/domain/evidence/evidence-chain.ts";
import type { BrokenChain } from "../../../shared/domain/values/hash-chain.ts";
import type { EvidenceStore } from "../../../shared/ports/evidence-store.ts";
import { mayPassForOurs } from "./evidence-disguise.ts";
import { hidesDeletion, mayBeTaken } from "./evidence-taken.ts";
import {
  type Draft,
  type EvidenceFacts,
  eventKeyIn,
  eventOf,
  type LoggedEvent,
  originalOf,
  recordsAbout,
} from "./evidence-truth.ts";

export async function concludeEvidence(
  watch: EvidenceFacts,
  evidence: EvidenceStore,
): Promise<void> {
  for (const event of watch.events.values())
    if (event.deliveredAt !== undefined) checkAccounted(watch, event);
  for (const call of watch.calls.values()) await checkDecided(watch, evidence, call);
  await checkChains(watch, evidence);
}

/** Each delivered event is on record as what it is, once in each chain. */
function checkAccounted(watch: EvidenceFacts, event: LoggedEvent): void {
  const { eventId, cause, change } = event;
  const types = new Set(recordsAbout(watch, eventId).map(({ type }) => type));
  const isConfirmed = watch.recorded.some(
    ({ draft }) =>
      draft.type === "confirmed" &&
      originalOf(draft.details.eventId) === eventId &&
      draft.details.eksRequestId === change.requestId,
  );
  const said = [...types, ...(isConfirmed ? ["confirmed"] : [])];
  const wanted = wantedOf(watch, event);
  checkUnhidden(watch, event);
  if (said.length > 1 || !wanted.includes(said[0]))
    watch.facts.broken(
      "changes-found",
      `${eventId}, ${change.operation} by ${cause.kind}, is ${said.join(" and ") || "nowhere"} on record, not ${wanted.map(String).join(" or ")}.`,
    );
}

/** Access of others that a deletion of ours took is on record as such. */
function checkUnhidden(watch: EvidenceFacts, event: LoggedEvent): void {
  const isHidden = watch.recorded.some(
    ({ draft, at }) =>
      eventKeyIn(draft) === event.eventId && hidesDeletion(watch, event, draft, at),
  );
  if (isHidden)
    watch.facts.broken(
      "changes-found",
      `A deletion of ours took what ${event.eventId} added, and its record does not say so.`,
    );
}

/** The possible records about an event; undefined for no record. */
function wantedOf(watch: EvidenceFacts, event: LoggedEvent): readonly (string | undefined)[] {
  const { cause, eventId } = event;
  // An event that must not be a finding was checked when it was recorded.
  if (cause.kind === "ours") return ["confirmed", "explained", "finding"];
  if (cause.becomes === "nothing") return [undefined];
  // Judged once: a grant may have become active since.
  const isDisguised = watch.disguised.has(eventId) || mayPassForOurs(watch, event);
  return [
    cause.becomes,
    ...(isDisguised ? ["explained"] : []),
    // Its code was checked when it was recorded.
    ...(mayBeTaken(watch, event) ? ["finding"] : []),
  ];
}

/** Each call of ours that changed something is confirmed, or missing and a finding. */
async function checkDecided(
  watch: EvidenceFacts,
  evidence: EvidenceStore,
  call: RecordedCall,
): Promise<void> {
  const { eksRequestId, result, requestIds, sessionName } = call;
  if (result !== "ok") return;
  // One that only the event history shows may come when nobody looks for it any more.
  const isShown = eventOf(watch, eksRequestId)?.deliveredAt !== undefined;
  for (const chain of requestIds.length > 0 ? requestIds : [sessionName]) {
    const types = (await evidence.evidenceOf(chain)).flatMap(({ type, details }) =>
      "eksRequestId" in details && details.eksRequestId === eksRequestId ? type : [],
    );
    const isDecided = types.includes("confirmed") || (!isShown && types.includes("missing"));
    if (!isDecided)
      watch.facts.broken(
        "calls-decided",
        `${eksRequestId} of ${chain} is ${types.join(" and ") || "undecided"}, and EventBridge ${isShown ? "delivered" : "lost"} it.`,
      );
    if (types.includes("missing") && !hasMissingFinding(watch, eksRequestId))
      watch.facts.broken("calls-decided", `${eksRequestId} is missing, and no finding says so.`);
  }
}

const hasMissingFinding = ({ recorded }: EvidenceFacts, requestId: string): boolean =>
  recorded.some(
    ({ draft }) =>
      draft.type === "finding" &&
      draft.details.code === "missing-event" &&
      draft.details.eksRequestId === requestId,
  );

/** Chains are intact, and say nothing twice. */
async function checkChains(watch: EvidenceFacts, evidence: EvidenceStore): Promise<void> {
  const drafts = watch.recorded.map(({ draft }) => draft);
  const requests = new Set(drafts.flatMap((one) => ("requestId" in one ? one.requestId : [])));
  const chains = new Set(drafts.flatMap((one) => ("chain" in one ? one.chain : [])));
  const evidenceChains = evidenceVerifier();
  const findingChains = findingVerifier();
  const broken: (BrokenChain | undefined)[] = [];
  for (const id of requests)
    for (const one of await evidence.evidenceOf(id)) broken.push(evidenceChains.add(one));
  for (const chain of chains)
    for (const one of await evidence.findingsIn(chain)) broken.push(findingChains.add(one));
  broken.push(...evidenceChains.end(), ...findingChains.end());
  for (const fault of broken)
    if (fault)
      watch.facts.broken("evidence-chained", `${fault.chain} at ${fault.seq}: ${fault.detail}`);
  const said = drafts.map(statementOf);
  for (const [at, text] of said.entries())
    if (said.indexOf(text) !== at)
      watch.facts.broken("recorded-once", `This is on record twice: ${text}.`);
}

/** The statement of a record, and its chain: once is enough. */
const statementOf = (draft: Draft): string =>
  [
    draft.type,
    "requestId" in draft ? draft.requestId : draft.chain,
    eventKeyIn(draft) ?? ("eksRequestId" in draft.details ? draft.details.eksRequestId : draft.at),
  ].join(" ");
