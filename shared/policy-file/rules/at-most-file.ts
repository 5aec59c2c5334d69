/** The structure of `atMost` in a rule. */
import * as z from "zod/mini";
import { Duration } from "../file-values.ts";
import { type KeyNotes, keyWith } from "../noted.ts";

export const AT_MOST_NOTES = {
  "rules.*.atMost": {
    description:
      "How often a rule with approval: none approves a person's requests by itself. Break-glass is outside of it.",
    default: null,
    examples: [{ times: 5, per: "1d" }],
  },
  "rules.*.atMost.times": {
    description: "The most approvals of one person in each window, 1 to 1,000.",
    examples: [5],
  },
  "rules.*.atMost.per": {
    description:
      "The length of a window, from 1m to 30d. Windows start at multiples of it: those of 1d at midnight in UTC.",
    examples: ["1d"],
  },
} as const satisfies KeyNotes;

const key = keyWith(AT_MOST_NOTES);

const MOST_TIMES = 1_000;
const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 30 * 86_400;

export const AtMostFile = z.strictObject({
  times: key(
    "rules.*.atMost.times",
    z
      .int()
      .check(
        z.refine(
          (times) => times >= 1 && times <= MOST_TIMES,
          "Write a number from 1 to 1,000. A rule that is to approve nothing is left out.",
        ),
      ),
  ),
  per: key(
    "rules.*.atMost.per",
    Duration.check(
      z.refine(
        (seconds) => seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS,
        "Write a time from 1m to 30d.",
      ),
    ),
  ),
});
