/** Whether a request's events bear out what its record claims. */
import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";
import { onRecord } from "../../../../shared/domain/requests/on-record.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { linked } from "../../../../shared/domain/values/hash-chain.ts";

/** A grant as it is active, with its events. */
async function active() {
  const broker = memoryBroker();
  const grant = await broker.activeGrant();
  return { broker, grant, events: await broker.history(grant) };
}
/** The events from one on again, each linked to the one before, so that the chain holds. */
function relinked(events: readonly AuditEvent[]): readonly AuditEvent[] {
  const again: AuditEvent[] = [];
  for (const event of events) {
    const { hash: _, ...body } = event;
    const previousHash = again.at(-1)?.hash ?? event.previousHash;
    again.push(linked({ ...body, previousHash }) as AuditEvent);
  }
  return again;
}
/** The record and history with one event changed, where every hash fits. */
function forged(grant: AccessRequest, events: readonly AuditEvent[], seq: number, changes: object) {
  const changed = relinked(
    events.map((event) => (event.seq === seq ? ({ ...event, ...changes } as AuditEvent) : event)),
  );
  return onRecord({ ...grant, lastHash: changed.at(-1)?.hash ?? "" }, changed);
}

describe("A record and its history", () => {
  it("It is borne out as it was stored, in each state before its end", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    expect(onRecord(asked, await broker.history(asked))).toBe("false");
    const approved = await broker.approve(asked);
    expect(onRecord(approved, await broker.history(approved))).toBe("borne-out");
    await broker.converge();
    const grant = await broker.reload(approved);
    expect(onRecord(grant, await broker.history(grant))).toBe("borne-out");
  });

  it("It is false in another state than its last event shows", async () => {
    const { grant, events } = await active();
    expect(onRecord({ ...grant, state: "approved", effectiveAt: null }, events)).toBe("false");
  });

  it("An event that ended it makes any record of it an old one", async () => {
    const { broker, grant } = await active();
    await broker.end(grant, "return");
    const ended = await broker.history(grant);
    expect(onRecord(grant, ended)).toBe("over");
    expect(onRecord({ ...grant, version: 99 }, ended)).toBe("over");
    const now = await broker.reload(grant);
    expect(onRecord(now, ended)).toBe("over");
  });

  it("So does an event that only shows it as ending or over, since a forged record has no event of its end", async () => {
    const { grant, events } = await active();
    for (const [from, to] of [
      ["ending", "ending"],
      ["ending", "ended"],
      ["approved", "failed"],
    ] as const)
      expect(forged(grant, events, 3, { from, to })).toBe("over");
  });

  it("A later event means that the record was read before it, or put back", async () => {
    const { grant, events } = await active();
    expect(onRecord({ ...grant, version: events.length - 1 }, events)).toBe("later");
  });

  it("It is false with fewer events than its version, or with another hash", async () => {
    const { grant, events } = await active();
    expect(onRecord({ ...grant, version: events.length + 1 }, events)).toBe("false");
    expect(onRecord(grant, events.slice(0, -1))).toBe("false");
    expect(onRecord({ ...grant, lastHash: "a".repeat(64) }, events)).toBe("false");
    expect(onRecord(grant, [])).toBe("false");
    expect(onRecord(grant, [undefined, ...events.slice(1)] as never)).toBe("false");
  });

  it("It is false where an event is another request's, has another number, or does not fit its hash", async () => {
    const { grant, events } = await active();
    for (const { seq } of events) {
      expect(forged(grant, events, seq, { requestId: "another" })).toBe("false");
      expect(forged(grant, events, seq, { seq: seq + 10 })).toBe("false");
    }
    const [first, ...rest] = events;
    expect(onRecord(grant, [{ ...first, actor: "mallory" }, ...rest] as never)).toBe("false");
    expect(forged(grant, events, 1, {})).toBe("borne-out");
  });
});

describe("The terms of a record", () => {
  it("They are those that were asked for, at the time that the record says", async () => {
    const { grant, events } = await active();
    expect(onRecord({ ...grant, createdAt: "2026-11-24T09:59:59.999Z" }, events)).toBe("false");
    expect(onRecord({ ...grant, digest: "b".repeat(64) }, events)).toBe("false");
    const [first] = events;
    const details = (changes: object) => ({ details: { ...first?.details, ...changes } });
    expect(forged(grant, events, 1, details({ durationSeconds: 60 }))).toBe("false");
    expect(forged(grant, events, 1, details({ reason: "another" }))).toBe("false");
    expect(forged(grant, events, 1, { type: "review" })).toBe("false");
  });
});

describe("The approvals of a record", () => {
  it("Each is an event, with all that it says", async () => {
    const { grant, events } = await active();
    const [approval] = grant.approvals;
    if (!approval) throw new Error("Nobody approved.");
    const claimed = (approvals: readonly object[]) =>
      onRecord({ ...grant, approvals: approvals as AccessRequest["approvals"] }, events);
    expect(claimed([approval])).toBe("borne-out");
    expect(claimed([])).toBe("borne-out");
    for (const changes of [
      { person: "carol" },
      { at: grant.createdAt.replace("10:", "11:") },
      { surface: "slack" },
    ])
      expect(claimed([{ ...approval, ...changes }])).toBe("false");
    expect(claimed([approval, { ...approval, person: "carol" }])).toBe("false");
  });

  it("The one that approved it fixed its times", async () => {
    const { grant, events } = await active();
    for (const member of ["approvedAt", "revokeAt", "expiresAt"] as const)
      expect(onRecord({ ...grant, [member]: "2026-11-24T23:00:00.000Z" }, events)).toBe("false");
    const approve = events.find(({ type }) => type === "approve");
    if (!approve) throw new Error("Nobody approved.");
    expect(forged(grant, events, approve.seq, { to: "pending" })).toBe("false");
    expect(forged(grant, events, approve.seq, { at: "2026-11-24T10:00:01.000Z" })).toBe("false");
  });

  it("An earlier release stored the digest in the event, and not in the record", async () => {
    const { grant, events } = await active();
    const without = grant.approvals.map(({ digest: _, ...approval }) => approval);
    expect(onRecord({ ...grant, approvals: without }, events)).toBe("borne-out");
  });
});
