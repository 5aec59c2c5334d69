/** A grant as its events have it, whatever others added to them. */
import { describe, expect, it } from "vitest";
import {
  aFirstStep,
  anApproval,
  anOffer,
  aStep,
  BOB,
  STAGING,
} from "../../../../lab/fakes/builders.ts";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";
import {
  differingMembers,
  grantOnRecord,
} from "../../../../shared/domain/requests/grant-on-record.ts";
import { linked } from "../../../../shared/domain/values/hash-chain.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const asked = aFirstStep();
const { id } = asked.request;
const approved = anApproval(asked.request);
const active = aStep(approved.request, { type: "activate" });
const EVENTS = [asked, approved, active].map(({ event }) => event);

/** An event behind the last of these, which others made. */
const behind = (changes: object): AuditEvent => {
  const { hash, ...last } = active.event;
  return linked({ ...last, seq: 4, previousHash: hash, ...changes }) as AuditEvent;
};

describe("A grant on record", () => {
  it("It is as its record is, where nobody forged anything", () => {
    const grant = grantOnRecord(id, EVENTS);
    expect(grant).toMatchObject({ approvedAt: approved.event.at, endedAt: null });
    expect(grant && differingMembers(grant, active.request)).toEqual([]);
  });

  it("An approval for less, and the end, are in it", () => {
    const scope = { type: "namespace", namespaces: ["payments-api", "payments-web"] } as const;
    const more = aFirstStep({ access: { policy: "AmazonEKSEditPolicy", scope } });
    const offer = anOffer(more.request, { access: asked.request.access, durationSeconds: 60 });
    const ended = aStep(offer.request, { type: "refuse", at: plusSeconds(offer.event.at, 60) });
    const grant = grantOnRecord(
      id,
      [more, offer, ended].map(({ event }) => event),
    );
    expect(grant && differingMembers(grant, ended.request)).toEqual([]);
    expect(grant).toMatchObject({ access: asked.request.access, endedAt: ended.event.at });
  });

  it("What others forged in the record is named", () => {
    const grant = grantOnRecord(id, EVENTS);
    if (!grant) throw new Error("It is on record.");
    const forged = { ...active.request, cluster: STAGING, principalArn: BOB };
    expect(differingMembers(grant, forged)).toEqual(["cluster", "principalArn"]);
    expect(differingMembers(grant, undefined)).toContain("access");
  });

  it.each([
    ["of another request", behind({ requestId: "other", to: "ended" })],
    ["that is not the next", behind({ seq: 5, to: "ended" })],
    ["that does not follow", behind({ previousHash: "a".repeat(64), to: "ended" })],
    ["of another form", { ...behind({ to: "ended" }), details: null } as unknown as AuditEvent],
  ])("An event %s ends nothing", (_, event) => {
    expect(grantOnRecord(id, [...EVENTS, event])).toEqual(grantOnRecord(id, EVENTS));
  });

  it("No event after the approval changes the terms", () => {
    const less = { access: { groups: ["others"] }, durationSeconds: 1, insteadOf: {} };
    const event = behind({ type: "approve", to: "active", details: { less, digest: "x" } });
    expect(grantOnRecord(id, [...EVENTS, event])).toEqual(grantOnRecord(id, EVENTS));
  });

  it("There is none without the terms that were asked for", () => {
    expect(grantOnRecord(id, [])).toBeUndefined();
    expect(grantOnRecord("other", EVENTS)).toBeUndefined();
    expect(grantOnRecord(id, EVENTS.slice(1))).toBeUndefined();
  });
});
