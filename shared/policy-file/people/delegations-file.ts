/** The structure of `delegations`. */
import * as z from "zod/mini";
import { Duration, Name } from "../file-values.ts";
import { key } from "../key-notes.ts";

const SHORTEST_SECONDS = 3_600;
const LONGEST_SECONDS = 90 * 86_400;
/** Three weeks of holidays. */
const USUAL_SECONDS = 21 * 86_400;

export const DelegationsFile = z.strictObject({
  allowed: key("delegations.allowed", z.boolean()),
  longest: key(
    "delegations.longest",
    z.optional(
      Duration.check(
        z.refine(
          (seconds) => seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS,
          "Write a time from 1h to 90d.",
        ),
      ),
    ),
  ),
  to: key(
    "delegations.to",
    z.optional(
      z.strictObject({
        groups: key("delegations.to.groups", z.array(Name).check(z.minLength(1))),
      }),
    ),
  ),
});

/** Undefined where nobody may delegate. */
export const compileDelegations = (file: z.output<typeof DelegationsFile> | undefined) =>
  file?.allowed
    ? {
        longestSeconds: file.longest ?? USUAL_SECONDS,
        ...(file.to ? { toGroups: file.to.groups } : {}),
      }
    : undefined;
