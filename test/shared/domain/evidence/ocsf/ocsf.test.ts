import { describe, expect, it } from "vitest";
import { ocsfMapper } from "../../../../../shared/domain/evidence/ocsf/ocsf.ts";
import type { OcsfEvent } from "../../../../../shared/domain/evidence/ocsf/ocsf-parts.ts";
import {
  type AuditEvent,
  EVENT_TYPES,
  type EventType,
} from "../../../../../shared/domain/requests/audit-event.ts";
import { asked, idOf } from "../../../../cli/sample-requests.ts";
import { checkOcsf } from "./check-ocsf.ts";

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
      for (const each of all) checkOcsf(each);
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
    if (only) checkOcsf(only);
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      type_uid: 300_401,
      comment: "INC-4711 stuck rollout",
      actor: { user: { name: "alice", type_id: 1 } },
      entity: {
        uid: idOf(1),
        type: "Access Request",
        type_id: 99,
        data: { durationSeconds: 3_600 },
      },
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

  it("A machine is a service account, as who acts and as who has access", () => {
    const mapper = ocsfMapper();
    const asks = asked({ machine: true }).event;
    expect(mapper.map(asks)[0]).toMatchObject({ actor: { user: { name: "alice", type_id: 4 } } });
    expect(mapper.map(event("approve", { actor: "bob" }))[0]).toMatchObject({
      actor: { user: { name: "bob", type_id: 1 } },
    });
    const [given] = mapper.map(event("activate", { seq: 3 }));
    if (given) checkOcsf(given);
    expect(given).toMatchObject({
      user: { name: "alice", type_id: 4 },
      actor: { user: { name: "timelatch", type_id: 3 } },
    });
    expect(mapper.map(event("return", { actor: "alice", seq: 4 }))[0]).toMatchObject({
      actor: { user: { type_id: 4 } },
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
