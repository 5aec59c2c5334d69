import type { Judgement, Seen } from "./seen.ts";

/** A call that changed nothing has no state. No plan loses a record for good, so no call is missing. */
const judge = ({ requests, settledAt }: Seen) =>
  requests.flatMap(({ request, evidence }) =>
    evidence.calls
      .filter(({ state }) => state !== "confirmed" && state !== null)
      .map(({ operation, requestId, at, state }) => ({
        ...{ at: settledAt, request: request.id },
        detail: `${operation} ${requestId} of ${at} is ${state}, and CloudTrail has its record.`,
      })),
  );

export const CALLS: Judgement = { sentence: "Every call to EKS is confirmed.", judge };
