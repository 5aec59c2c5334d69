/** The questions before somebody breaks the glass. */
import type { AccessRequest } from "../../domain/requests/request.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { whatOf } from "./form-texts.ts";

/**
 * The question to somebody who cannot wait.
 *
 * @param next the request once it is break-glass
 * @param skipped who is asked now, and is not waited for
 */
export const escalateLines = (
  next: AccessRequest,
  skipped: readonly string[],
): readonly string[] => [
  atOnceText(next),
  alarmText(skipped),
  "Somebody else reviews it afterwards.",
  readText(next),
];

const atOnceText = (next: AccessRequest): string =>
  `${whatOf(next)} for ${formatDuration(next.durationSeconds)}, at once, by the rule ${next.rule}.`;

const alarmText = (skipped: readonly string[]): string =>
  skipped.length === 0
    ? "The alarm channel hears of it."
    : `The alarm channel hears of it, and so do those whom you do not wait for: ${skipped.join(", ")}.`;

const readText = ({ reason }: AccessRequest): string => `They read your reason: ${reason}`;

/**
 * The question to somebody who asks for break-glass.
 *
 * @param made the request as it would be stored
 * @param skipped who would be asked under an ordinary rule
 */
export const glassLines = (made: AccessRequest, skipped: readonly string[]): readonly string[] => [
  "BREAK-GLASS: nobody approves this first.",
  atOnceText(made),
  alarmText(skipped),
  made.review === undefined
    ? "Somebody else reviews it afterwards."
    : `Somebody of ${made.review.by.join(" or ")} reviews it afterwards.`,
  readText(made),
];
