import { describe, expect, it } from "vitest";
import { chained, verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";
import { CHAIN_START } from "../../../../shared/domain/values/hash-chain.ts";

function chainOf(requestId: string, length: number): AuditEvent[] {
  const events: AuditEvent[] = [];
  for (let seq = 1; seq <= length; seq += 1)
    events.push(
      chained({
        schema: 1,
        requestId,
        seq,
        type: "revoke",
        from: "active",
        to: "ending",
        actor: "timelatch",
        at: `2026-11-24T10:00:0${seq}.000Z`,
        policyHash: "p",
        details: { note: `ünï ${seq}`, proof: {} },
        previousHash: events.at(-1)?.hash ?? CHAIN_START,
      }),
    );
  return events;
}
const [one, two, three, four] = chainOf("r1", 4) as [
  AuditEvent,
  AuditEvent,
  AuditEvent,
  AuditEvent,
];

describe("Hashes", () => {
  it("The hashes of stored events never change", () => {
    expect([one.hash, four.hash]).toEqual([
      "6584bdec44d8da25e8c0dcdf6892e1c91f72ccd12bd1c5c278b37b614dc06f2a",
      "b4e9f6a3022d7f4674308fe1521375e34ad27abddd0209c54cec696bafab6f99",
    ]);
  });
});

describe("Verification", () => {
  it("Verification accepts complete chains of several requests in any order", () => {
    expect(verifyChains([...chainOf("r2", 3), four, two, one, three])).toEqual([]);
  });
  it("Verification finds an edited event", () => {
    expect(verifyChains([one, { ...two, actor: "mallory" }, three])).toMatchObject([
      { requestId: "r1", seq: 2, fault: "edited" },
    ]);
  });
  it("Verification finds an edited event with a recomputed hash", () => {
    const { hash: _, ...body } = { ...two, actor: "mallory" };
    expect(verifyChains([one, chained(body), three])).toMatchObject([
      { seq: 3, fault: "unlinked" },
    ]);
  });
  it("Verification finds a missing event", () => {
    expect(verifyChains([one, three, four])).toMatchObject([{ seq: 2, fault: "gap" }]);
    expect(verifyChains([two, three])).toMatchObject([{ seq: 1, fault: "gap" }]);
  });
  it("Verification finds two swapped events", () => {
    const swapped = [one, { ...three, seq: 2 }, { ...two, seq: 3 }, four];
    expect(verifyChains(swapped)).toMatchObject([{ seq: 2, fault: "edited" }]);
  });
  it("Verification finds an event that appears twice", () => {
    expect(verifyChains([one, two, two, three])).toMatchObject([{ seq: 2, fault: "duplicate" }]);
  });
  it("Verification names only the requests with faults", () => {
    const faults = verifyChains([one, two, four, ...chainOf("r2", 2)]);
    expect(faults.map(({ requestId }) => requestId)).toEqual(["r1"]);
  });
});
