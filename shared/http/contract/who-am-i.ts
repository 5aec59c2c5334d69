import { ownersOf } from "../../domain/policy/machines.ts";
import {
  type AccessPolicy,
  hasRole,
  isMachine,
  type Member,
  type PolicyRole,
} from "../../domain/policy/policy.ts";
import { liftClause, liftOf } from "../../domain/stops/lifters.ts";
import { ownStop } from "../../domain/stops/own-stop.ts";
import { type Stopped, suspensionOf } from "../../domain/stops/stops.ts";
import { type StoppedAnswer, stoppedAnswer } from "./stopped-answer.ts";

/** `GET /v1/whoami`: the caller, as the API identified them. */
export interface WhoAmIAnswer {
  /** The name in `access.yaml`. */
  readonly person: string;
  readonly groups: readonly string[];
  readonly roles: readonly PolicyRole[];
  /** The ARN that signed the call, as API Gateway verified it. */
  readonly identityArn: string;
  /** The caller is a machine, with the people who own it. Absent for a person. */
  readonly machine?: { readonly owners: readonly string[] };
  /** The people for whom the caller may decide now. Absent if there is nobody. */
  readonly decidesFor?: readonly string[];
  /** Those for whom they may not, since an admin suspended them. Absent if there is nobody. */
  readonly suspendedDelegators?: readonly SuspendedDelegator[];
  /** Only where a suspension or a drain refuses every request of the caller. */
  readonly stopped?: StoppedAnswer;
}

/** Somebody for whom nobody decides. */
interface SuspendedDelegator {
  readonly person: string;
  /** Says who suspended them, and who can lift it. */
  readonly detail: string;
}

/** The caller's identity, from their entry in the policy and what API Gateway verified. */
export function whoAmIAnswer(
  policy: AccessPolicy,
  member: Member,
  identityArn: string,
  stopped: Stopped,
  delegators: readonly Member[],
): WhoAmIAnswer {
  const stop = ownStop(policy, stopped, member.name);
  const suspended = delegators.flatMap((each) => suspendedOf(policy, stopped, each, member) ?? []);
  const decidesFor = delegators
    .map(({ name }) => name)
    .filter((name) => suspended.every(({ person }) => person !== name));
  return {
    person: member.name,
    groups: member.groups,
    roles: (["admins", "auditors"] as const).filter((role) => hasRole(policy, member, role)),
    identityArn,
    ...(isMachine(member) ? { machine: { owners: ownersOf(policy, member.name) } } : {}),
    ...(decidesFor.length > 0 ? { decidesFor } : {}),
    ...(suspended.length > 0 ? { suspendedDelegators: suspended } : {}),
    ...(stop ? { stopped: stoppedAnswer(stop) } : {}),
  };
}

function suspendedOf(
  policy: AccessPolicy,
  stopped: Stopped,
  { name: person }: Member,
  reader: Member,
): SuspendedDelegator | undefined {
  const suspension = suspensionOf(stopped, person);
  if (!suspension) return undefined;
  const way = liftClause(liftOf(policy, stopped, suspension.by, reader.name));
  return {
    person,
    detail: `${suspension.by} suspended ${person}, so nobody decides for them; ${way}.`,
  };
}
