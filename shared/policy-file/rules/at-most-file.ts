/** The structure of `atMost` in a rule. */
import * as z from "zod/mini";
import { Duration } from "../file-values.ts";
import { key } from "../key-notes.ts";

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
