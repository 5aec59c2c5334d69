import type { Judgement, Seen } from "./seen.ts";

type Evidence = Seen["requests"][number]["evidence"];

/**
 * Whether CloudTrail's record of the call is on the request's chain, explained by what the run intended. So it is where
 * converge died after the history had the call, and before the call was stored by itself.
 */
const isExplained = ({ records }: Evidence, requestId: string | null) =>
  records.some(
    ({ type, details }) => type === "explained" && details.event.eksRequestId === requestId,
  );

export const isDecided = (
  evidence: Evidence,
  { state, requestId }: Evidence["calls"][number],
): boolean => state !== "unconfirmed" || isExplained(evidence, requestId);

const judge = ({ requests, settledAt }: Seen) =>
  requests.flatMap(({ request, evidence }) =>
    evidence.calls
      .filter((call) => !isDecided(evidence, call))
      .map(({ operation, requestId, at }) => ({
        ...{ at: settledAt, request: request.id },
        detail: `CloudTrail neither confirms nor misses ${operation} ${requestId} of ${at}.`,
      })),
  );

export const CALLS: Judgement = {
  sentence: "Every call to EKS is confirmed, explained or missing.",
  judge,
};
