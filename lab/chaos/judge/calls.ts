import { mayBeLost } from "./lost-records.ts";
import type { Judgement, Seen, SeenRequest, Violation } from "./seen.ts";

/** Faults of a call that counts as missing. */
function wrongMissing({ requestId, at }: SeenRequest["evidence"]["calls"][number], seen: Seen) {
  if (!mayBeLost(Date.parse(at), "lose", seen)) return "missing, and CloudTrail has its record";
  const isFound = seen.findings.some(
    (finding) => finding.code === "missing-event" && finding.eksRequestId === requestId,
  );
  return isFound ? undefined : "missing, and no finding says so";
}

/** A call that changed nothing has no state. */
function wrongState(
  call: SeenRequest["evidence"]["calls"][number],
  seen: Seen,
): string | undefined {
  if (call.state === "confirmed" || call.state === null) return undefined;
  return call.state === "missing" ? wrongMissing(call, seen) : call.state;
}

const judge = (seen: Seen): readonly Violation[] =>
  seen.requests.flatMap(({ request, evidence }) =>
    evidence.calls.flatMap((call) => {
      const wrong = wrongState(call, seen);
      if (wrong === undefined) return [];
      const detail = `${call.operation} ${call.requestId} of ${call.at} is ${wrong}.`;
      return [{ at: seen.settledAt, request: request.id, detail }];
    }),
  );

export const CALLS: Judgement = {
  sentence: "Every call to EKS is confirmed, or missing where its record was lost.",
  judge,
};
