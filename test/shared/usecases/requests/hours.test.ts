/** The hours of a rule at the request and at its approval. */
import { describe, expect, it } from "vitest";
import { policyWith } from "../../../../lab/fakes/builders.ts";
import { edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { Hours } from "../../../../shared/domain/policy/hours.ts";
import type { Rule } from "../../../../shared/domain/policy/policy.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import { previewRequest } from "../../../../shared/usecases/requests/preview-request.ts";

/** Berlin is an hour ahead of UTC in November; the 24th is a Tuesday. */
const OFFICE: Hours = {
  days: ["mon", "tue", "wed", "thu", "fri"],
  from: "08:00",
  to: "18:00",
  timezone: "Europe/Berlin",
};
const at = (time: string, date = "2026-11-24") => `${date}T${time}.000Z`;

/** A broker whose rules have hours, and whose clock shows that instant. */
function brokerAt(now: string, over: Partial<Rule> = {}) {
  const broker = memoryBroker({ policy: policyWith({ hours: OFFICE, ...over }) });
  broker.clock.set(now);
  return broker;
}

describe("A request under a rule with hours", () => {
  it.each(["07:00:00", "12:00:00", "16:59:59"])("A request at %s UTC is taken", async (time) => {
    expect(await brokerAt(at(time)).ask()).toMatchObject({ state: "pending" });
  });

  it.each(["06:59:59", "17:00:00", "23:00:00"])(
    "A request at %s UTC is refused by the code of hours, and nothing is stored",
    async (time) => {
      const broker = brokerAt(at(time));
      await expect(broker.ask({ rule: "payments-edit" })).rejects.toMatchObject({
        code: "policy-denied",
        facts: { refusals: [{ rule: "payments-edit", objections: [{ code: "outside-hours" }] }] },
      });
      expect(broker.tables.requests.size).toBe(0);
    },
  );

  it("A refusal says which hours there are, what is outside of them, and when they begin next", async () => {
    await expect(brokerAt(at("17:00:02", "2026-11-27")).ask()).rejects.toThrow(
      "payments-edit lends mon–fri 08:00–18:00 Europe/Berlin, and this was asked for on fri 2026-11-27 18:00 Europe/Berlin. It opens next on mon 2026-11-30 08:00 Europe/Berlin.",
    );
  });

  it("A start outside the hours is refused, though it is asked for within them", async () => {
    const broker = brokerAt(at("12:00:00"));
    await expect(broker.ask({ startsAt: at("18:00:00") })).rejects.toThrow(
      "and this would start on tue 2026-11-24 19:00 Europe/Berlin.",
    );
    expect(await broker.ask({ startsAt: at("07:00:00", "2026-11-25") })).toMatchObject({
      state: "pending",
    });
  });

  it("A start within the hours does not help a request outside of them", async () => {
    const broker = brokerAt(at("20:00:00"));
    await expect(broker.ask({ startsAt: at("07:00:00", "2026-11-25") })).rejects.toMatchObject({
      code: "policy-denied",
    });
  });

  it("Access that starts within the hours may end outside of them", async () => {
    const broker = brokerAt(at("16:30:00"));
    const { expiresAt } = await broker.approve(await broker.ask());
    expect(expiresAt).toBe(at("17:30:00"));
  });

  it("A preview has the answer of the request", async () => {
    const broker = brokerAt(at("17:00:00"));
    const ask = {
      cluster: "prod",
      access: edit("payments-api"),
      durationSeconds: 3_600,
      reason: "INC-4711 stuck rollout",
      principalArn: null,
      startsAt: null,
      rule: "payments-edit",
    };
    expect(await previewRequest(broker.front, broker.actor("alice"), ask)).toMatchObject({
      allowed: false,
      facts: { refusals: [{ objections: [{ code: "outside-hours" }] }] },
    });
  });
});

describe("An approval under a rule with hours", () => {
  it("An approval that would start access outside the hours is refused, and the request stays", async () => {
    const broker = brokerAt(at("16:50:00"));
    const asked = await broker.ask();
    broker.clock.set(at("17:00:00"));
    await expect(broker.approve(asked)).rejects.toMatchObject({
      code: "outside-hours",
      message: expect.stringContaining("Nothing was changed; approve it within the hours"),
    });
    expect(await broker.front.requests.load(asked.id)).toMatchObject({
      state: "pending",
      version: 1,
    });
    broker.clock.set(at("07:00:00", "2026-11-25"));
    expect(await broker.approve(asked)).toMatchObject({ state: "approved" });
  });

  it("An approval at night of a start within the hours is taken", async () => {
    const broker = brokerAt(at("16:50:00"));
    const asked = await broker.ask({ startsAt: at("09:00:00", "2026-11-25") });
    broker.clock.set(at("23:00:00"));
    expect(await broker.approve(asked)).toMatchObject({ state: "approved" });
  });

  it("An approval after the hours of a start that has passed is refused", async () => {
    const broker = brokerAt(at("12:00:00"));
    const asked = await broker.ask({ startsAt: at("16:55:00"), durationSeconds: 4 * 3_600 });
    broker.clock.set(at("17:10:00"));
    await expect(broker.approve(asked)).rejects.toMatchObject({ code: "outside-hours" });
  });

  it("An approval that is not the last one may come at any hour", async () => {
    const approval = [
      { groups: ["payments-leads"], count: 1 },
      { groups: ["sre"], count: 1 },
    ];
    const broker = brokerAt(at("16:50:00"), { approval });
    const asked = await broker.ask();
    broker.clock.set(at("19:00:00"));
    expect(await broker.approve(asked, "bob")).toMatchObject({ state: "pending" });
    await expect(broker.approve(asked, "carol")).rejects.toMatchObject({ code: "outside-hours" });
    broker.clock.set(at("08:00:00", "2026-11-25"));
    expect(await broker.approve(asked, "carol")).toMatchObject({ state: "approved" });
  });

  it("An approval that comes after the decision is answered so, at any hour", async () => {
    const approval = [{ groups: ["payments-leads", "sre"], count: 1 }];
    const broker = brokerAt(at("16:50:00"), { approval });
    const asked = await broker.ask();
    await broker.approve(asked, "bob");
    broker.clock.set(at("17:10:00"));
    await expect(broker.approve(asked, "carol")).rejects.toMatchObject({
      code: "illegal-transition",
    });
  });

  it("A denial may come at any hour", async () => {
    const broker = brokerAt(at("16:50:00"));
    const { id, digest } = await broker.ask();
    broker.clock.set(at("23:00:00"));
    const bob = broker.actor("bob");
    expect(await decideRequest(broker.front, bob, id, { verdict: "deny", digest })).toMatchObject({
      state: "denied",
    });
  });

  it("Another objection besides the hours is a change of the policy", async () => {
    const broker = brokerAt(at("16:50:00"));
    const asked = await broker.ask();
    broker.clock.set(at("17:10:00"));
    const stricter = policyWith({
      hours: OFFICE,
      duration: { maxSeconds: 60, defaultSeconds: null },
    });
    const front = { ...broker.front, policy: stricter };
    await expect(
      decideRequest(front, broker.actor("bob"), asked.id, {
        verdict: "approve",
        digest: asked.digest,
      }),
    ).rejects.toMatchObject({ code: "policy-denied" });
  });
});
