import type { NoticeFacts } from "../domain/notices/notice.ts";
import { formatDuration } from "../domain/values/duration.ts";

/** Says how far an approval lets access be extended; empty where somebody is asked again, or nothing is extended. */
export function extendableText({ extendable }: NoticeFacts): string {
  if (!extendable) return "";
  const { times, totalSeconds } = extendable;
  const often = times === 1 ? "once" : `${times} times`;
  return `It could then be extended ${often} without an approval, to ${formatDuration(totalSeconds)} in all. If you approve less time, each extension needs one.`;
}
