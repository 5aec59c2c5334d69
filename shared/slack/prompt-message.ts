/** Draws what asks approvers again, in the thread of the message about the request: no buttons. */
import type { RequestNotice } from "../domain/notices/notice.ts";
import { askerText } from "../domain/requests/asker-text.ts";
import { headlineText, promptText, WHEN } from "../notices/notice-texts.ts";
import type { Times } from "../notices/shown-times.ts";
import { calledText } from "./called-text.ts";
import { dates, fallback, MOST, type SlackMessage, section } from "./message-parts.ts";
import { ownMarkup } from "./shown-text.ts";
import { decideElsewhereText } from "./texts/button-texts.ts";

/** @param userOf a person's Slack user; undefined for a person without one */
export function promptMessage(
  { kind, facts, mentions = [] }: RequestNotice,
  userOf: (person: string) => string | undefined,
): SlackMessage {
  const line = promptText(facts, kind === "escalation");
  // In a thread the message above says it, and in a notification nothing else does.
  const headline = headlineText(facts, askerText(facts));
  const elsewhere = facts.decidedHere ? [] : [decideElsewhereText(facts.requestId)];
  const times: Times = [[WHEN.lapses, facts.lapsesAt]];
  const called = calledText(mentions, userOf);
  return {
    text: `${called} ${fallback([headline, line, ...elsewhere], times)}`.trimStart(),
    blocks: [
      ...(called === "" ? [] : [{ type: "section", text: ownMarkup(called) } as const]),
      ...[line, ...elsewhere].map((text) => section(text, MOST.line)),
      dates(times),
    ],
  };
}
