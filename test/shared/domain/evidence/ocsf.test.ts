import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { type OcsfEvent, ocsfMapper } from "../../../../shared/domain/evidence/ocsf.ts";
import {
  type AuditEvent,
  EVENT_TYPES,
  type EventType,
} from "../../../../shared/domain/requests/audit-event.ts";
import { asked, idOf } from "../../../cli/sample-requests.ts";

/** Of OCSF 1.8.0: the enumerations that the classes in use have, and what they require. */
const ACTIVITIES: Readonly<Record<number, readonly number[]>> = {
  3004: [0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 99],
  3005: [0, 1, 2, 99],
  6003: [0, 1, 2, 3, 4, 99],
};
const SEVERITIES = [0, 1, 2, 3, 4, 5, 6, 99];
const STATUSES = [0, 1, 2, 99];
const USER_TYPES = [0, 1, 2, 3, 4, 99];
const ACCOUNT_TYPES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 99];
const RESOURCE_ROLES = [0, 1, 2, 3, 4, 99];

const oneOf = (values: readonly number[]) =>
  z.number().check(z.refine((value) => values.includes(value)));
const text = z.string().check(z.minLength(1));
const user = z.strictObject({ name: text, uid: z.optional(text), type_id: oneOf(USER_TYPES) });
const resources = z.array(
  z.strictObject({
    uid: text,
    name: text,
    type: z.literal("AWS::EKS::Cluster"),
    region: text,
    role_id: oneOf(RESOURCE_ROLES),
  }),
);

const base = (category: number, classUid: number) => ({
  category_uid: z.literal(category),
  class_uid: z.literal(classUid),
  activity_id: oneOf(ACTIVITIES[classUid] ?? []),
  type_uid: z.number(),
  severity_id: oneOf(SEVERITIES),
  status_id: oneOf(STATUSES),
  status_code: z.optional(text),
  time: z.number().check(z.gt(1_700_000_000_000)),
  time_dt: z.iso.datetime(),
  metadata: z.strictObject({
    version: z.literal("1.8.0"),
    product: z.strictObject({ name: text, vendor_name: text }),
    profiles: z.tuple([z.literal("cloud"), z.literal("datetime")]),
    log_version: text,
    uid: text,
    correlation_uid: text,
    sequence: z.number(),
    original_event_uid: z.optional(text),
  }),
  cloud: z.strictObject({
    provider: z.literal("AWS"),
    region: text,
    account: z.strictObject({ uid: z.string().check(z.length(12)), type_id: oneOf(ACCOUNT_TYPES) }),
  }),
  resources,
});

const iam = (classUid: number) => ({
  ...base(3, classUid),
  message: text,
  status_detail: text,
  actor: z.strictObject({ user }),
  unmapped: z.strictObject({ hash: text, previous_hash: text, policy_hash: text }),
});

const entity = z.strictObject({
  type: text,
  uid: text,
  name: z.optional(text),
  version: z.optional(text),
  data: z.optional(z.looseObject({})),
});

const SCHEMAS = {
  3004: z.strictObject({
    ...iam(3004),
    entity,
    entity_result: entity,
    comment: z.optional(text),
  }),
  3005: z.strictObject({
    ...iam(3005),
    user,
    privileges: z.array(text).check(z.minLength(1)),
  }),
  6003: z.strictObject({
    ...base(6, 6003),
    actor: z.strictObject({ user, session: z.strictObject({ uid: text }) }),
    api: z.strictObject({
      operation: text,
      service: z.strictObject({ name: z.literal("eks.amazonaws.com") }),
      request: z.optional(z.strictObject({ uid: text })),
      response: z.optional(z.strictObject({ error: text })),
    }),
    src_endpoint: z.union([z.strictObject({ ip: text }), z.strictObject({ svc_name: text })]),
  }),
} as const;

function check(event: OcsfEvent): void {
  const schema = SCHEMAS[event.class_uid as keyof typeof SCHEMAS];
  expect(z.safeParse(schema, event).error?.issues ?? []).toEqual([]);
  expect(event.type_uid).toBe(event.class_uid * 100 + event.activity_id);
  expect(Math.floor(event.class_uid / 1000)).toBe(event.category_uid);
}

const first = asked().event;
const call = {
  operation: "AssociateAccessPolicy",
  requestId: "9f1c2d3e",
  sessionName: `timelatch-${idOf(1)}`,
  at: "2026-11-24T10:02:00.000Z",
  result: "ok",
};

const event = (type: EventType, changes: object = {}): AuditEvent =>
  ({
    ...first,
    type,
    seq: 2,
    actor: "timelatch",
    from: "active",
    to: "active",
    details: {},
    ...changes,
  }) as AuditEvent;

/** The OCSF form of an event that follows the first, and what other events are between. */
const mapped = (last: AuditEvent, ...between: readonly AuditEvent[]): readonly OcsfEvent[] => {
  const mapper = ocsfMapper((id) =>
    id === call.requestId ? { eventId: "trail-1", sourceIp: "203.0.113.10" } : undefined,
  );
  for (const each of [first, ...between]) mapper.map(each);
  return mapper.map(last);
};

describe("OCSF", () => {
  it.each(EVENT_TYPES.filter((type) => type !== "request"))(
    "The event %s and its calls are valid in OCSF 1.8.0",
    (type) => {
      const calls = [
        call,
        { ...call, requestId: null, result: "TimeoutError" },
        { ...call, operation: "DeleteAccessEntry", requestId: "other" },
      ];
      const details = { calls, note: "go ahead", code: "no-cluster", detail: "It is gone." };
      const all = mapped(event(type, { details }));
      expect(all.map(({ class_uid }) => class_uid).slice(1)).toEqual([6003, 6003, 6003]);
      for (const each of all) check(each);
    },
  );

  it.each<[EventType, number, number]>([
    ["approve", 300_403, 1],
    ["deny", 300_403, 2],
    ["cancel", 300_403, 1],
    ["lapse", 300_403, 1],
    ["return", 300_403, 1],
    ["revoke", 300_403, 1],
    ["expire", 300_403, 1],
    ["withdraw", 300_403, 1],
    ["evidence", 300_403, 1],
    ["attempt", 300_403, 2],
    ["activate", 300_501, 1],
    ["refuse", 300_501, 2],
    ["settle", 300_502, 1],
  ])("The event %s has the type %d and the status %d", (type, type_uid, status_id) => {
    expect(mapped(event(type))[0]).toMatchObject({ type_uid, status_id });
  });

  it("A request is the creation of an entity, with its terms and its reason", () => {
    const [only, ...more] = ocsfMapper().map(first);
    if (only) check(only);
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      type_uid: 300_401,
      comment: "INC-4711 stuck rollout",
      actor: { user: { name: "alice", type_id: 1 } },
      entity: { uid: idOf(1), data: { durationSeconds: 3_600 } },
      metadata: { correlation_uid: idOf(1), uid: `${idOf(1)}.1`, sequence: 1 },
      cloud: { region: "us-west-2", account: { uid: "111122223333" } },
      unmapped: { hash: first.hash },
      time: Date.parse(first.at),
    });
  });

  it("Access that was given says to whom, and each element that was lent", () => {
    expect(mapped(event("activate"))[0]).toMatchObject({
      user: { name: "alice", uid: "arn:aws:iam::111122223333:role/people/alice" },
      privileges: ["AmazonEKSEditPolicy ns/payments-api"],
      actor: { user: { name: "timelatch", type_id: 3 } },
    });
  });

  it("Groups that were lent are privileges by name", () => {
    const terms = { access: { groups: ["ops", "eks-admins"] } } as const;
    const mapper = ocsfMapper();
    mapper.map(asked(terms).event);
    expect(mapper.map(event("activate"))[0]).toMatchObject({
      privileges: ["group/eks-admins", "group/ops"],
    });
  });

  it("Access that was taken says how it came to an end", () => {
    const [settled] = mapped(event("settle", { to: "ended" }), event("revoke", { to: "ending" }));
    expect(settled).toMatchObject({ status_detail: "revoke" });
  });

  it("Access that could not be given says why", () => {
    const details = { calls: [], code: "cluster-gone", detail: "It is gone." };
    expect(mapped(event("refuse", { details }))[0]).toMatchObject({
      status_code: "cluster-gone",
      severity_id: 3,
    });
  });

  it("An attempt that was refused says why", () => {
    const details = { tried: "approve", why: "self-approval", surface: "api", proof: {} };
    expect(mapped(event("attempt", { details }))[0]).toMatchObject({
      status_code: "self-approval",
      status_id: 2,
    });
  });

  it("A call that CloudTrail confirms names the event and where it came from", () => {
    const [, confirmed] = mapped(event("evidence", { details: { calls: [call] } }));
    expect(confirmed).toMatchObject({
      type_uid: 600_301,
      metadata: { original_event_uid: "trail-1", uid: `${idOf(1)}.2.0` },
      src_endpoint: { ip: "203.0.113.10" },
      api: { request: { uid: "9f1c2d3e" } },
    });
  });

  it("A call without an answer has no request id, and its error as status", () => {
    const lost = { ...call, requestId: null, result: "TimeoutError" };
    const [, mappedCall] = mapped(event("evidence", { details: { calls: [lost] } }));
    expect(mappedCall).toMatchObject({ status_id: 2, status_code: "TimeoutError" });
    expect(mappedCall?.["api"]).not.toHaveProperty("request");
  });

  it("The terms of a request are dropped with its last event", () => {
    const mapper = ocsfMapper();
    mapper.map(first);
    mapper.map(event("settle", { to: "ended" }));
    expect(() => mapper.map(event("evidence"))).toThrow("The first event of");
  });
});
