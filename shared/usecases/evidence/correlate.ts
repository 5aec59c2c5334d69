/**
 * Compares one event of CloudTrail with what the broker knows of its own calls, and records the
 * result. The same event again, or a corrected one, adds nothing, whatever is known by then.
 */

import {
  changedFrom,
  type Explanation,
  explainEvent,
} from "../../domain/evidence/calls/explain-event.ts";
import type { RecordedCall } from "../../domain/evidence/calls/recorded-call.ts";
import type { EvidenceDraft, Why } from "../../domain/evidence/evidence-record.ts";
import {
  eventFindingId,
  type FindingDraft,
  findingChain,
} from "../../domain/evidence/findings/finding-record.ts";
import { readBusEvent, readListedEvent } from "../../domain/evidence/trail/parse-trail-event.ts";
import { eventKeyOf, type TrailEvent } from "../../domain/evidence/trail/trail-event.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";
import type { CorrelateRun } from "./correlate-run.ts";
import { chainsOf } from "./evidence-chains.ts";
import { knownBefore } from "./known-before.ts";
import { knownFacts } from "./known-facts.ts";

/**
 * - `unreadable`: dropped, although it may hide a change.
 * - `dropped`: an event that nobody asked for, or about a cluster that the policy does not list.
 * - `judged`: an event that is on record as something else, since what is known has changed. The
 *   first record stands.
 * - `wait`: the same event must come again at `until`. ISO 8601 UTC.
 */
export type Correlated = Explanation | { readonly outcome: "unreadable" | "dropped" | "judged" };

/**
 * @param body what EventBridge delivered, as the queue carries it
 * @throws where a table does not answer; the event must come again
 */
export async function correlate(
  ports: CorrelatePorts,
  body: string,
  run: CorrelateRun,
): Promise<Correlated> {
  const reading = readBusEvent(body, accountsOf(ports.policy));
  if ("event" in reading) return await correlateEvent(ports, reading.event, run);
  const { refused, because } = reading;
  run.log("event dropped", { refused, because });
  return { outcome: UNREADABLE.has(refused) ? "unreadable" : "dropped" };
}

/**
 * The same for an event that CloudTrail's event history lists. The history lists reads and other
 * services too. They are dropped without a word.
 *
 * @param record the event's record as JSON text
 */
export async function correlateListed(
  ports: CorrelatePorts,
  record: string,
  run: CorrelateRun,
): Promise<Correlated> {
  const reading = readListedEvent(record, accountsOf(ports.policy));
  if ("event" in reading) return await correlateEvent(ports, reading.event, run);
  const { refused, because } = reading;
  if (!UNREADABLE.has(refused)) return { outcome: "dropped" };
  run.log("event dropped", { refused, because });
  return { outcome: "unreadable" };
}

async function correlateEvent(
  ports: CorrelatePorts,
  event: TrailEvent,
  run: CorrelateRun,
): Promise<Correlated> {
  const { policy, clock, settings } = ports;
  const facts = await knownFacts(ports, event);
  const now = clock.now();
  const explained = explainEvent(event, facts, now, settings);
  if (isUnlisted(policy, event, explained)) {
    run.log("event dropped", { because: "Its cluster is not in access.yaml.", event });
    return { outcome: "dropped" };
  }
  const explanation = await withBefore(ports, event, explained, facts.grantIds);
  const isAdded = await record(ports, event, explanation, facts.requestIds, now);
  if (!isAdded && !(await isOnRecord(ports, event, explanation))) return { outcome: "judged" };
  if (explanation.outcome === "finding") run.log("finding", { ...explanation.finding });
  return explanation;
}

/** Only a finding says what was there before, so only then is it looked for. */
async function withBefore(
  ports: CorrelatePorts,
  event: TrailEvent,
  explanation: Explanation,
  grantIds: readonly string[],
): Promise<Explanation> {
  if (explanation.outcome !== "finding") return explanation;
  const before = await knownBefore(ports, event, grantIds);
  return { ...explanation, finding: changedFrom(before, explanation.finding) };
}

const UNREADABLE: ReadonlySet<string> = new Set(["malformed", "unknown-version", "too-large"]);

/** Accounts with clusters. Events of other accounts are dropped. */
export const accountsOf = ({ clusters }: AccessPolicy): ReadonlySet<string> =>
  new Set(Object.values(clusters).map(({ arn }) => clusterOf(arn).account));

/** Changes by others on clusters of others. A call by a role of ours counts on every cluster. */
function isUnlisted(
  { clusters }: AccessPolicy,
  { clusterArn }: TrailEvent,
  explanation: Explanation,
): boolean {
  const isListed = Object.values(clusters).some(({ arn }) => arn === clusterArn);
  if (isListed || clusterArn === null) return false;
  return explanation.outcome === "finding"
    ? explanation.finding.code === "outside-change"
    : explanation.outcome === "expected";
}

/** @returns whether something was added, or nothing was to be added */
async function record(
  ports: CorrelatePorts,
  event: TrailEvent,
  explanation: Explanation,
  requestIds: readonly string[],
  at: string,
): Promise<boolean> {
  switch (explanation.outcome) {
    case "confirmed":
      await confirm(ports, event, explanation.call, at);
      return true;
    case "ours": {
      let isAdded = false;
      for (const requestId of explanation.requestIds) {
        const draft = explained(event, explanation.why, requestId, at);
        if (await ports.evidence.appendEvidence(draft)) isAdded = true;
      }
      return isAdded;
    }
    case "expected": {
      const { principal, reason } = explanation;
      const details = { eventKey: eventKeyOf(event), principal, reason, event };
      const draft = { type: "expected", chain: chainOf(event), at, details } as const;
      return await ports.evidence.appendFinding(draft);
    }
    case "finding":
      return await ports.evidence.appendFinding(
        findingOf(event, explanation.finding, requestIds, at),
      );
    case "unchanged":
    case "wait":
      return true;
  }
}

/** Whether the event was recorded before as what it was found to be now, and not as a finding or no finding. */
async function isOnRecord(
  { evidence }: CorrelatePorts,
  event: TrailEvent,
  { outcome }: Explanation,
): Promise<boolean> {
  const found = await evidence.finding(eventFindingId(eventKeyOf(event)));
  return (found !== undefined) === (outcome === "finding");
}

/** The records come first: a call that waits too long is only looked at again. */
async function confirm(
  { evidence }: CorrelatePorts,
  { eventId, eventTime, sha256 }: TrailEvent,
  call: RecordedCall,
  at: string,
): Promise<void> {
  const { eksRequestId } = call;
  const details = { eksRequestId, eventId, eventTime, sha256 };
  for (const requestId of chainsOf(call))
    await evidence.appendEvidence({ type: "confirmed", requestId, at, details });
  await evidence.settleCall(eksRequestId);
}

const explained = (event: TrailEvent, why: Why, requestId: string, at: string): EvidenceDraft => ({
  type: "explained",
  requestId,
  at,
  details: { why, eventKey: eventKeyOf(event), event },
});

const findingOf = (
  event: TrailEvent,
  finding: Extract<Explanation, { outcome: "finding" }>["finding"],
  requestIds: readonly string[],
  at: string,
): FindingDraft => ({
  type: "finding",
  chain: chainOf(event),
  at,
  details: {
    ...finding,
    findingId: eventFindingId(finding.eventKey),
    requestIds: [...new Set([...requestIds, ...(finding.taken?.requestIds ?? [])])],
  },
});

/** A call that failed early names no cluster: its chain is that of its account and region. */
const chainOf = ({ clusterArn, account, region, eventTime }: TrailEvent): string =>
  findingChain(clusterArn ?? `${account}/${region}`, eventTime);
