/** How far ahead a rule lends, and how long its requests wait: at the API, and again in converge. */
import { describe, expect, it } from "vitest";
import { forge } from "../../../../lab/fakes/broker-sights.ts";
import { policyWith, T0 } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";

const DAY = 86_400;
const brief = policyWith({ startLatestSeconds: DAY, lapseSeconds: 7_200 });
const briefBroker = () => memoryBroker({ policy: brief });

describe("How far ahead a start may lie", () => {
  it("A start at the limit of its rule is taken, and one a second later refused by its own code", async () => {
    const broker = briefBroker();
    await expect(
      broker.ask({ startsAt: plusSeconds(T0, DAY + 1), rule: "payments-edit" }),
    ).rejects.toMatchObject({
      code: "policy-denied",
      message: expect.stringContaining(
        "payments-edit lends with a start at most 1d after the request.",
      ),
      facts: { refusals: [{ objections: [{ code: "start-too-late" }] }] },
    });
    expect(broker.tables.requests.size).toBe(0);
    expect(await broker.ask({ startsAt: plusSeconds(T0, DAY) })).toMatchObject({
      state: "pending",
    });
  });

  it("A record whose request is forged to be earlier gains no start beyond the limit", async () => {
    const broker = briefBroker();
    const grant = await broker.grant({ startsAt: plusSeconds(T0, 3_600) });
    forge(broker, grant, { createdAt: plusSeconds(T0, -DAY) });
    broker.clock.advance(3_600);
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "start-too-late" },
    });
  });
});

describe("How long a request waits", () => {
  it.each([
    [7_199, "approved"],
    [7_200, "lapsed"],
  ] as const)("After %i of 7,200 seconds a request can become %s", async (seconds, state) => {
    const broker = briefBroker();
    const asked = await broker.ask();
    expect(asked.lapsesAt).toBe(plusSeconds(T0, 7_200));
    broker.clock.advance(seconds);
    await broker.approve(asked).catch(() => undefined);
    expect(await broker.reload(asked)).toMatchObject({ state });
  });

  it("A request with a start lapses once too little of its time is left, before its rule's time", async () => {
    const { lapsesAt } = await briefBroker().ask({
      startsAt: plusSeconds(T0, 600),
      durationSeconds: 1_800,
    });
    expect(lapsesAt < plusSeconds(T0, 7_200)).toBe(true);
  });

  it("A shorter time of a new policy holds at the approval of an earlier request", async () => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    broker.clock.advance(7_201);
    const front = { ...broker.front, policy: brief };
    await expect(
      decideRequest(front, broker.actor("bob"), id, { verdict: "approve", digest }),
    ).rejects.toMatchObject({
      code: "policy-denied",
      message: expect.stringContaining("Requests under payments-edit lapse after 2h"),
    });
  });

  // At the last instant that the API takes, converge says yes, whatever its clock shows.
  it.each([0, 600])("An approval in time starts access %i seconds later", async (later) => {
    const broker = briefBroker();
    const asked = await broker.ask();
    broker.clock.advance(7_199);
    const grant = await broker.approve(asked);
    broker.clock.advance(later);
    await broker.converge();
    expect((await broker.reload(grant)).state).toBe("active");
  });

  it("A record that is forged with an approval after that time gains nothing", async () => {
    const broker = briefBroker();
    const grant = await broker.grant();
    forge(broker, grant, { createdAt: plusSeconds(T0, -7_201) });
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "lapsed" },
    });
  });
});
