/** The terms of a request before it became break-glass, as clients read them. */
import type { EscalatedFrom } from "../../domain/requests/request.ts";
import { formatDuration } from "../../domain/values/duration.ts";

export interface EscalatedFromAnswer extends EscalatedFrom {
  /** Written as in a request: `1h30m`. */
  readonly duration: string;
}

/** As a member of an answer; no member where the request never became break-glass. */
export const escalatedFromMember = (
  from: EscalatedFrom | undefined,
): { readonly escalatedFrom?: EscalatedFromAnswer } => {
  if (!from) return {};
  const { rule, durationSeconds, startsAt, digest } = from;
  const duration = formatDuration(durationSeconds);
  return { escalatedFrom: { rule, duration, durationSeconds, startsAt, digest } };
};
