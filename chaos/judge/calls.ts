import type { Judgement, Seen } from "./seen.ts";

const judge = ({ requests, settledAt }: Seen) =>
  requests.flatMap(({ request, evidence }) =>
    evidence.calls
      .filter(({ state }) => state === "unconfirmed")
      .map(({ operation, requestId, at }) => ({
        ...{ at: settledAt, request: request.id },
        detail: `CloudTrail neither confirms nor misses ${operation} ${requestId} of ${at}.`,
      })),
  );

export const CALLS: Judgement = { sentence: "Every call to EKS is confirmed or missing.", judge };
