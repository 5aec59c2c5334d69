/** How many calls there are in each state of their confirmation. */
import type { CallRecord } from "../../requests/evidence.ts";
import type { EvidenceTally } from "../report/evidence-tally.ts";
import { recordedCallState } from "./call-state.ts";

/** How the calls of one request stand. */
export interface CallCounts {
  readonly made: number;
  readonly confirmed: number;
  readonly unconfirmed: number;
  readonly missing: number;
}

/** @param tally what the records say of each call */
export function callCounts(calls: readonly CallRecord[], tally: EvidenceTally): CallCounts {
  const states = calls.map((call) => recordedCallState(call, tally.stateOf));
  const count = (wanted: string) => states.filter((state) => state === wanted).length;
  return {
    made: calls.length,
    confirmed: count("confirmed"),
    unconfirmed: count("unconfirmed"),
    missing: count("missing"),
  };
}
