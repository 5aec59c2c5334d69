/** A change of others on the entry of a live grant whose own record others forged: it stands on the request all the same. */
import { expect, it } from "vitest";
import { ACCOUNT, ALICE, BOB, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { VIEW } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";

/** The findings about a live grant, on whose entry an intruder adds something once its record was forged. */
async function findingsWith(forged: (grant: AccessRequest) => AccessRequest | undefined) {
  const broker = correlateBroker();
  const grant = await broker.activeGrant();
  broker.clock.advance(120);
  const addition = recordOf({
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
  const record = forged(grant);
  if (record) broker.tables.requests.set(grant.id, record);
  else broker.tables.requests.delete(grant.id);
  broker.clock.advance(1_200);
  await broker.deliver(addition);
  return await broker.evidence.findingsAbout(grant.id, []);
}

it.each([
  ["approval", { approvedAt: null }],
  ["end", { endedAt: T0 }],
  ["principal", { principalArn: BOB }],
])(
  "The finding is about the request, although its %s was forged in the record",
  async (_, forged) => {
    expect(await findingsWith((grant) => ({ ...grant, ...forged }))).toHaveLength(1);
  },
);

it("So is it where others took the record away", async () => {
  expect(await findingsWith(() => undefined)).toHaveLength(1);
});
