/** Draws what tells delegator and delegate that a delegation is made, begins or is over: no buttons. */
import type { DelegationNotice, DelegationNoticeKind } from "../domain/notices/notice.ts";
import {
  BEGUN,
  COMING,
  DELEGATED,
  type DelegationTexts,
  OVER,
} from "../notices/delegation-texts.ts";
import type { Times } from "../notices/shown-times.ts";
import { dates, fallback, MOST, type SlackMessage, section } from "./message-parts.ts";

const TEXTS: Readonly<Record<DelegationNoticeKind, DelegationTexts>> = {
  "delegation-coming": COMING,
  "delegation-begun": BEGUN,
  "delegation-over": OVER,
};

export function delegationMessage(notice: DelegationNotice): SlackMessage {
  const { kind, audience, facts } = notice;
  const isDelegator = audience.kind === "person" && audience.person === facts.by;
  const lines = TEXTS[kind][isDelegator ? "delegator" : "delegate"](facts);
  const times = timesOf(notice);
  return {
    text: fallback(lines, times),
    blocks: [...lines.map((line) => section(line, MOST.line)), dates(times)],
  };
}

function timesOf({ kind, facts: { from, until, ended } }: DelegationNotice): Times {
  if (kind === "delegation-over") return [[DELEGATED.ended, ended?.at ?? until]];
  const begins: Times = kind === "delegation-coming" ? [[DELEGATED.from, from]] : [];
  return [...begins, [DELEGATED.until, until]];
}
