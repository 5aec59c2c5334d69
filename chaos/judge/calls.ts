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

/** No plan loses a record for good, so no call is missing. */
const judge = ({ requests, settledAt }: Seen) =>
  requests.flatMap(({ request, evidence }) =>
    evidence.calls
      .filter((call) => call.state === "missing" || !isDecided(evidence, call))
      .map(({ operation, requestId, at, state }) => ({
        ...{ at: settledAt, request: request.id },
        detail: `${operation} ${requestId} of ${at} is ${state}, and CloudTrail has its record.`,
      })),
  );

export const CALLS: Judgement = {
  sentence: "Every call to EKS is confirmed or explained.",
  judge,
};
