/** A request's history with an item that functions which face people put behind its last event. */
import { expect, it } from "vitest";
import { correlateBroker } from "../../../../lab/fakes/correlate-broker.ts";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";
import { readEvidence } from "../../../../shared/usecases/evidence/read-evidence.ts";
import { readHistory } from "../../../../shared/usecases/requests/read-requests.ts";

/** A live grant, and an item without details behind its history. Nobody may delete that. */
async function spoiled() {
  const broker = correlateBroker();
  const grant = await broker.activeGrant();
  const last = (await broker.ports.requests.history(grant.id)).at(-1) as AuditEvent;
  broker.tables.events.push({ ...last, seq: last.seq + 1, details: null } as never);
  return { broker, grant };
}

it("Its requester still reads its history", async () => {
  const { broker, grant } = await spoiled();
  const { items } = await readHistory(broker.front, broker.actor("alice"), grant.id, { limit: 50 });
  expect(items.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["request", "approve", "activate"]),
  );
});

it("An auditor still reads its evidence", async () => {
  const { broker, grant } = await spoiled();
  const { policy } = broker.front;
  const auditor = Object.entries(policy.people).find(([, { groups }]) =>
    groups.some((group) => policy.roles.auditors.includes(group)),
  )?.[0];
  const ports = { ...broker.front, evidence: broker.evidence };
  const { calls } = await readEvidence(ports as never, broker.actor(auditor ?? "dave"), grant.id);
  expect(calls.length).toBeGreaterThan(0);
});
