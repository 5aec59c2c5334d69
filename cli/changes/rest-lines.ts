/** A person's remaining access after an end, in a command that was stopped. */
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import { mayHaveLent, remainingText } from "../text/person-access-text.ts";
import { utcTime } from "../text/time-text.ts";
import type { Change, ChangeName, Sent } from "./change.ts";

type Ends = Pick<Change<ChangeName>, "ends">;

/**
 * After an end that is stored.
 *
 * @param read what was read after the answer; the answer's own otherwise
 */
export function restAfter(
  { ends: verb }: Ends,
  answer: unknown,
  read: PersonAccessAnswer | undefined,
): readonly string[] {
  const ended = answer as RequestAnswer;
  if (verb === undefined || !mayHaveLent(ended)) return [];
  const remaining = read ?? ended.remaining;
  const text = remainingText(ended, remaining, { verb, now: remaining?.at ?? "" });
  return [...(remaining ? [`As of ${utcTime(remaining.at)}:`] : []), ...text.split("\n")];
}

/** After an end of which nobody knows whether it was stored. */
export function restUnknown({ ends: verb }: Ends, { before }: Sent): readonly string[] {
  if (verb === undefined) return [];
  const known = before as RequestAnswer | undefined;
  if (known) return remainingText(known, undefined, { verb, now: "" }).split("\n");
  return verb === "revoke"
    ? ["Not read: what its holder can still do. See it:", "  timelatch status <person>"]
    : ["Not read: what you can still do. See it:", "  timelatch status"];
}
