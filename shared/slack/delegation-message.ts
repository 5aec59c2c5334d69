/** Draws what tells delegator and delegate that a delegation is made, begins or is over: no buttons. */
import type { DelegationNotice } from "../domain/notices/notice.ts";
import { delegationLines, delegationTimes } from "../notices/delegation-lines.ts";
import { dates, fallback, MOST, type SlackMessage, section } from "./message-parts.ts";

export function delegationMessage(notice: DelegationNotice): SlackMessage {
  const lines = delegationLines(notice);
  const times = delegationTimes(notice);
  return {
    text: fallback(lines, times),
    blocks: [...lines.map((line) => section(line, MOST.line)), dates(times)],
  };
}
