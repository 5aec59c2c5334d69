import type { DelegationRecord } from "../../../../shared/domain/delegations/delegation-record.ts";
import { delegationVerifier } from "../../../../shared/domain/delegations/delegation-verifier.ts";

/** The faults in the chains of these records. */
export function verifyRecords(records: readonly DelegationRecord[]) {
  const verifier = delegationVerifier();
  return [...records.flatMap((record) => verifier.add(record) ?? []), ...verifier.end()];
}
