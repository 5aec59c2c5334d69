/** Facts from EKS about a grant. Pure. */

import { isWithin } from "../../../../shared/domain/policy/hours.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { clusterOf } from "../../../../shared/domain/values/arn.ts";
import { secondsBetween } from "../../../../shared/domain/values/instant.ts";
import type { AccessAnswer } from "../../../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../../../shared/http/contract/answers.ts";
import { contradicted, type Fact, holds, judged, unsettled } from "../fact.ts";
import { named, redactable, seconds } from "../report/redactable.ts";
import type { FactName } from "../settled-facts.ts";
import type { ChosenAccess } from "./chosen-access.ts";
import type { EntrySight } from "./smoke-sight.ts";

/** The access that is lent, to whom, and where. */
export interface Plan {
  readonly chosen: ChosenAccess;
  readonly clusterArn: string;
  readonly principalArn: string;
}

/** The person who asks, and the broker. */
export interface Asker {
  readonly policy: AccessPolicy;
  /** The broker's account, twelve digits. */
  readonly account: string;
  readonly signsAsOwnRole: boolean;
}

/** The instant of a request is Lambda's. It has to lie between the question and the answer. */
export function clockOf(askedAt: string, { createdAt }: RequestAnswer, answeredAt: string): Fact {
  const off = Math.max(
    secondsBetween(createdAt, askedAt),
    secondsBetween(answeredAt, createdAt),
    0,
  );
  return judged(off < CLOCK_SECONDS, "lambda-clock", {
    says: redactable`Lambda's clock was at most ${seconds(off)} from this machine's`,
    next: redactable`compare this machine's clock with AWS's: timelatch doctor --only api-and-clock`,
    numbers: { offSeconds: off },
  });
}

/** The hours of rules are judged in Lambda. The same is computed here, for the same minute. */
export function zonesOf({ rules }: AccessAnswer, at: string): Fact {
  const all = rules.flatMap(({ hours }) => (hours ? [hours] : []));
  const other = all.filter((hours) => hours.isOpen !== isWithin(hours, at));
  if (all.length === 0)
    return unsettled(
      "zones",
      redactable`none of your rules has hours`,
      redactable`run it as somebody with such a rule, where the policy has one`,
    );
  return judged(other.length === 0, "zones", {
    says: redactable`Lambda judges the hours of ${all.length - other.length} of ${all.length} rules as this machine does`,
    next: redactable`run it again, in case the minute was over; else tell us: hours are judged by other zones`,
    numbers: { rules: all.length },
  });
}

/** docs/assumptions.md has it. */
const CLOCK_SECONDS = 5;

/** Whether an entry has what is lent, in the scope that was asked for. */
export const shows = ({ policies }: EntrySight, { chosen: { access } }: Plan): boolean =>
  policies.some(({ name, namespaces }) => {
    if (!("policy" in access) || name !== access.policy) return false;
    if (access.scope.type === "cluster") return namespaces === null;
    return access.scope.namespaces.every((one) => namespaces?.includes(one));
  });

export function additionOf(
  { id }: RequestAnswer,
  plan: Plan,
  during: EntrySight | undefined,
  before: EntrySight | undefined,
): Fact {
  const grant = named("request", id);
  if (!during || !shows(during, plan))
    return contradicted(
      "grant-added",
      redactable`${grant} is active, and EKS does not show its access`,
      redactable`timelatch show ${grant} has every call; end it: timelatch return ${grant}`,
    );
  if (!before && !during.isOurs)
    return contradicted(
      "grant-added",
      redactable`EKS shows the access of ${grant} on an entry without the tag timelatch:managed-by`,
      redactable`somebody else made the entry meanwhile; end it: timelatch return ${grant}`,
    );
  return holds("grant-added", redactable`EKS shows the access of ${grant}`);
}

export function removalOf(
  { id, expiresAt, endedAt }: RequestAnswer,
  plan: Plan,
  after: EntrySight | undefined,
  before: EntrySight | undefined,
): Fact {
  const grant = named("request", id);
  if (after && shows(after, plan))
    return contradicted(
      "grant-removed",
      redactable`${grant} has ended, and EKS still shows its access`,
      redactable`timelatch docs runbook#end-a-grant-by-hand`,
    );
  if (after && !before)
    return contradicted(
      "grant-removed",
      redactable`${grant} has ended, and its access entry is still there, without its access`,
      redactable`timelatch docs runbook#bareentry`,
    );
  const early = secondsBetween(endedAt ?? expiresAt ?? "", expiresAt ?? "");
  return holds(
    "grant-removed",
    redactable`EKS shows it no longer. A read proved the end ${seconds(early)} before it was to be over`,
    { earlySeconds: early },
  );
}

/**
 * The facts that the addition settles. An entry that stood before proves nothing about making one.
 */
export function settledBy(
  { policy, account, signsAsOwnRole }: Asker,
  { person }: AccessAnswer,
  { clusterArn }: Plan,
  before: EntrySight | undefined,
): readonly FactName[] {
  const isPinned =
    policy.people[person]?.identities.identityCenter?.userId !== undefined &&
    policy.identity?.identityCenter?.pin !== "userName";
  return [
    ...(signsAsOwnRole && isPinned ? ["session-user-id" as const] : []),
    ...(clusterOf(clusterArn).account === account ? [] : ["spoke-grantor" as const]),
    ...(before ? [] : ["tag-at-creation" as const, "username-at-creation" as const]),
  ];
}
