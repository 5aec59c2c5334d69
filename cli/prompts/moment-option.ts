import type { Failure } from "../failures/failure.ts";
import { parseMoment } from "../text/time-text.ts";

/**
 * The moment that an option names. ISO 8601 UTC.
 *
 * @param option such as `--from`
 * @param usage makes the command's failure of what is wrong
 * @throws what `usage` makes, where the text is neither a day nor an instant with its zone
 */
export function momentOption(
  option: string,
  text: string,
  usage: (what: string) => Failure,
): string {
  const moment = parseMoment(text);
  if (moment === undefined)
    throw usage(
      `${option} "${text}" is neither a day (2026-10-01, in UTC) nor an instant with its zone (2026-10-01T00:00Z).`,
    );
  return moment;
}
