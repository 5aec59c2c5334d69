/** The objections of a rule to the instants of a request. */
import { describe, expect, it } from "vitest";
import { aPolicy, T0 } from "../../../../lab/fakes/builders.ts";
import type { Moments } from "../../../../shared/domain/policy/moments.ts";
import type { Rule } from "../../../../shared/domain/policy/policy.ts";
import { checksOfTimes } from "../../../../shared/domain/policy/time-objections.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const [RULE] = aPolicy().rules;
if (!RULE) throw new Error("The policy of tests lacks a rule.");
const at = (seconds: number) => plusSeconds(T0, seconds);
const TIMED: Rule = { ...RULE, startLatestSeconds: 1_000, lapseSeconds: 500 };
const raised = (moments: Partial<Moments>, rule: Rule = TIMED) =>
  checksOfTimes(rule, { askedAt: T0, startsAt: null, decidedAt: null, ...moments })
    .filter(([isRaised]) => isRaised)
    .map(([, code]) => code);

describe("The objections of a rule to the times of a request", () => {
  it("A start is at most this long after the request", () => {
    expect(raised({ startsAt: at(1_000) })).toEqual([]);
    expect(raised({ startsAt: at(1_001) })).toEqual(["start-too-late"]);
    expect(raised({ startsAt: at(1_001), askedAt: null })).toEqual([]);
  });

  it("An approval is at most this long after the request", () => {
    expect(raised({ decidedAt: at(500) })).toEqual([]);
    expect(raised({ decidedAt: at(501) })).toEqual(["lapsed"]);
    expect(raised({ decidedAt: at(501), askedAt: null })).toEqual([]);
  });

  it("A break-glass has no start of its own, however near", () => {
    const glass = { ...TIMED, breakGlass: true };
    expect(raised({ startsAt: at(1) }, glass)).toEqual(["break-glass-later"]);
    expect(raised({ startsAt: at(1), askedAt: null }, glass)).toEqual(["break-glass-later"]);
    expect(raised({}, glass)).toEqual([]);
  });

  it("Text that is no instant fails", () => {
    expect(raised({ startsAt: "soon" })).toEqual(["start-too-late"]);
    expect(raised({ decidedAt: "soon" })).toEqual(["lapsed"]);
  });
});

describe("The objections of a rule outside its hours", () => {
  const HOUR = 3_600;
  /** From nine to one in UTC, an hour before and three hours after T0, which is on a Tuesday. */
  const rule: Rule = {
    ...TIMED,
    startLatestSeconds: 864_000,
    lapseSeconds: 864_000,
    hours: { days: ["tue"], from: "09:00", to: "13:00", timezone: "UTC" },
  };
  const details = (moments: Partial<Moments>) =>
    checksOfTimes(rule, { askedAt: T0, startsAt: null, decidedAt: null, ...moments })
      .filter(([isRaised]) => isRaised)
      .map(([, , detail]) => detail());

  it("Both the request and its start are within them, up to their last instant", () => {
    expect(raised({ startsAt: at(3 * HOUR - 1) }, rule)).toEqual([]);
    expect(raised({ startsAt: at(3 * HOUR) }, rule)).toEqual(["outside-hours"]);
    expect(raised({ askedAt: at(-HOUR) }, rule)).toEqual([]);
    expect(raised({ askedAt: at(-HOUR - 1) }, rule)).toEqual(["outside-hours"]);
    expect(raised({ askedAt: null, startsAt: null }, rule)).toEqual([]);
  });

  it("It starts at the approval where that is later than the start that was asked for", () => {
    expect(raised({ decidedAt: at(4 * HOUR) }, rule)).toEqual(["outside-hours"]);
    expect(raised({ startsAt: at(HOUR), decidedAt: at(4 * HOUR) }, rule)).toEqual([
      "outside-hours",
    ]);
    expect(raised({ startsAt: at(4 * HOUR), decidedAt: at(HOUR) }, rule)).toEqual([
      "outside-hours",
    ]);
    expect(raised({ startsAt: at(HOUR), decidedAt: at(2 * HOUR) }, rule)).toEqual([]);
  });

  it("It says one thing: when it was asked for, else when it would start, and when it opens next", () => {
    const both = details({ askedAt: at(-2 * HOUR), startsAt: at(4 * HOUR) });
    expect(both).toHaveLength(1);
    expect(both[0]).toMatch(/and this was asked for on .*08:00.*\. It opens next on .*09:00/);
    expect(details({ startsAt: at(4 * HOUR) })[0]).toMatch(/and this would start on .*14:00/);
  });
});
