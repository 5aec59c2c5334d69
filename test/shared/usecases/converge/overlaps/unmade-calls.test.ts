/** A run that was overtaken made none of the calls that it had announced, and knows so. */
import { describe, expect, it } from "vitest";
import { VISIBLE_SECONDS } from "../../../../../lab/fakes/broker-sights.ts";
import {
  EDIT,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { findingsIn } from "../../../../../shared/domain/requests/audit-event.ts";

/** Another run saves the ledger, and adds nothing. */
async function saveMeanwhile({ ledgers, binding }: MemoryBroker): Promise<void> {
  const stored = await ledgers.load(binding);
  if (stored) await ledgers.save(stored);
}

/**
 * Alice's entry was taken away and made again a moment ago, so that a presence does not count yet. Its owner then adds
 * what the next grant asks for.
 */
async function addedByOwner() {
  const broker = memoryBroker();
  const first = await broker.activeGrant({ access: view("payments-web"), durationSeconds: 7_200 });
  broker.clock.advance(VISIBLE_SECONDS + 5);
  broker.entries.edit(broker.addressOf(), () => undefined);
  await broker.converge();
  expect(broker.namespaces(VIEW)).toEqual(["payments-web"]);
  broker.clock.advance(5);
  broker.entries.edit(broker.addressOf(), (entry) => ({
    tags: entry?.tags ?? {},
    targets: { ...entry?.targets, [EDIT]: ["ns/payments-api"] },
  }));
  const grant = await broker.grant();
  return { broker, first, grant };
}

describe("A run that was overtaken after it announced its calls", () => {
  it("A run does not take access of others for that of a call that it never made", async () => {
    const { broker, first, grant } = await addedByOwner();
    broker.before("ledgers.save", () => saveMeanwhile(broker), isBegun);
    await broker.converge();
    expect(broker.logs.map(({ message }) => message)).toContain("another run saved first");
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.states(first, grant)).toEqual(["active", "active"]);
    for (const each of [first, grant])
      expect((await broker.history(each)).flatMap(findingsIn)).not.toContainEqual(
        expect.objectContaining({ code: "ledger-behind" }),
      );
  });
});

/** Whether a save records that the second grant has begun. */
const isBegun = ([ledger]: readonly unknown[]) =>
  Object.keys((ledger as { readonly begun: object }).begun).length === 2;
