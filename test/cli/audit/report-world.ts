/** Requests of a quarter with their evidence, and an API for auditors that lists them. */
import type { Call } from "../../../cli/api/call.ts";
import type { ArchivedRecord } from "../../../shared/domain/evidence/archive/archived-record.ts";
import { nextEvidence, nextFinding } from "../../../shared/domain/evidence/evidence-chain.ts";
import type { EvidenceDraft } from "../../../shared/domain/evidence/evidence-record.ts";
import type {
  EventFinding,
  FindingDraft,
  FindingRecord,
} from "../../../shared/domain/evidence/findings/finding-record.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import type { EndProof } from "../../../shared/domain/requests/end-proof.ts";
import {
  type Occurrence,
  type Step,
  transition,
} from "../../../shared/domain/requests/lifecycle.ts";
import { sha256 } from "../../../shared/domain/values/canonical-json.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { anEvent } from "../../shared/domain/evidence/samples.ts";
import { fakeApi } from "../fake-terminal.ts";
import { asked, CLUSTER_ARN, idOf } from "../sample-requests.ts";

/** How one request went. */
export interface Story {
  readonly number: number;
  /** When it was asked. */
  readonly at: string;
  readonly requester?: string;
  /** The cluster's name. */
  readonly cluster?: string;
  readonly rule?: string;
  readonly reason?: string;
  readonly breakGlass?: boolean;
  /** The approver; `policy` for the policy itself, nobody for a request that is denied. */
  readonly approver?: string;
  readonly note?: string;
  /** How many seconds after its bound the access is gone; without it, ten minutes before. */
  readonly late?: number;
  /** The proof of its end. */
  readonly proof?: EndProof;
  /** The request whose calls served this one too. */
  readonly callsOf?: number;
  /** Its access is still there. */
  readonly open?: true;
  /** When it was gone after the period, as the API answers it now. */
  readonly goneAt?: string;
  /** CloudTrail's word on its two calls; `none` before it has one. */
  readonly seen?: "confirmed" | "missing" | "none";
}

const POLICY = "b".repeat(64);
const callsOf = ({ number, callsOf: by = number }: Story) =>
  [`eks-${by}-1`, `eks-${by}-2`] as const;

function eventsOf(story: Story): readonly AuditEvent[] {
  const { number, at, requester = "alice", rule = "payments-edit", approver = "bob" } = story;
  const reason = story.reason ?? "INC-4711 stuck rollout";
  const steps: Step[] = [
    asked({
      id: idOf(number),
      createdAt: at,
      requester,
      cluster: { name: story.cluster ?? "prod", arn: CLUSTER_ARN },
      rule,
      reason,
      breakGlass: story.breakGlass ?? false,
    }),
  ];
  const step = (type: Occurrence["type"], minutes: number, more: object) => {
    const occurrence = { actor: "timelatch", details: {}, ...more, type, policyHash: POLICY };
    const when = plusSeconds(at, minutes * 60);
    const { request } = steps.at(-1) as Step;
    steps.push(transition(request, { ...occurrence, at: when } as Occurrence));
  };
  const decision = {
    person: approver,
    surface: "api",
    at: plusSeconds(at, 60),
    ...(story.note === undefined ? {} : { note: story.note }),
    proof: {},
    digest: "d".repeat(64),
  };
  if (story.approver === "") {
    step("deny", 1, { actor: "bob", details: { ...decision, person: "bob" } });
    return steps.map(({ event }) => event);
  }
  const times = { revokeAt: plusSeconds(at, 3_540), expiresAt: plusSeconds(at, 3_600) };
  const details = approver === "policy" ? times : { ...decision, ...times };
  step("approve", 1, { to: "approved", details, changes: times });
  const [first, second] = callsOf(story);
  const call = (requestId: string, minutes: number, operation: string) => ({
    calls: [
      { operation, requestId, sessionName: "s", at: plusSeconds(at, minutes * 60), result: "ok" },
    ],
  });
  step("activate", 2, { details: call(first, 2, "AssociateAccessPolicy") });
  if (story.open) return steps.map(({ event }) => event);
  step("expire", 59, { details: { calls: [] } });
  const gone = story.late === undefined ? 60 : 60 + story.late / 60;
  const { proof } = story;
  const settled = call(second, 59, "DisassociateAccessPolicy");
  step("settle", gone, { details: { ...settled, ...(proof ? { proof } : {}) } });
  return steps.map(({ event }) => event);
}

function evidenceFor(story: Story): readonly ArchivedRecord[] {
  const { number, at, seen = "confirmed" } = story;
  const requestId = idOf(number);
  if (story.approver === "" || seen === "none") return [];
  const ids = story.open ? callsOf(story).slice(0, 1) : callsOf(story);
  const records: ReturnType<typeof nextEvidence>[] = [];
  for (const eksRequestId of ids) {
    const details =
      seen === "missing"
        ? { eksRequestId, calledAt: at }
        : { eksRequestId, eventId: `event-${eksRequestId}`, eventTime: at, sha256: sha256(at) };
    const draft = { type: seen, requestId, at: plusSeconds(at, 4_000), details } as EvidenceDraft;
    records.push(nextEvidence(records.at(-1), draft));
  }
  return records.map((record) => ({ chain: `EVID#${requestId}`, record }));
}

/** Mallory changes the entry of a request; dave acknowledges it, if he has a note. */
export function findingAbout(
  number: number,
  at: string,
  note?: string,
  code: EventFinding["code"] = "outside-change",
): readonly ArchivedRecord[] {
  const chain = `${CLUSTER_ARN}#${at.slice(0, 7)}`;
  const findingId = sha256(at).slice(0, 32);
  const event = anEvent({ eventId: `event-${at}`, eventTime: at });
  const found = {
    type: "finding",
    chain,
    at: plusSeconds(at, 600),
    details: {
      code,
      eventKey: event.eventId,
      event,
      target: null,
      before: null,
      after: null,
      differs: [],
      findingId,
      requestIds: [idOf(number)],
    },
  } as FindingDraft;
  const records: FindingRecord[] = [nextFinding(undefined, found)];
  if (note !== undefined)
    records.push(
      nextFinding(records[0], {
        type: "acknowledgement",
        chain,
        at: plusSeconds(at, 900),
        details: { findingId, actor: "dave", note, proof: {} },
      }),
    );
  return records.map((record) => ({ chain: `FIND#${chain}`, record }));
}

/** An API in which all this happened. Lists come in pages of `size`. */
export function reportApi(
  stories: readonly Story[],
  more: readonly ArchivedRecord[] = [],
  size = 1_000,
) {
  const events = stories.flatMap(eventsOf).sort((a, b) => (a.at < b.at ? -1 : 1));
  const records = [...stories.flatMap(evidenceFor), ...more].sort((a, b) =>
    a.record.at < b.record.at ? -1 : 1,
  );
  const pageOf = <Item>(name: string, items: readonly Item[], query: Call["query"] = {}) => {
    const start = Number(query["cursor"] ?? 0);
    const next = start + size < items.length ? { next: String(start + size) } : {};
    return { [name]: items.slice(start, start + size), to: query["to"], ...next };
  };
  const within = (at: string, { from = "", to = "" }: NonNullable<Call["query"]>) =>
    at >= from && at < to;
  return fakeApi(({ path, query = {} }) => {
    if (path === "/v1/whoami") return { person: "dave" };
    const [, id, rest] = /^\/v1\/requests\/([^/]+)(\/events)?$/.exec(path) ?? [];
    if (path === "/v1/audit/events")
      return pageOf(
        "events",
        events.filter(({ at }) => within(at, query)),
        query,
      );
    if (path === "/v1/audit/records")
      return pageOf(
        "records",
        records.filter(({ record }) => within(record.at, query)),
        query,
      );
    if (rest)
      return pageOf(
        "events",
        events.filter(({ requestId }) => requestId === id),
        query,
      );
    const story = stories.find(({ number }) => idOf(number) === id);
    return { id, breakGlass: story?.breakGlass ?? false, endedAt: story?.goneAt ?? null };
  });
}
