/** Converge judges a rule's hours by its own policy and stored instants, never by its clock. */
import { describe, expect, it } from "vitest";
import { forge } from "../../../../../lab/fakes/broker-sights.ts";
import { policyWith } from "../../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import type { Hours } from "../../../../../shared/domain/policy/hours.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const OFFICE: Hours = {
  days: ["mon", "tue", "wed", "thu", "fri"],
  from: "08:00",
  to: "18:00",
  timezone: "Europe/Berlin",
};
const at = (time: string, date = "2026-11-24") => `${date}T${time}.000Z`;
/** The last second of the hours, and the first after them. */
const LAST = at("16:59:59");
const OVER = at("17:00:00");

/** A grant whose access would have started then; converge looks some seconds later. */
async function approvedAt(instant: string, laterSeconds = 0) {
  const broker = memoryBroker({ policy: policyWith({ hours: OFFICE }) });
  broker.clock.set(instant);
  const grant = await broker.grant();
  broker.clock.advance(laterSeconds);
  return { broker, grant };
}

describe("The hours of a rule in converge", () => {
  // Clocks of ours differ by up to ten seconds, and a queue may be slow.
  it.each([-10, -5, 0, 5, 10, 600])(
    "A grant of the last second of the hours begins, wherever converge's clock is: %i s",
    async (seconds) => {
      const { broker, grant } = await approvedAt(LAST, seconds);
      await broker.converge();
      broker.clock.advance(30);
      await broker.converge();
      expect((await broker.reload(grant)).state).not.toBe("failed");
      expect(broker.operations()).not.toEqual([]);
    },
  );

  it("Access that others take away after the hours is restored", async () => {
    const { broker, grant } = await approvedAt(LAST);
    await broker.converge();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    const before = broker.operations().length;
    broker.othersDelete();
    await broker.settle();
    expect(broker.operations(before)).toContain("AssociateAccessPolicy");
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it.each([
    ["a request before the hours", { createdAt: at("03:00:00") }],
    ["a request on a Sunday", { createdAt: at("12:00:00", "2026-11-22") }],
    [
      "an approval after the hours",
      { approvedAt: OVER, expiresAt: at("17:59:00"), revokeAt: at("17:57:00") },
    ],
  ])("A record that is forged with %s gains nothing", async (_, change) => {
    const { broker, grant } = await approvedAt(LAST, 5);
    forge(broker, grant, change);
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "outside-hours" },
    });
  });

  it("A record that is forged back into the hours ends when a true one would have", async () => {
    const { broker, grant } = await approvedAt(LAST);
    // It claims a start at 17:59:59 in Berlin, and an end of four hours after now.
    const now = plusSeconds(LAST, 2 * 3_600);
    broker.clock.set(now);
    forge(broker, grant, {
      revokeAt: plusSeconds(now, 4 * 3_600 - 120),
      expiresAt: plusSeconds(now, 4 * 3_600),
    });
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect((await broker.reload(grant)).outcome?.code).toBe("wrong-deadline");
  });

  it("A policy that api does not have yet holds in converge", async () => {
    const broker = memoryBroker();
    broker.clock.set(at("20:00:00"));
    const grant = await broker.grant();
    const strict = { ...policyWith({ hours: OFFICE }), hash: grant.policyHash };
    Object.assign(broker.ports, { policy: strict });
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ outcome: { code: "outside-hours" } });
  });
});
