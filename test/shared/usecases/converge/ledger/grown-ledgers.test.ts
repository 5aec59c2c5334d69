/** However much is lent on one entry, its ledger can be saved, and each end removes what was lent. */
import { describe, expect, it } from "vitest";
import { EDIT, type MemoryBroker, VIEW } from "../../../../../lab/fakes/memory-broker.ts";
import { longEdit, longView, sharedEntryBroker } from "../../../../../lab/fakes/shared-entry.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { BrokerError } from "../../../../../shared/domain/values/errors.ts";

/** Three people ask for all the grants that each may have, of half an hour and of two hours. */
async function lendAll(broker: MemoryBroker) {
  const grants: AccessRequest[] = [];
  const refused: unknown[] = [];
  for (const by of ["dora", "erin", "finn"]) {
    for (let at = 0; at < 18; at += 1) {
      const access = at % 2 === 0 ? longEdit(`${by}-${at}`) : longView(`${by}-${at}`);
      const durationSeconds = at < 2 ? 1_800 : 7_200;
      try {
        grants.push(await broker.grant({ access, durationSeconds }, by));
      } catch (error) {
        refused.push(error);
      }
    }
    for (let runs = 0; runs < 2; runs += 1) await broker.converge();
  }
  return { grants, refused };
}

describe("A ledger of everything that people may ask for on one entry", () => {
  it("Two grants of two policies that end together lose their access, whatever else is lent", async () => {
    const broker = sharedEntryBroker();
    const { grants, refused } = await lendAll(broker);
    const short = grants.filter(({ durationSeconds }) => durationSeconds === 1_800);
    broker.clock.set(short[0]?.revokeAt ?? "");
    await broker.converge();
    for (const target of [EDIT, VIEW])
      expect(broker.namespaces(target).filter((name) => /-[01]-\d+-x/.test(name))).toEqual([]);
    expect(refused.every((error) => error instanceof BrokerError)).toBe(true);
  });

  it("A person who is refused for what others have lent is refused in words of their own", async () => {
    const { refused } = await lendAll(sharedEntryBroker());
    expect(refused.length).toBeGreaterThan(0);
    for (const error of refused) expect(error).toMatchObject({ code: "too-much-on-one-entry" });
  });
});
