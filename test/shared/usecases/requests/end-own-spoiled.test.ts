/** Ends of all grants of a person, where others forged in the records what extends what. */
import { expect, it } from "vitest";
import { EDIT, edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { endsOf } from "../../../../shared/domain/requests/chain-ends.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { endOwn } from "../../../../shared/usecases/requests/end-own.ts";

it("All grants are returned, also where two claim to extend the same one", async () => {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ["ns/own"] });
  const first = await broker.activeGrant();
  const others = [];
  for (const namespace of ["payments-web", "payments-db"]) {
    broker.clock.advance(1);
    others.push(await broker.activeGrant({ access: edit(namespace) }));
  }
  const { requests } = broker.tables;
  for (const each of others)
    requests.set(each.id, { ...each, extends: first.id, until: each.expiresAt ?? "" });
  const { refused, isCut } = await endOwn(broker.front, broker.actor("alice"));
  expect({ refused, isCut }).toEqual({ refused: [], isCut: false });
  await broker.converge();
  expect(broker.namespaces(EDIT)).toEqual(["own"]);
});

it("An approved grant is cancelled, also where it claims to extend what is returned", async () => {
  const broker = memoryBroker();
  const first = await broker.activeGrant();
  const startsAt = plusSeconds(broker.clock.now(), 3_600);
  const later = await broker.grant({ access: edit("payments-web"), startsAt });
  broker.tables.requests.set(later.id, { ...later, extends: first.id, until: "" });
  await endOwn(broker.front, broker.actor("alice"));
  expect((await broker.reload(later)).state).not.toBe("approved");
});

it("A plan of ends has one for each grant that no other one extends", () => {
  const at = "2026-11-24T10:00:00.000Z";
  const one = (id: string, before?: string) => ({
    ...{ id, state: "active" as const, createdAt: at },
    ...(before === undefined ? {} : { extends: before }),
  });
  const plan = endsOf([one("a"), one("b", "a"), one("c", "a")] as const, true);
  expect(plan.map(({ request }) => request.id)).toEqual(["b", "c"]);
});
