import type { RecordedCall } from "../../domain/evidence/calls/recorded-call.ts";

/**
 * The chains that record what CloudTrail says of a call: one for each request that it served. A call
 * that only the binding caused has the chain of its session.
 */
export const chainsOf = ({ requestIds, sessionName }: RecordedCall): readonly string[] =>
  requestIds.length > 0 ? requestIds : [sessionName];
