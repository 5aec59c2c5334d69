import type { EarlierTerms } from "../../domain/requests/request.ts";
import { formatDuration } from "../../domain/values/duration.ts";

/** Terms before an approval for less, as an answer has them. */
export interface EarlierTermsAnswer extends EarlierTerms {
  /** Written as in a request: `1h30m`. */
  readonly duration: string;
}

export const earlierTermsAnswer = ({
  access,
  durationSeconds,
  digest,
}: EarlierTerms): EarlierTermsAnswer => ({
  access,
  duration: formatDuration(durationSeconds),
  durationSeconds,
  digest,
});
