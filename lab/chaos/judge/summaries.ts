import type { Judgement, Seen, SeenRequest, Violation } from "./seen.ts";

/** The only cluster of the sample with `activity`. */
const CLUSTER = "prod";

/** Whether a request had access on a cluster whose audit log is asked, and that is over. */
const isAsked = ({ request }: SeenRequest): boolean =>
  request.cluster === CLUSTER && request.endedAt !== null && request.effectiveAt !== null;

const summariesOf = ({ evidence }: SeenRequest): number =>
  evidence.records.filter(({ type }) => type === "activity").length;

/** Whether a summary is still to come. */
export const lacksSummary = (one: SeenRequest): boolean => isAsked(one) && summariesOf(one) === 0;

function judge({ requests, settledAt }: Seen): readonly Violation[] {
  return requests.filter(isAsked).flatMap((one): readonly Violation[] => {
    const count = summariesOf(one);
    if (count === 1) return [];
    const detail = `It ended on ${CLUSTER}, and has ${count} summaries of what was done.`;
    return [
      {
        at: settledAt,
        request: one.request.id,
        detail,
        ...(count > 1 && { isFinal: true as const }),
      },
    ];
  });
}

export const SUMMARIES: Judgement = {
  sentence: "Each grant on a cluster with activity has one summary of what was done.",
  judge,
  applies: ({ isSmall }) => !isSmall,
};
