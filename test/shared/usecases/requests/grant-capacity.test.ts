import { describe, expect, it } from "vitest";
import { PAYMENTS_GLASS, policyWithGlass } from "../../../../lab/fakes/glass-policy.ts";
import { edit, memoryBroker, view } from "../../../../lab/fakes/memory-broker.ts";

const limits = { openGrantsPerPerson: 3, reservedGrantsPerPerson: 1, endingGrantsPerPerson: 0 };
const full = { code: "too-many-grants" };

describe("The limit on a person's grants in one binding", () => {
  it("The limit of grants applies to an approval by a person, and the request stays pending", async () => {
    const broker = memoryBroker({ settings: limits });
    for (const n of [1, 2]) await broker.grant({ access: edit(`payments-${n}`) });
    const third = await broker.ask({ access: edit("payments-3") });
    await expect(broker.approve(third)).rejects.toMatchObject(full);
    expect(await broker.reload(third)).toEqual(third);
  });

  it("The limit of grants applies to an approval by the policy, and nothing is stored", async () => {
    const broker = memoryBroker({ settings: limits });
    const cluster = {
      cluster: "staging",
      access: { ...view(), scope: { type: "cluster" } },
    } as const;
    for (const reason of ["one of them", "two of them"]) await broker.ask({ ...cluster, reason });
    const third = broker.ask({ ...cluster, reason: "three of them" });
    await expect(third).rejects.toMatchObject(full);
    expect((await broker.front.requests.requestedBy("alice", { limit: 10 })).items).toHaveLength(2);
  });

  it("The limit of grants leaves the reserved places to break-glass", async () => {
    const few = { ...limits, openGrantsPerPerson: 2 };
    const broker = memoryBroker({ policy: policyWithGlass(), settings: few });
    await broker.grant({ access: edit("payments-1") });
    const second = await broker.ask({ access: edit("payments-2") });
    await expect(broker.approve(second)).rejects.toMatchObject(full);
    const glass = { access: edit("payments-2"), rule: PAYMENTS_GLASS, durationSeconds: 1_200 };
    expect(await broker.ask(glass)).toMatchObject({ state: "approved", breakGlass: true });
  });

  it("A grant that is ending counts separately, until it has ended", async () => {
    const broker = memoryBroker({ settings: limits });
    const first = await broker.grant({ access: edit("payments-1") });
    await broker.end(first, "cancel");
    const second = await broker.ask({ access: edit("payments-2") });
    await expect(broker.approve(second)).rejects.toMatchObject({
      ...full,
      facts: { open: 0, ending: 1 },
    });
  });

  it("The limit of grants never prevents anyone from ending a grant", async () => {
    const broker = memoryBroker({ settings: limits });
    const grants = [];
    for (const n of [1, 2]) grants.push(await broker.grant({ access: edit(`payments-${n}`) }));
    for (const grant of grants) expect((await broker.end(grant, "cancel")).state).toBe("ending");
  });
});
