import type { Preview } from "../../domain/policy/preview.ts";
import type { DryAsk } from "../../domain/requests/ask.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import type { PreviewAnswer } from "./answers.ts";
import { extendMember } from "./extend-answer.ts";
import { hoursAnswer } from "./hours-answer.ts";
import { reviewAnswer } from "./review-answer.ts";

/** The result of a preview, with the API's field names. @param now when it was made */
export function previewAnswer(ask: DryAsk, preview: Preview, now: string): PreviewAnswer {
  if (!preview.allowed) {
    const { code, detail, facts } = preview;
    const { refusals = [], errors = [] } = facts;
    return { allowed: false, problem: code, detail, refusals, errors };
  }
  const { rule, cluster, principalArn, durationSeconds } = preview;
  const { requirements, permits, warnings } = preview;
  return {
    allowed: true,
    rule: rule.name,
    cluster: cluster.name,
    clusterArn: cluster.arn,
    principalArn,
    access: ask.access,
    duration: formatDuration(durationSeconds),
    durationSeconds,
    startsAt: ask.startsAt,
    breakGlass: rule.breakGlass,
    ...reviewAnswer(rule.review, preview.reviewers),
    ...extendMember(rule),
    hours: hoursAnswer(rule.hours, now),
    requirements,
    ...(preview.onCall ? { onCall: preview.onCall } : {}),
    ...(rule.endsWithShift ? { endsWithShift: true as const } : {}),
    ...(preview.ticket === undefined ? {} : { ticket: preview.ticket }),
    ...(rule.ticket ? { ticketTerms: rule.ticket } : {}),
    ...(rule.endsWithTicket ? { endsWithTicket: true as const } : {}),
    permits,
    warnings,
  };
}
