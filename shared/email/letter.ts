/** The content of an e-mail about a notice, before it is text or HTML. Pure. */
import type {
  DelegationNotice,
  FindingNotice,
  Notice,
  RequestNotice,
  StopNotice,
} from "../domain/notices/notice.ts";
import { askerText } from "../domain/requests/asker-text.ts";
import { delegationLines, delegationTimes } from "../notices/delegation-lines.ts";
import { findingHeading, findingLines, findingTimes } from "../notices/finding-lines.ts";
import { lessNextText, lessNotesText } from "../notices/less-texts.ts";
import {
  breakGlassHeader,
  decisionText,
  headlineText,
  lessText,
  promptText,
  reviewPromptText,
  reviewText,
  WHEN,
} from "../notices/notice-texts.ts";
import { linesOf } from "../notices/request-lines.ts";
import { requestTimes, type Times } from "../notices/shown-times.ts";
import { isOwnStop, stopLines, stopTimes } from "../notices/stop-lines.ts";
import { STOP_HEADERS } from "../notices/stop-texts.ts";
import { decideCommands, ownCommands, SETTLED, showCommands } from "./email-texts.ts";
import { unlinked } from "./mail-text.ts";

export interface Letter {
  /** Over it, so that nobody overlooks it; empty without one. */
  readonly heading: string;
  readonly lines: readonly string[];
  /** A text of somebody else, which is shown apart; empty without one. */
  readonly reason: string;
  readonly times: Times;
  /** Lines that its reader types. */
  readonly commands: readonly string[];
}

/** @param notice without links in what people wrote */
export function letterOf(notice: Notice): Letter {
  switch (notice.kind) {
    case "finding":
      return findingLetter(notice);
    case "stop":
      return stopLetter(notice);
    case "delegation-coming":
    case "delegation-begun":
    case "delegation-over":
      return delegationLetter(notice);
    default:
      return requestLetter(notice);
  }
}

const PLAIN = { heading: "", reason: "", commands: [] } as const;

const findingLetter = (notice: FindingNotice): Letter => ({
  ...PLAIN,
  heading: findingHeading(notice) ?? "",
  lines: findingLines(notice).map(unlinked),
  times: findingTimes(notice),
});

const stopLetter = (notice: StopNotice): Letter => ({
  ...PLAIN,
  heading: isOwnStop(notice) ? "" : STOP_HEADERS[notice.facts.type],
  lines: stopLines(notice),
  times: stopTimes(notice),
});

const delegationLetter = (notice: DelegationNotice): Letter => ({
  ...PLAIN,
  lines: delegationLines(notice),
  times: delegationTimes(notice),
});

function requestLetter(notice: RequestNotice): Letter {
  const { kind, facts } = notice;
  const id = facts.requestId;
  switch (kind) {
    case "approved-less":
      return {
        ...PLAIN,
        lines: [lessText(facts), lessNotesText(facts), decisionText(facts), lessNextText(id)],
        times: [],
      };
    case "reminder":
    case "escalation":
      return {
        ...PLAIN,
        lines: [headlineText(facts, askerText(facts)), promptText(facts, kind === "escalation")],
        times: [[WHEN.lapses, facts.lapsesAt]],
        commands: [...decideCommands(id), ...showCommands(id)],
      };
    case "review-reminder":
    case "review-overdue":
      return {
        ...PLAIN,
        heading: reviewPromptText(kind === "review-overdue"),
        lines: [headlineText(facts, askerText(facts)), reviewText(facts)],
        times: requestTimes(facts),
        commands: showCommands(id),
      };
    default:
      return presentLetter(notice);
  }
}

/** A request as it stands. */
function presentLetter(notice: RequestNotice): Letter {
  const { kind, facts } = notice;
  const { headline, state, others, reason } = linesOf(notice);
  const isAsked = kind === "decision-wanted" && facts.state === "pending";
  const isSettled = kind === "decision-wanted" && facts.state !== "pending";
  return {
    heading: kind === "break-glass" ? breakGlassHeader(facts) : "",
    lines: [headline, ...(isSettled ? [SETTLED] : []), state, ...others],
    reason,
    times: requestTimes(facts),
    commands: [
      ...(isAsked ? decideCommands(facts.requestId) : []),
      ...ownCommands(notice),
      ...showCommands(facts.requestId),
    ],
  };
}
