/** People on call get in without an approver, and nobody else does. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { view } from "../../../../lab/fakes/memory-broker.ts";
import { onCallBroker, PRIMARY } from "../../../../lab/fakes/on-call-policy.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { previewRequest } from "../../../../shared/usecases/requests/preview-request.ts";

const HOUR = 3_600;
const SHORT = { durationSeconds: 1_800 };
const bindingOf = ({ cluster, principalArn }: AccessRequest) =>
  bindingKey(cluster.arn, principalArn);
const later = (seconds: number) => plusSeconds(T0, seconds);
const MORNING = later(8 * HOUR);

describe("A request under a rule for whoever is on call", () => {
  it("Carol is on call, so the policy approves, and both events say what it leaned on", async () => {
    const broker = onCallBroker();
    await broker.onCall({ carol: MORNING });
    const grant = await broker.askAsCarol();
    const fact = {
      onCall: "primary",
      schedule: PRIMARY,
      person: "PCAR01",
      readAt: T0,
      until: MORNING,
    };
    expect(grant).toMatchObject({ state: "approved", rule: "on-call-prod", onCall: fact });
    const events = await broker.history(grant);
    expect(events.map(({ type, details }) => [type, details])).toMatchObject([
      ["request", { onCall: fact }],
      ["approve", { onCall: fact }],
    ]);
  });

  it("Nobody looks at a schedule of a person whose rules ask for none", async () => {
    const broker = onCallBroker();
    const failing = { schedules: () => Promise.reject(new Error("No read was due.")) };
    Object.assign(broker.front, { facts: failing, outside: { look: failing.schedules } });
    const plain = { ...broker.front.policy, rules: broker.front.policy.rules.slice(-1) };
    Object.assign(broker.front, { policy: plain });
    expect(await broker.askAsCarol(SHORT)).toMatchObject({ rule: "break-glass" });
  });

  it("Somebody else is on call: the rule is as one of others, and the next is tried", async () => {
    const broker = onCallBroker();
    await broker.onCall({ alice: MORNING });
    expect(await broker.askAsCarol(SHORT)).toMatchObject({ rule: "break-glass" });
    await expect(broker.askAsCarol({ rule: "on-call-prod" })).rejects.toMatchObject({
      code: "policy-denied",
      message: expect.stringContaining("for whoever is on call in primary, and carol is not."),
      facts: { refusals: [{ objections: [{ code: "not-on-call" }] }] },
    });
  });

  it("It is unknown: nothing is lent, no glass breaks by itself, and the rule to name is named", async () => {
    const broker = onCallBroker();
    await broker.onCall({ carol: MORNING });
    broker.clock.advance(60);
    await broker.look({ unknown: "denied" });
    await expect(broker.askAsCarol(SHORT)).rejects.toMatchObject({
      code: "policy-denied",
      message: expect.stringMatching(
        /not known since 10:01 UTC: its service does not take our token\. .*name the rule break-glass\./,
      ),
      facts: {
        refusals: [
          { rule: "on-call-prod", objections: [{ code: "on-call-unknown" }] },
          { rule: "break-glass" },
          {},
        ],
      },
    });
    expect(broker.tables.requests.size).toBe(0);
    expect(await broker.askAsCarol({ ...SHORT, rule: "break-glass" })).toMatchObject({
      breakGlass: true,
    });
  });

  it.each([
    ["the answer is five minutes old", 300, MORNING],
    ["the shift ended a moment ago", 120, later(120)],
  ])("Nothing is lent once %s", async (_, seconds, until) => {
    const broker = onCallBroker();
    await broker.onCall({ carol: until });
    broker.clock.advance(seconds);
    await expect(broker.askAsCarol({ rule: "on-call-prod" })).rejects.toMatchObject({
      facts: { refusals: [{ objections: [{ code: "on-call-unknown" }] }] },
    });
  });

  it("A refusal for the fact alone has the schedule looked at; any other does not", async () => {
    const broker = onCallBroker();
    await broker.onCall({});
    await expect(broker.askAsCarol({ rule: "on-call-prod" })).rejects.toThrow();
    expect(broker.looked).toEqual([PRIMARY]);
    await expect(
      broker.askAsCarol({ rule: "on-call-prod", durationSeconds: 3 * HOUR }),
    ).rejects.toThrow();
    expect(broker.looked).toHaveLength(1);
  });

  it("A preview says the same, and has the schedule looked at before anybody asks", async () => {
    const broker = onCallBroker();
    const ask = {
      cluster: "prod",
      access: view("payments-api"),
      durationSeconds: null,
      reason: null,
      principalArn: null,
      startsAt: null,
      rule: null,
    };
    const preview = () => previewRequest(broker.front, broker.actor("carol"), ask);
    expect(await preview()).toMatchObject({ allowed: false, code: "policy-denied" });
    expect(broker.looked).toEqual([PRIMARY]);
    await broker.onCall({ carol: MORNING });
    expect(await preview()).toMatchObject({ allowed: true, onCall: { until: MORNING } });
  });
});

describe("An approval under a rule for whoever is on call", () => {
  const asked = async () => {
    const broker = onCallBroker();
    await broker.onCall({ carol: MORNING });
    const request = await broker.askAsCarol({ access: view("payments-api") });
    expect(request).toMatchObject({ state: "pending", rule: "on-call-approved" });
    broker.clock.advance(HOUR);
    return { broker, request };
  };

  it("It counts while they are, and says so", async () => {
    const { broker, request } = await asked();
    await broker.onCall({ carol: MORNING });
    const grant = await broker.approve(request);
    expect(grant).toMatchObject({
      state: "approved",
      approvals: [{ person: "bob", onCall: { readAt: later(HOUR), until: MORNING } }],
    });
    expect(broker.judge(grant)).toMatchObject({ admitted: false, code: "on-call-unknown" });
  });

  it.each([
    ["somebody else has taken over", "not-on-call", { dave: MORNING }],
    ["nobody knows", "on-call-unknown", undefined],
  ] as const)("It is refused once %s, and the request stays", async (_, code, shifts) => {
    const { broker, request } = await asked();
    if (shifts) await broker.onCall(shifts);
    await expect(broker.approve(request)).rejects.toMatchObject({ code });
    expect(await broker.reload(request)).toMatchObject({ state: "pending", version: 1 });
  });
});

describe("Access that ends with a shift", () => {
  it("It ends with the shift, and not later than was asked", async () => {
    const broker = onCallBroker();
    await broker.onCall({ carol: later(1_800) });
    expect(await broker.askAsCarol()).toMatchObject({
      durationSeconds: HOUR,
      expiresAt: later(1_800),
      revokeAt: later(1_680),
    });
    await broker.onCall({ carol: MORNING });
    const second = await broker.askAsCarol({ reason: "INC-4711 once more" });
    expect(second).toMatchObject({ expiresAt: later(HOUR) });
  });

  it("A shift that is about to end lends nothing", async () => {
    const broker = onCallBroker();
    await broker.onCall({ carol: later(299) });
    await expect(broker.askAsCarol()).rejects.toThrow("this one ends at 2026-11-24 10:04 UTC.");
  });

  it("An extension is judged again, and ends with the shift too", async () => {
    const broker = onCallBroker();
    await broker.onCall({ carol: later(1.5 * HOUR) });
    const grant = await broker.askAsCarol();
    await broker.converge(bindingOf(grant));
    expect(await broker.extend(grant, { durationSeconds: null })).toMatchObject({
      state: "approved",
      until: later(1.5 * HOUR),
      expiresAt: later(1.5 * HOUR),
    });
  });

  it("Whoever is not on call any more extends nothing", async () => {
    const broker = onCallBroker();
    await broker.onCall({ carol: MORNING });
    const grant = await broker.askAsCarol();
    await broker.converge(bindingOf(grant));
    await broker.onCall({ dave: MORNING });
    await expect(broker.extend(grant)).rejects.toMatchObject({ code: "policy-denied" });
  });
});
