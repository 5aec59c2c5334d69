import { expect, it } from "vitest";
import { hoursFacts } from "../../../../cli/text/hours-text.ts";
import type { Hours } from "../../../../shared/domain/policy/hours.ts";
import { hoursAnswer } from "../../../../shared/http/contract/hours-answer.ts";

const OFFICE: Hours = {
  days: ["mon", "tue", "wed", "thu", "fri"],
  from: "08:00",
  to: "18:00",
  timezone: "Europe/Berlin",
};

it.each([
  ["2026-11-27T16:59:59.999Z", true, null, "open now"],
  [
    "2026-11-27T17:00:00.000Z",
    false,
    "2026-11-30T07:00:00.000Z",
    "opens mon 2026-11-30 08:00 Europe/Berlin",
  ],
  [
    "2026-11-27T06:00:00.000Z",
    false,
    "2026-11-27T07:00:00.000Z",
    "opens fri 2026-11-27 08:00 Europe/Berlin",
  ],
])(
  "The API and the command say whether hours are open at %s, and when they begin next",
  (now, isOpen, opensAt, text) => {
    const answer = hoursAnswer(OFFICE, now);
    expect(answer).toEqual({ ...OFFICE, isOpen, opensAt });
    expect(hoursFacts(answer)).toEqual([["Hours", `mon–fri 08:00–18:00 Europe/Berlin; ${text}`]]);
  },
);

it("A rule without hours, and an API that knows none, say nothing of them", () => {
  expect(hoursAnswer(null, "2026-11-27T10:00:00.000Z")).toBeNull();
  expect([hoursFacts(null), hoursFacts(undefined)]).toEqual([[], []]);
});

it("Hours in a zone that this machine does not know are closed, without a next time", () => {
  const answer = hoursAnswer({ ...OFFICE, timezone: "Mars/Olympus" }, "2026-11-27T10:00:00.000Z");
  expect(answer).toMatchObject({ isOpen: false, opensAt: null });
  expect(hoursFacts(answer)[0]?.[1]).toContain("closed now");
});
