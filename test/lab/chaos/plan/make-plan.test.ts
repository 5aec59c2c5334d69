/** The plan of a run: pure, the same for a seed, and something that the sandbox can carry out. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEEDS } from "../../../../lab/chaos/deeds/deeds.ts";
import type { Action, ActionKind } from "../../../../lab/chaos/plan/action.ts";
import { makePlan } from "../../../../lab/chaos/plan/make-plan.ts";
import { termsOf } from "../../../../lab/chaos/plan/terms.ts";
import { laneOf } from "../../../../lab/chaos/stage/run-plan.ts";
import { parseFault } from "../../../../lab/sandbox/aws/fault-kinds.ts";
import { slackFaults } from "../../../../lab/sandbox/slack/faults.ts";

const MINUTE = 60_000;
/** The lives of scenes have higher numbers. */
const SCENES_FROM = 200_000;
const seeds = fc.nat({ max: 999_999_999 });
const lengths = fc.integer({ min: 1, max: 10 });
const everyPlan = (holds: (plan: readonly Action[], minutes: number) => void) =>
  fc.assert(
    fc.property(seeds, lengths, (seed, minutes) => holds(makePlan(seed, minutes), minutes)),
    { numRuns: 60 },
  );
const of = <Kind extends ActionKind>(plan: readonly Action[], kind: Kind) =>
  plan.filter((one): one is Extract<Action, { kind: Kind }> => one.kind === kind);

describe("The plan of a run", () => {
  it("A seed and a length always make the same plan", () => {
    fc.assert(
      fc.property(seeds, lengths, (seed, minutes) => {
        expect(makePlan(seed, minutes)).toEqual(makePlan(seed, minutes));
      }),
      { numRuns: 20 },
    );
  });

  it("Two seeds make different plans", () => {
    expect(makePlan(1, 1)).not.toEqual(makePlan(2, 1));
  });

  it("Actions are in the order of their times, and none comes after the end", () => {
    everyPlan((plan, minutes) => {
      const times = plan.map(({ at }) => at);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(times.every((at) => at >= 0 && at < minutes * MINUTE)).toBe(true);
    });
  });

  it("Every act on a request is on one that was asked for before", () => {
    everyPlan((plan) => {
      const asked = new Set<number>();
      for (const action of plan) {
        if (!("life" in action)) continue;
        if ("of" in action) expect(asked).toContain(action.of);
        if (action.kind === "ask" || action.kind === "extend") {
          expect(asked).not.toContain(action.life);
          asked.add(action.life);
        } else expect(asked).toContain(action.life);
      }
    });
  });

  it("People ask only for what a rule lends them", () => {
    everyPlan((plan) => {
      for (const { person, terms } of of(plan, "ask"))
        expect(termsOf(terms).people).toContain(person);
    });
  });

  it("Others add something to entries of many principals, until the end of a run", () => {
    const claims = of(makePlan(1, 10), "claim");
    expect(new Set(claims.map(({ principal }) => principal)).size).toBeGreaterThan(4);
    for (const minute of Array.from({ length: 10 }, (_, index) => index))
      expect(claims.filter(({ at }) => Math.floor(at / MINUTE) === minute)).not.toEqual([]);
  });

  it("Additions of others beside a grant outlast it by half a minute, and no two use one policy at once", () => {
    everyPlan((plan, minutes) => {
      const held = new Map<string, number>();
      for (const { claim, cluster, principal, policy, at } of of(plan, "claim")) {
        const place = `${cluster} ${principal} ${policy}`;
        expect(held.get(place) ?? 0).toBeLessThanOrEqual(at);
        const release = of(plan, "release").find((one) => one.claim === claim);
        held.set(place, release?.at ?? Number.POSITIVE_INFINITY);
        const beside = of(plan, "ask").filter(
          (one) => one.person === principal && one.at < at && at < one.at + one.seconds * 1_000,
        );
        const ends = beside.map((one) => one.at + one.seconds * 1_000 + 30_000);
        const isOfScene = claim > SCENES_FROM;
        if (release && principal !== "ci-deployer" && !isOfScene)
          expect(ends).toContain(release.at);
        expect(release?.at ?? 0).toBeLessThan(minutes * MINUTE);
      }
    });
  });

  it("Chains are ended at their first link and at their last, while the extension may last", () => {
    const ends = [1, 2, 3, 4].flatMap((seed) => {
      const plan = makePlan(seed, 10);
      const all = [...of(plan, "return"), ...of(plan, "revoke")];
      return of(plan, "extend").flatMap((one) =>
        all
          .filter(({ life, at }) => (life === one.life || life === one.of) && at > one.at)
          .map(({ kind, life }) => `${kind} ${life === one.life ? "last" : "first"}`),
      );
    });
    expect([...new Set(ends)].sort()).toEqual([
      ...["return first", "return last", "revoke first", "revoke last"],
    ]);
  });

  it("People who contest a request act at one instant, each in a lane of their own", () => {
    const plan = [1, 2].flatMap((seed) =>
      makePlan(seed, 10).filter(
        (one) => "isContested" in one && one.isContested && one.life < SCENES_FROM,
      ),
    );
    const groups = [...Map.groupBy(plan, (one) => `${one.at}`).values()];
    expect(groups.length).toBeGreaterThan(5);
    for (const group of groups) {
      expect(group.length).toBeGreaterThan(1);
      expect(new Set(group.map((one) => laneOf(one))).size).toBe(group.length);
    }
  });

  it("Faults lose wakes, whole ends of schedules, and first messages", () => {
    const plans = [1, 2, 3, 4].flatMap((seed) => makePlan(seed, 10));
    const rules = [...of(plans, "aws-fault"), ...of(plans, "slack-fault")].map(({ rule }) => rule);
    for (const lost of [
      { kind: "throttle", operation: "SendMessage" },
      { kind: "refuse", operation: "SendMessage" },
      { kind: "rate-limit", method: "chat.postMessage" },
    ])
      expect(rules).toContainEqual(expect.objectContaining(lost));
    const losing = of(plans, "schedules").filter(({ behaviour }) => behaviour["lossProbability"]);
    expect(losing.length).toBeGreaterThan(0);
    for (const { seconds } of losing) expect(seconds).toBeGreaterThanOrEqual(25);
  });

  it("No fault lasts beyond the end of the run", () => {
    everyPlan((plan, minutes) => {
      for (const kind of ["aws-fault", "slack-fault", "schedules"] as const)
        for (const { at, seconds } of of(plan, kind))
          expect(at + seconds * 1_000).toBeLessThan(minutes * MINUTE);
    });
  });

  it("The sandbox takes every fault as it is planned", () => {
    everyPlan((plan) => {
      const onSight = of(plan, "deny").flatMap(({ onSight: faults = [] }) => faults);
      for (const { rule } of [...of(plan, "aws-fault"), ...onSight])
        expect(parseFault(rule)).toBeDefined();
      for (const { rule, seconds } of of(plan, "slack-fault"))
        slackFaults(() => new Date()).add({ seconds, ...rule });
    });
  });

  it("Ten minutes of a few seeds have every kind of action that there is a deed for", () => {
    const plans = [1, 2, 3, 4].flatMap((seed) => makePlan(seed, 10));
    expect([...new Set(plans.map(({ kind }) => kind))].sort()).toEqual(Object.keys(DEEDS).sort());
  });
});
