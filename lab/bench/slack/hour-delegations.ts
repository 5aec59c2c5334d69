/** The delegations of a busy hour: each approver has somebody else decide for ten minutes. */
import { type Delegation, delegationOf } from "../../../shared/domain/delegations/delegation.ts";
import {
  type MadeRecord,
  madeRecord,
} from "../../../shared/domain/delegations/delegation-record.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { countedId } from "../../fakes/counted-ids.ts";
import { APPROVERS, delegateOf } from "./lives.ts";

const LASTING_SECONDS = 600;

export interface HourDelegation {
  /** Seconds after the beginning. */
  readonly madeAt: number;
  readonly record: (at: string) => MadeRecord;
}

/** One delegation of each approver, spread over the hour. */
export const drawDelegations = (withinSeconds: number): readonly HourDelegation[] =>
  APPROVERS.map((by, n) => ({
    madeAt: (withinSeconds * (n + 1)) / (APPROVERS.length + 1),
    record: (at) =>
      madeRecord(
        { delegationId: countedId(1_000_000 + n), actor: by, at, policyHash: "0".repeat(64) },
        {
          to: delegateOf(by),
          from: at,
          until: plusSeconds(at, LASTING_SECONDS),
          surface: "api",
          proof: {},
        },
      ),
  }));

/** The delegation that a record makes. */
export function delegationIn(record: MadeRecord): Delegation {
  const delegation = delegationOf(record.delegationId, [record]);
  if (!delegation) throw new Error(`Record ${record.delegationId} makes no delegation.`);
  return delegation;
}
