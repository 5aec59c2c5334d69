/** Suspensions where somebody decides for somebody else. */
import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import { changeStops } from "../../../../shared/usecases/stops/change-stops.ts";

function world() {
  const policy = policyDelegating();
  const { dora } = withAdmins().people;
  const people = { ...policy.people, ...(dora ? { dora } : {}) };
  const broker = memoryBroker({ policy: { ...policy, people } });
  return {
    broker,
    suspend: (person: string) =>
      // With two admins nobody could lift it, so it is asked for by name.
      changeStops(
        broker.front,
        broker.actor("carol"),
        "suspend",
        person,
        "her laptop is gone",
        true,
      ),
  };
}

describe("While a delegator is suspended", () => {
  it("Nobody decides for them, and who may in their own name does", async () => {
    const { broker, suspend } = world();
    await broker.delegate("bob", "erin");
    const asked = await broker.ask();
    await suspend("bob");
    await expect(broker.approve(asked, "erin")).rejects.toMatchObject({
      code: "delegator-suspended",
      facts: { person: "bob", liftedBy: ["dora"], mayLift: false },
    });
    expect(await broker.approve(asked, "bella")).toMatchObject({ state: "approved" });
  });

  it("An approval for them does not count for a grant that has not begun", async () => {
    const { broker, suspend } = world();
    await broker.delegate("bob", "erin");
    const grant = await broker.approve(await broker.ask(), "erin");
    await suspend("bob");
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ outcome: { code: "not-approved" } });
  });

  it("They delegate to nobody else", async () => {
    const { broker, suspend } = world();
    await suspend("bob");
    await expect(broker.delegate("bob", "frank")).rejects.toMatchObject({ code: "suspended" });
  });
});

describe("The end of a delegation", () => {
  it("A suspended admin ends no delegation of others", async () => {
    const { broker, suspend } = world();
    const made = await broker.delegate("bob", "erin");
    await suspend("dora");
    await expect(broker.endDelegation(made, "dora")).rejects.toMatchObject({ code: "suspended" });
    expect(await broker.endDelegation(made, "bob")).toMatchObject({ id: made.id });
  });

  it.each(["bob", "erin"])(
    "A suspended person still ends a delegation that they have a part in: %s",
    async (name) => {
      const { broker, suspend } = world();
      const made = await broker.delegate("bob", "erin");
      await suspend(name);
      expect(await broker.endDelegation(made, name)).toMatchObject({ ended: { person: name } });
    },
  );
});
