/** The record of an audit event about an access entry. */
import type { ElementSet } from "../values/element-set.ts";

/** The proof of one call: AWS's request id, and the session it was made in. */
export interface CallRecord {
  readonly operation: string;
  readonly requestId: string | null;
  readonly sessionName: string;
  readonly at: string;
  /** `ok`, or the name of the error. */
  readonly result: string;
}

/** The record of a call that was made in several attempts. */
export interface CallAnswer extends CallRecord {
  /** The attempts before the last one, each of which AWS refused. CloudTrail shows them, too. */
  readonly earlier?: readonly CallRecord[];
}

/**
 * A change to the entry that somebody outside Timelatch made, to report to people. `ledger-behind`: the
 * ledger does not know all that was lent on the entry, or who gave what `found` names.
 */
export interface EntryFinding {
  readonly code:
    | "entry-deleted"
    | "entry-replaced"
    | "entry-edited"
    | "entry-adopted"
    /** The requests table holds records of the binding that converge does not believe. */
    | "record-left-out"
    | "ledger-behind";
  readonly target?: string;
  readonly expected?: ElementSet;
  readonly found?: ElementSet;
}

/** The calls that served one grant, and changes by others to its target. */
export interface Evidence {
  readonly calls: readonly CallRecord[];
  /** Absent if others changed nothing. */
  readonly findings?: readonly EntryFinding[];
}
