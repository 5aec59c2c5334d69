/** A request or a finding, as its last step stored it: what its messages and events should show. */

import { delegationOf } from "../../../shared/domain/delegations/delegation.ts";
import type { DelegationRecord } from "../../../shared/domain/delegations/delegation-record.ts";
import type {
  AcknowledgementRecord,
  FoundRecord,
} from "../../../shared/domain/evidence/findings/finding-record.ts";
import { NOBODY_DELEGATES } from "../../../shared/domain/notices/audiences.ts";
import { delegationNotices } from "../../../shared/domain/notices/delegation-notices.ts";
import { findingNotices } from "../../../shared/domain/notices/finding-notices.ts";
import {
  isAboutDelegation,
  type Notice,
  type NoticePlan,
} from "../../../shared/domain/notices/notice.ts";
import { noticesFor } from "../../../shared/domain/notices/notices-for.ts";
import { delegationSubject, findingSubject } from "../../../shared/domain/notices/subject.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { deciderText } from "../../../shared/domain/requests/decider-text.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import type { Stopped } from "../../../shared/domain/stops/stops.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { MemoryTables } from "../../fakes/memory-tables.ts";
import { POLICY } from "../sim-policy.ts";

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

export interface StoredSubject {
  readonly subject: string;
  /** The number of the last step. */
  readonly version: number;
  /** The number of the step before another one; 0 before the first. */
  readonly before: (seq: number) => number;
  /** The text of a message about it. */
  readonly says: string;
  readonly plan: (now: string) => NoticePlan;
  /** A day after this, its messages are old news, which nobody is owed. ISO 8601 UTC. */
  readonly newsUntil: string;
  /** Whether the table has it as it was stored, and nobody wrote into the table. */
  readonly isIn: (tables: MemoryTables) => boolean;
}

const DAY_SECONDS = 86_400;

/** @param policy as it is deployed @param stopped who is suspended now */
export const storedRequest = (
  request: AccessRequest,
  policy: () => AccessPolicy,
  stopped: () => Stopped,
): StoredSubject => ({
  subject: request.id,
  version: request.version,
  before: (seq) => seq - 1,
  says: requestSays(request),
  plan: (now) => noticesFor(policy(), request, now, NOBODY_DELEGATES, stopped()),
  newsUntil: plusSeconds(request.updatedAt, DAY_SECONDS),
  isIn: ({ requests }) => requests.get(request.id) === request,
});

export function storedFinding(
  finding: FoundRecord,
  acknowledgements: readonly AcknowledgementRecord[],
): StoredSubject {
  const records = [finding, ...acknowledgements];
  const last = records.at(-1) ?? finding;
  return {
    subject: findingSubject(finding.details.findingId),
    version: last.seq,
    before: (seq) => records.findLast((record) => record.seq < seq)?.seq ?? 0,
    says: JSON.stringify([
      finding.details,
      acknowledgements.map(({ at, details: { actor, note } }) => [actor, note, at]),
    ]),
    plan: (now) => findingNotices(POLICY, finding, acknowledgements, now),
    newsUntil: plusSeconds(last.at, DAY_SECONDS),
    isIn: () => true,
  };
}

/** The text of a message about its request, from the stored records. */
export const requestSays = ({ approvals, ...request }: AccessRequest) =>
  says(request, approvals.map(deciderText));

/** The same from the message. */
export function noticeSays(notice: Notice): string {
  if (notice.kind === "finding") {
    const { details, acknowledgements } = notice.facts;
    const said = acknowledgements.map(({ actor, note, at }) => [actor, note, at]);
    return JSON.stringify([details, said]);
  }
  if (isAboutDelegation(notice)) return JSON.stringify(notice.facts);
  if (notice.kind === "stop") return JSON.stringify(notice.facts);
  return says(notice.facts, notice.facts.approvers);
}

type Said =
  | "state"
  | "access"
  | "durationSeconds"
  | "revokeAt"
  | "endedAt"
  | "outcome"
  | "endProof";

const says = (
  {
    state,
    access,
    durationSeconds,
    revokeAt,
    endedAt,
    outcome,
    endProof,
  }: Pick<AccessRequest, Said>,
  approvers: readonly string[],
) => {
  // A message about an approval says nothing of its end, which a later step may have moved.
  const end = state === "approved" ? null : revokeAt;
  // A message about a decision ends with it, and shows no end.
  const proof = endedAt === null ? undefined : endProof;
  return JSON.stringify([state, access, durationSeconds, approvers, end, endedAt, outcome, proof]);
};
