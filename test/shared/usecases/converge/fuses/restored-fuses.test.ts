/** Fuses that a restored ledger takes for armed, although a later run deleted them. */
import { expect, it } from "vitest";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { tablesAsOf } from "../../../../../lab/fakes/restored-tables.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

it("What stays lent has its fuse also where the ledger is of before that moved for another grant", async () => {
  const broker = memoryBroker();
  const first = await broker.activeGrant();
  const then = tablesAsOf(broker);
  broker.clock.advance(60);
  await broker.activeGrant({ access: edit("payments-web"), durationSeconds: 7_200 });
  broker.clock.advance(60);
  then.ledgers();
  for (let passed = 0; passed < 1_500; passed += 60) {
    broker.clock.advance(60);
    await broker.converge();
  }
  expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  expect(await broker.states(first)).toEqual(["active"]);
  expect(broker.fuses()).toEqual({ [EDIT]: plusSeconds(first.expiresAt ?? "", 300) });
});
