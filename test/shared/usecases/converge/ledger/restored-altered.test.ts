/** A ledger that was restored to before a grant, whose record others forged as other access that the same call carried. */
import { expect, it } from "vitest";
import { forge, ns } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { tablesAsOf } from "../../../../../lab/fakes/restored-tables.ts";

const LONG = { durationSeconds: 7_200 } as const;

it.each([
  ["its owner's", { access: edit("base") }],
  ["another live grant's", { access: edit("payments-web") }],
  [
    "another live grant's, of one that seems not to have begun",
    { access: edit("payments-web"), state: "approved", effectiveAt: null },
  ],
] as const)("Access is no baseline where a record is forged as %s", async (_, change) => {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ns("base") });
  await broker.activeGrant({ access: edit("payments-web"), ...LONG });
  const older = tablesAsOf(broker).ledgers;
  const lent = await broker.activeGrant();
  older();
  forge(broker, lent, change);
  await broker.converge();
  await broker.settle(900);
  expect(broker.namespaces(EDIT)).not.toContain("payments-api");
});

it("Nor where a record of two namespaces is forged as one of them", async () => {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ns("base") });
  await broker.activeGrant({ access: edit("payments-web"), ...LONG });
  const older = tablesAsOf(broker).ledgers;
  const lent = await broker.activeGrant({ access: edit("payments-api", "payments-two") });
  older();
  forge(broker, lent, { access: edit("payments-api") });
  await broker.converge();
  await broker.settle(900);
  expect(broker.namespaces(EDIT)).toEqual(["base", "payments-web"]);
});
