/** Draws what tells a requester that an approver gave less than they asked for. */
import type { RequestNotice } from "../domain/notices/notice.ts";
import { lessNextText, lessNotesText } from "../notices/less-texts.ts";
import { decisionText, lessText } from "../notices/notice-texts.ts";
import { buttonRow } from "./button.ts";
import { fallback, MOST, type SlackMessage, section } from "./message-parts.ts";

export function lessMessage({ facts, actions }: RequestNotice): SlackMessage {
  const lines = [
    lessText(facts),
    lessNotesText(facts),
    decisionText(facts),
    lessNextText(facts.requestId),
  ].filter((line) => line !== "");
  return {
    text: fallback(lines, []),
    blocks: [...lines.map((line) => section(line, MOST.line)), ...buttonRow(actions, facts)],
  };
}
