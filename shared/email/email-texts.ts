/** Texts that only e-mail has. */
import type { Notice, RequestNotice } from "../domain/notices/notice.ts";

/** Under each e-mail: people who learn to decide by e-mail would also follow a forged one. */
export const FOOTER =
  "This e-mail only tells: it has no link and no button, nobody decides by it, and nobody reads replies.";

export const SETTLED = "You need not decide on this any more.";

/** How its reader decides on a request. */
export const decideCommands = (id: string): readonly string[] => [
  `timelatch approve ${id}`,
  `timelatch deny ${id}`,
];

/** The commands that a requester may want now, by the kind of the e-mail. A machine's owner gets no command. */
export const ownCommands = ({ kind, facts }: RequestNotice): readonly string[] => {
  if (facts.machine === true) return [];
  if (kind === "waiting" && facts.state === "pending")
    return [`timelatch escalate ${facts.requestId}`];
  return (kind === "access" || kind === "ends-soon") && facts.state === "active"
    ? [`timelatch return ${facts.requestId}`]
    : [];
};

/** How its reader sees more of a request. */
export const showCommands = (id: string): readonly string[] => [
  `timelatch show ${id}`,
  `timelatch console --open requests/${id}`,
];

/** The number of characters of an id that tell requests apart in a list of e-mails. */
const ID_SHOWN = 8;

const numbered = (text: string, id: string) => `${text} (${id.slice(0, ID_SHOWN)})`;

/** Kinds whose reader is the requester. */
const OWN: ReadonlySet<Notice["kind"]> = new Set([
  "approved-less",
  "waiting",
  "scheduled",
  "access",
  "ends-soon",
  "over",
]);

/** Kinds that are an alarm. */
const GLASS: ReadonlySet<Notice["kind"]> = new Set([
  "break-glass",
  "review-wanted",
  "review-reminder",
  "review-overdue",
]);

/**
 * The subject: the same for all e-mails of one reader about one request, since mail programs sort them
 * by it. It holds names of the policy, and nothing that a requester wrote.
 */
export function subjectText(notice: Notice): string {
  switch (notice.kind) {
    case "finding":
      return numbered(`Timelatch: a finding, ${notice.facts.details.code}`, notice.facts.findingId);
    case "stop":
      return `Timelatch: ${notice.facts.type} ${notice.facts.person ?? "of everyone"}`;
    case "delegation-coming":
    case "delegation-begun":
    case "delegation-over":
      return `Timelatch: delegation of ${notice.facts.by} to ${notice.facts.to}`;
    default:
      return requestSubject(notice);
  }
}

function requestSubject({ kind, facts }: RequestNotice): string {
  const { requester, cluster, requestId, machine } = facts;
  if (GLASS.has(kind)) return numbered(`BREAK-GLASS: ${requester} on ${cluster}`, requestId);
  const whose = OWN.has(kind) && machine !== true ? "Your access" : `Access of ${requester}`;
  return numbered(`${whose} to ${cluster}`, requestId);
}
