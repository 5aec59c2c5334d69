/** The structure of `start` and `lapse` in a rule. */
import * as z from "zod/mini";
import {
  LATEST_START_SECONDS,
  LONGEST_LAPSE_SECONDS,
  SHORTEST_LAPSE_SECONDS,
} from "../../domain/policy/rule-times.ts";
import { Duration } from "../file-values.ts";
import { type KeyNotes, keyWith } from "../noted.ts";

export const TIMES_NOTES = {
  "rules.*.start": {
    description: "When access may start.",
    default: { latest: "30d" },
    examples: [{ latest: "7d" }],
  },
  "rules.*.start.latest": {
    description: "How far after its request a start may lie, 30d at most.",
    examples: ["7d"],
  },
  "rules.*.lapse": {
    description:
      "How long a request waits for its approvals, from 1m to 7d. Then it is void, and has to be asked again.",
    default: "24h",
    examples: ["2h"],
  },
} as const satisfies KeyNotes;

const key = keyWith(TIMES_NOTES);

const Latest = Duration.check(
  z.refine(
    (seconds) => seconds <= LATEST_START_SECONDS,
    "No rule lends with a start more than 30d ahead. Write 30d at most.",
  ),
);

export const StartFile = z.strictObject({ latest: key("rules.*.start.latest", Latest) });

export const LapseFile = Duration.check(
  z.refine(
    (seconds) => seconds >= SHORTEST_LAPSE_SECONDS && seconds <= LONGEST_LAPSE_SECONDS,
    "A request waits for at least 1m, so that somebody can see it, and for at most 7d. Write a time between.",
  ),
);
