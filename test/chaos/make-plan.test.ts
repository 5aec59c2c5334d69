/** The plan of a run: pure, the same for a seed, and something that the sandbox can carry out. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEEDS } from "../../chaos/deeds/deeds.ts";
import type { Action, ActionKind } from "../../chaos/plan/action.ts";
import { makePlan } from "../../chaos/plan/make-plan.ts";
import { termsOf } from "../../chaos/plan/terms.ts";
import { parseFault } from "../../sandbox/aws/fault-kinds.ts";
import { slackFaults } from "../../sandbox/slack/faults.ts";

const MINUTE = 60_000;
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

  it("Whoever acts on a request acts on one that was asked for before", () => {
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

  it("No fault lasts beyond the end of the run", () => {
    everyPlan((plan, minutes) => {
      for (const kind of ["aws-fault", "slack-fault", "schedules"] as const)
        for (const { at, seconds } of of(plan, kind))
          expect(at + seconds * 1_000).toBeLessThan(minutes * MINUTE);
    });
  });

  it("The sandbox takes every fault as it is planned", () => {
    everyPlan((plan) => {
      for (const { rule } of of(plan, "aws-fault")) expect(parseFault(rule)).toBeDefined();
      for (const { rule, seconds } of of(plan, "slack-fault"))
        slackFaults(() => new Date()).add({ seconds, ...rule });
    });
  });

  it("Ten minutes of a few seeds have every kind of action that there is a deed for", () => {
    const plans = [1, 2, 3, 4].flatMap((seed) => makePlan(seed, 10));
    expect([...new Set(plans.map(({ kind }) => kind))].sort()).toEqual(Object.keys(DEEDS).sort());
  });
});
