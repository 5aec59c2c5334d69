/** The parts of a message about a delegation, in any medium. */
import type { DelegationNotice, DelegationNoticeKind } from "../domain/notices/notice.ts";
import { BEGUN, COMING, DELEGATED, type DelegationTexts, OVER } from "./delegation-texts.ts";
import type { Times } from "./shown-times.ts";

const TEXTS: Readonly<Record<DelegationNoticeKind, DelegationTexts>> = {
  "delegation-coming": COMING,
  "delegation-begun": BEGUN,
  "delegation-over": OVER,
};

export function delegationLines({ kind, audience, facts }: DelegationNotice): readonly string[] {
  const isDelegator = audience.kind !== "channel" && audience.person === facts.by;
  return TEXTS[kind][isDelegator ? "delegator" : "delegate"](facts);
}

export function delegationTimes({ kind, facts: { from, until, ended } }: DelegationNotice): Times {
  if (kind === "delegation-over") return [[DELEGATED.ended, ended?.at ?? until]];
  const begins: Times = kind === "delegation-coming" ? [[DELEGATED.from, from]] : [];
  return [...begins, [DELEGATED.until, until]];
}
