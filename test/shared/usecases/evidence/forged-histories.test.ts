/** Changes of others, on an entry whose grants' histories got events that others forged. */
import { expect, it } from "vitest";
import { ACCOUNT, ALICE, PROD } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { VIEW } from "../../../../lab/fakes/memory-broker.ts";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";

type Broker = ReturnType<typeof correlateBroker>;

/** CloudTrail's record of what an intruder adds to Alice's entry now. */
const anAddition = (broker: Broker): object =>
  recordOf({
    eksRequestId: "9f1c2d3e-0000-4000-8000-00000000000f",
    operation: "AssociateAccessPolicy",
    clusterArn: PROD.arn,
    principalArn: ALICE,
    target: VIEW,
    elements: ["ns/reports"],
    roleArn: `arn:aws:iam::${ACCOUNT}:role/people/mallory`,
    sessionName: "intruder",
    at: broker.clock.now(),
    result: "ok",
    requestIds: [],
  });

/** The event's outcome, where `api`, `slack` or `sweep` had put an event behind a live grant's history. */
async function outcomeWith(forged: (last: AuditEvent, at: string) => unknown) {
  const broker = correlateBroker();
  const grant = await broker.activeGrant();
  broker.clock.advance(120);
  const addition = anAddition(broker);
  const last = (await broker.ports.requests.history(grant.id)).at(-1) as AuditEvent;
  broker.tables.events.push(forged(last, broker.clock.now()) as AuditEvent);
  broker.clock.advance(1_200);
  return await broker.deliver(addition);
}

it("A deletion that only a history has did not take what an intruder added", async () => {
  const call = { operation: "DeleteAccessEntry", result: "ok", requestId: "x", sessionName: "x" };
  const outcome = await outcomeWith((last, at) => ({
    ...last,
    ...{ seq: last.seq + 1, type: "settle", at, details: { calls: [{ ...call, at }] } },
  }));
  expect(outcome).toMatchObject({ outcome: "finding", finding: { code: "outside-change" } });
});

it.each([
  [
    "an event without details",
    (last: AuditEvent) => ({ ...last, seq: last.seq + 1, details: null }),
  ],
  [
    "an event whose calls are no list",
    (last: AuditEvent) => ({ ...last, seq: last.seq + 1, details: { calls: 7 } }),
  ],
])("What an intruder added is a finding, where a history has %s", async (_, forged) => {
  expect(await outcomeWith(forged)).toMatchObject({ outcome: "finding" });
});
