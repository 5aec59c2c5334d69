import { describe, expect, it } from "vitest";
import { LONGEST_REASON } from "../../../../shared/domain/policy/reason.ts";
import { isQuick } from "../../../../shared/policy-file/rules/ticket-cost.ts";

/** Ticket patterns as people write them. */
const QUICK = [
  "INC-[0-9]+",
  "^(INC|CHG|PRB)[0-9]{7}$",
  "[A-Z]+-\\d+",
  "\\b[A-Z][A-Z0-9]+-\\d+\\b",
  "(?:INC|CHG)-\\d{1,8}",
  "^[A-Z]+-[A-Z]+-\\d+$",
  "#\\d+",
  "^https://jira\\.example\\.com/browse/[A-Z]{2,10}-[1-9][0-9]*$",
  "(?:[0-9]{2}-){3}",
  "(?<team>[a-z]{1,20})/[(|*+)]{2}\\(",
  "[\\]|+*]+x{y",
];

const SLOW = [
  "(a+)+$",
  "(a|a)*$",
  "(a|aa)+$",
  "^(\\w+\\s?)*$",
  "^(?:a?){100}$",
  "(?:a{1,9}){1,9}$",
  "(x+x+)+y",
  "(?=(a+))*b",
  "^(?:(?:a|b)|c)*$",
  ".*.*.*=x",
  "^INC|.*.*.*=x",
  "^a*a*a*a*$",
  "(?<word>\\w+)*!",
];

describe("Ticket patterns", () => {
  it.each(QUICK)("The ticket pattern %s is accepted because it is fast", (pattern) => {
    expect(isQuick(pattern)).toBe(true);
  });

  it.each(SLOW)(
    "The ticket pattern %s is refused because it could take too long on some reason",
    (pattern) => {
      expect(isQuick(pattern)).toBe(false);
    },
  );

  it.each([...QUICK, ".*.*=x", "^.*.*.*=x", "a*a*$"])(
    "The accepted pattern %s finishes in time on the longest reasons",
    (pattern) => {
      expect(isQuick(pattern)).toBe(true);
      const began = performance.now();
      for (const unit of ["a", "A", "1", "A-", "ab", "INC-", "="])
        new RegExp(pattern).test(unit.repeat(LONGEST_REASON).slice(0, LONGEST_REASON));
      // Seven reasons, on a machine that may be busy. A pattern that is too slow takes hours.
      expect(performance.now() - began).toBeLessThan(5_000);
    },
  );
});
