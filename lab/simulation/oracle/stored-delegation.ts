/** A delegation, as its records were stored: what its messages and events should show. */
import { delegationOf } from "../../../shared/domain/delegations/delegation.ts";
import type { DelegationRecord } from "../../../shared/domain/delegations/delegation-record.ts";
import { delegationNotices } from "../../../shared/domain/notices/delegation-notices.ts";
import { delegationSubject } from "../../../shared/domain/notices/subject.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { StoredSubject } from "./stored-subject.ts";

const DAY_SECONDS = 86_400;

/** @param policy as it is deployed */
export function storedDelegation(
  policy: () => AccessPolicy,
  records: readonly DelegationRecord[],
): StoredSubject {
  const id = records[0]?.delegationId ?? "";
  const delegation = delegationOf(id, records);
  if (!delegation) throw new Error(`${id} has no whole chain of records.`);
  const { by, to, from, until, ended } = delegation;
  return {
    subject: delegationSubject(id),
    version: records.length,
    before: (seq) => seq - 1,
    says: JSON.stringify({ delegationId: id, by, to, from, until, ended }),
    plan: (now) => delegationNotices(policy(), delegation, now),
    newsUntil: plusSeconds(ended?.at ?? until, DAY_SECONDS),
    isIn: () => true,
  };
}
