/**
 * A morning of the broker on fakes, before anybody forges it: a request that was denied, a grant that ended, and two
 * changes by others, with what CloudTrail and API Gateway wrote down about them by themselves.
 */
import { aPolicy, PROD } from "../../lab/fakes/builders.ts";
import { correlateBroker, identity, recordOf } from "../../lab/fakes/correlate-broker.ts";
import { memoryCursorKeys } from "../../lab/fakes/memory-cursor-keys.ts";
import { memoryNoticeStore } from "../../lab/fakes/memory-notice-store.ts";
import { memoryStandingStore } from "../../lab/fakes/memory-standing-store.ts";
import { recordWith } from "../../lab/fakes/raw-trail-events.ts";
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import type { RecordedCall } from "../../shared/domain/evidence/calls/recorded-call.ts";
import { findingChain } from "../../shared/domain/evidence/findings/finding-record.ts";
import type { Actor } from "../../shared/domain/policy/actor.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import type { ReadingDetails } from "../../shared/domain/standing/reading.ts";
import type { ReadingRecord } from "../../shared/domain/standing/reading-record.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { ApiPorts } from "../../shared/ports/function-ports.ts";
import type { StandingStore } from "../../shared/ports/standing-store.ts";
import { delegate } from "../../shared/usecases/delegations/delegate.ts";
import { acknowledgeFinding } from "../../shared/usecases/evidence/acknowledge-finding.ts";
import { createRequest } from "../../shared/usecases/requests/create-request.ts";
import { decideRequest } from "../../shared/usecases/requests/decide-request.ts";
import { endGrant } from "../../shared/usecases/requests/end-grant.ts";
import { changeStops } from "../../shared/usecases/stops/change-stops.ts";
import { keptReadings } from "../shared/usecases/clusters/kept-readings.ts";

export const DAY = "2026-11-24";
export const FINDINGS = findingChain(PROD.arn, `${DAY}T10:00:00.000Z`);
export const READINGS = `STANDING#${PROD.arn}`;
const MALLORY = "arn:aws:iam::111122223333:role/people/mallory";
/** The roles that stand on the cluster: the truth, which EKS has. */
const STANDING_ROLES = ["a", "b"];

type Broker = ReturnType<typeof correlateBroker>;

/** A line of the API's access log, as `http-api.ts` has it written. */
interface AccessLine {
  readonly requestId: string;
  readonly time: string;
  readonly userArn: string;
  readonly path: string;
  readonly route: string;
  readonly status: string;
}

export interface RecordedDay {
  /** The records of the audit table. */
  readonly records: readonly ArchivedRecord[];
  /** The lists of standing access in the requests table. */
  readonly standing: StandingStore;
  /** CloudTrail's own records. */
  readonly trail: readonly object[];
  /** API Gateway's log. */
  readonly access: readonly AccessLine[];
  readonly denied: string;
  readonly grant: string;
  /** The list that EKS's answers make, as a hash, and the cluster. */
  readonly entries: string;
  /** A reading that is not on record. It found another list, which is in the requests table too. */
  readonly otherReading: ReadingDetails;
  /** How often EvidenceFindings counted. */
  readonly findings: number;
}

/** Something that a role does to the requests table, or leaves, before CloudTrail's events of the grant come. */
export interface Meddling {
  /** @returns records that CloudTrail has besides */
  readonly meddle?: (broker: Broker, grant: AccessRequest) => Promise<readonly object[]>;
  /** Whether correlate takes an event. */
  readonly takes?: (record: object) => boolean;
  /** Whether correlate looks for calls that CloudTrail has not shown by the next day. */
  readonly looksUp?: true;
}

/** The policy of fakes, with an auditor and delegations. */
function policyWithAuditor() {
  const plain = aPolicy();
  const bob = plain.people["bob"];
  if (!bob) throw new Error("The policy of fakes has no bob.");
  const dave = {
    ...bob,
    groups: ["audit", "platform"],
    principals: [],
    identities: { iam: [], slack: [] },
  };
  const roles = { admins: ["platform"], auditors: ["audit"] };
  const delegations = { longestSeconds: 86_400 };
  return { ...plain, people: { ...plain.people, dave }, roles, delegations };
}

/** Calls by people through API Gateway, which logs each. */
function gateway(broker: Broker) {
  const lines: AccessLine[] = [];
  const call = async <Answer>(
    name: string,
    route: string,
    ids: Readonly<Record<string, string>>,
    act: (actor: Actor) => Promise<Answer>,
  ): Promise<Answer> => {
    const requestId = `gw-${lines.length + 1}=`;
    const proof = { gatewayRequestId: requestId, callerId: `AROA${name.toUpperCase()}:${name}` };
    lines.push({
      requestId,
      time: logTime(broker.clock.now()),
      userArn: `arn:aws:sts::111122223333:assumed-role/${name}/${name}`,
      path: route.replace(/^\S+ /, "").replace(/\{(\w+)\}/g, (_, id: string) => ids[id] ?? ""),
      route,
      status: route === "POST /v1/requests" ? "201" : "200",
    });
    return await act(broker.actor(name, { proof }));
  };
  return { lines, call };
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** CLF, as `$context.requestTime` is written: `24/Nov/2026:10:00:00 +0000`. */
function logTime(instant: string): string {
  const [year = "", month = "", day = ""] = instant.slice(0, 10).split("-");
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${instant.slice(11, 19)} +0000`;
}

const ASK = "POST /v1/requests";
const DECIDE = "POST /v1/requests/{id}/decision";

async function aDenial(broker: Broker, { call }: ReturnType<typeof gateway>) {
  const ask = { cluster: "prod", access: null, durationSeconds: 600, principalArn: null };
  const asked = await call("alice", ASK, {}, (actor) =>
    createRequest(broker.front, actor, { ...ask, ...WANTED }, undefined),
  );
  broker.clock.advance(120);
  await call("bob", DECIDE, { id: asked.id }, (actor) =>
    decideRequest(broker.front, actor, asked.id, { verdict: "deny", digest: asked.digest }),
  );
  return asked;
}

const WANTED = {
  access: {
    policy: "AmazonEKSEditPolicy",
    scope: { type: "namespace", namespaces: ["payments-api"] },
  },
  reason: "INC-4711 stuck rollout",
  startsAt: null,
  rule: null,
} as const;

/** Asked, approved, used, given back, and proven to be gone. */
async function aGrant(broker: Broker, { call }: ReturnType<typeof gateway>) {
  const ask = { cluster: "prod", durationSeconds: 3_600, principalArn: null, ...WANTED };
  broker.clock.advance(60);
  const asked = await call("alice", ASK, {}, (actor) =>
    createRequest(broker.front, actor, ask, undefined),
  );
  broker.clock.advance(120);
  await call("bob", DECIDE, { id: asked.id }, (actor) =>
    decideRequest(broker.front, actor, asked.id, { verdict: "approve", digest: asked.digest }),
  );
  await broker.converge();
  broker.clock.advance(300);
  await call("alice", "POST /v1/requests/{id}/return", { id: asked.id }, (actor) =>
    endGrant(broker.front, actor, asked.id, "return"),
  );
  await broker.converge();
  await broker.settle(120);
  return await broker.reload(asked);
}

/** Bob reads, and somebody opens a window in Slack: calls that leave no record. */
export const READ_ID = "gw-read=";
export const SLACK_IDS = ["gw-slack-1=", "gw-slack-2="] as const;
const HARMLESS = [
  {
    ...{ requestId: READ_ID, time: logTime(`${DAY}T10:50:00.000Z`), status: "200" },
    userArn: "arn:aws:sts::111122223333:assumed-role/bob/bob",
    ...{ path: "/v1/requests", route: "GET /v1/requests" },
  },
  ...SLACK_IDS.map((requestId) => ({
    ...{ requestId, time: logTime(`${DAY}T10:50:00.000Z`), status: "200" },
    ...{ userArn: "-", path: "/slack/interactions", route: "POST /slack/interactions" },
  })),
];

/** Mallory's change of alice's entry, as CloudTrail has it. */
const theirChange = (eventID: string, eventTime: string) =>
  recordWith({
    userIdentity: { ...identity(MALLORY, "mallory") },
    ...{ eventID, requestID: `of-${eventID}`, eventTime: `${eventTime.slice(0, 19)}Z` },
  });

/** Two changes by others: the auditor looked at the first. */
async function twoFindings(
  broker: Broker,
  { call }: ReturnType<typeof gateway>,
  deliver: (record: object) => Promise<unknown>,
) {
  for (const eventId of ["change-1", "change-2"]) {
    broker.clock.advance(60);
    await deliver(theirChange(eventId, broker.clock.now()));
  }
  const ports: ApiPorts = {
    ...broker.front,
    evidence: broker.evidence,
    cursorKeys: memoryCursorKeys(new Map()),
    notices: memoryNoticeStore(broker.tables),
    standing: memoryStandingStore(),
  };
  const [first] = await broker.evidence.findingsIn(FINDINGS);
  const findingId = first && "findingId" in first.details ? first.details.findingId : undefined;
  if (findingId === undefined) return;
  broker.clock.advance(60);
  await call("dave", "POST /v1/findings/{findingId}/acknowledgement", { findingId }, (actor) =>
    acknowledgeFinding(ports, actor, findingId, "CHG-12 planned work"),
  );
}

/** Bob lets carol approve for him, and alice is suspended for a while. @returns the delegation's id */
async function aDelegationAndStops(broker: Broker, { call }: ReturnType<typeof gateway>) {
  broker.clock.advance(10);
  const ask = { to: "carol", from: null, until: plusSeconds(broker.clock.now(), 86_400) };
  const { id } = await call("bob", "POST /v1/delegations", {}, (actor) =>
    delegate(broker.front, actor, ask, undefined),
  );
  for (const [admin, type, method] of [
    ["carol", "suspend", "POST"],
    ["dave", "lift", "DELETE"],
  ] as const) {
    broker.clock.advance(10);
    await call(admin, `${method} /v1/people/{name}/suspend`, { name: "alice" }, (actor) =>
      changeStops(broker.front, actor, type, "alice", "INC-4711 her laptop is lost"),
    );
  }
  return id;
}

/** Until nothing may still be on its way that would explain an event. */
const SETTLE_SECONDS = 660;

export async function recordedDay({
  meddle,
  takes = () => true,
  looksUp,
}: Meddling = {}): Promise<RecordedDay> {
  const broker = correlateBroker({ policy: policyWithAuditor() });
  const trail: object[] = [];
  let findings = 0;
  const deliver = async (record: object) => {
    trail.push(record);
    if (!takes(record)) return;
    broker.clock.advance(1);
    // An item that correlate cannot read fails its run, which alarms as a finding does.
    const { outcome } = await broker.deliver(record).catch(() => ({ outcome: "finding" }));
    if (outcome === "finding") findings += 1;
  };
  const api = gateway(broker);
  api.lines.push(...HARMLESS);
  const denied = await aDenial(broker, api);
  const grant = await aGrant(broker, api);
  const calls = await broker.evidence.callsFor(grant.id);
  const more = (await meddle?.(broker, grant)) ?? [];
  broker.clock.advance(SETTLE_SECONDS);
  for (const call of calls) await deliver(recordOf(call as RecordedCall));
  for (const record of more) await deliver(record);
  await twoFindings(broker, api, deliver);
  const delegation = await aDelegationAndStops(broker, api);
  const startedAt = broker.clock.now();
  const readings = await keptReadings([
    { startedAt, roles: STANDING_ROLES },
    { startedAt: plusSeconds(startedAt, 300), roles: STANDING_ROLES },
    // Its list stays in the store, for whoever puts a reading with it.
    { startedAt: plusSeconds(startedAt, 600), roles: STANDING_ROLES.slice(1) },
  ]);
  const [first, second, other] = readings.records;
  if (!first || !second || !other) throw new Error("There are three readings.");
  if (looksUp) findings += await lookedUp(broker);
  return {
    records: [
      ...(await recordsOf(broker, [denied, grant])),
      ...(await stepsBeside(broker, delegation)),
      ...[first, second],
    ],
    standing: readings.standing,
    ...{ trail, access: api.lines, denied: denied.id, grant: grant.id, findings },
    ...{ entries: foundIn(first), otherReading: detailsOf(other) },
  };
}

const detailsOf = ({ record }: ArchivedRecord): ReadingDetails =>
  (record as unknown as ReadingRecord).details;

async function stepsBeside({ front }: Broker, delegation: string) {
  const delegations = await front.delegations.records(delegation);
  const stops = await front.stops.since(0);
  return [
    ...delegations.map((record) => ({ chain: `DELEG#${delegation}`, record })),
    ...stops.map((record) => ({ chain: "STOP#ALL", record })),
  ];
}

/** A reading's part of EKS's answers: the hash of the list, and the cluster. */
export const foundIn = (one: ArchivedRecord): string =>
  JSON.stringify([detailsOf(one).content, sorted(detailsOf(one).cluster)]);

const sorted = (members: object | null | undefined) => Object.entries(members ?? {}).toSorted();

/** @returns how many calls CloudTrail does not show after a day */
async function lookedUp(broker: Broker): Promise<number> {
  broker.clock.advance(90_000);
  return (await broker.lookUp()).missing;
}

async function recordsOf(broker: Broker, requests: readonly AccessRequest[]) {
  const records: ArchivedRecord[] = [];
  for (const request of requests)
    for (const record of await broker.history(request))
      records.push({ chain: `AUDIT#${request.id}`, record });
  const page = await broker.evidence.recordsBetween(`${DAY}T00`, "2100", { limit: 1_000 });
  return [...records, ...page.items];
}

/** A day that nobody forged. */
export const DAY_AS_IT_WAS = await recordedDay();
