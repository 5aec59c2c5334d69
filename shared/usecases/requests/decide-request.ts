import type { Actor } from "../../domain/policy/actor.ts";
import { deadlineOf } from "../../domain/policy/admission.ts";
import { countedApprovals, isQuorum, mayApprove } from "../../domain/policy/approval.ts";
import {
  type Objection,
  objectionsTo,
  type Terms,
  termsOf,
} from "../../domain/policy/objections.ts";
import { type AccessPolicy, type Member, memberOf, type Rule } from "../../domain/policy/policy.ts";
import { holdsPrincipal } from "../../domain/policy/request-rights.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import { type Step, transition } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest, Approval } from "../../domain/requests/request.ts";
import { approverGroups } from "../../domain/requests/requirement.ts";
import type { Surface } from "../../domain/requests/surface.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { changeRequest } from "./change-request.ts";
import { wakeConverge } from "./wake-converge.ts";

export interface Decision {
  readonly verdict: "approve" | "deny";
  /** The digest of the terms that the approver was shown. */
  readonly digest: string;
  readonly note?: string;
}

/**
 * Records an approver's decision. Rights and policy are checked at this moment. Repeating an
 * approval changes nothing.
 *
 * @throws BrokerError `request-not-found`, `self-approval`, `forbidden`, `digest-mismatch`,
 *   `policy-denied`, `outside-hours`, `illegal-transition`, `too-many-grants`
 */
export async function decideRequest(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  decision: Decision,
): Promise<AccessRequest> {
  const { request: decided, isStored } = await changeRequest(ports, actor, id, (request, at) =>
    decide(ports, actor, request, decision, at),
  );
  if (isStored && decided.state === "approved") await wakeConverge(ports, decided, "approved");
  return decided;
}

function decide(
  { policy, settings }: FrontPorts,
  { member, surface, proof }: Actor,
  request: AccessRequest,
  { verdict, digest, note }: Decision,
  at: string,
): Step | undefined {
  if (request.requester === member.name)
    throw new BrokerError(
      "self-approval",
      "You cannot decide on your own request. Nothing was changed; ask someone else to decide.",
    );
  const rule = ruleOfRequest(policy, request);
  const counted = countedApprovals(rule, request.approvals);
  const again = counted.some(({ person }) => person === member.name);
  if (again && verdict === "approve") return undefined;
  const requirements = rule?.approval ?? request.requirements;
  checkMayDecide(policy, member, request, requirements);
  checkSurface(rule, request, surface);
  checkDigest(request, digest);
  const approval: Approval = {
    person: member.name,
    surface,
    at,
    ...(note === undefined ? {} : { note }),
    proof,
  };
  if (verdict === "deny") return denied(policy, request, digest, approval);
  const people = [...counted, approval].flatMap(({ person }) => memberOf(policy, person) ?? []);
  const isQuorumMet = isQuorum(requirements, people);
  // Only the last approval fixes the start, so an earlier one may come at any hour. One that comes
  // after a decision or a lapse fixes nothing, and is refused for that below.
  const fixesStart = isQuorumMet && request.state === "pending";
  const terms = termsOf(request, fixesStart ? at : null);
  checkStillAllowed(rule, terms, memberOf(policy, request.requester), policy);
  return approved({ policy, settings }, request, digest, approval, isQuorumMet);
}

function denied(policy: AccessPolicy, request: AccessRequest, digest: string, approval: Approval) {
  const { person, at, note } = approval;
  return transition(request, {
    actor: person,
    at,
    policyHash: policy.hash,
    type: "deny",
    details: { digest, ...approval },
    changes: {
      policyHash: policy.hash,
      outcome: {
        code: "denied",
        detail: `Denied by ${person}${note === undefined ? "." : `: ${note}`}`,
      },
    },
  });
}

/** Adds an approval. Once the quorum is met, the request is approved and its times are fixed. */
function approved(
  { policy, settings }: Pick<FrontPorts, "policy" | "settings">,
  request: AccessRequest,
  digest: string,
  approval: Approval,
  isQuorumMet: boolean,
): Step {
  const { person: actor, at } = approval;
  const occurrence = { actor, at, policyHash: policy.hash, type: "approve" } as const;
  const details = { digest, ...approval };
  const approvals = [...request.approvals, approval];
  const changes = { approvals, policyHash: policy.hash };
  if (!isQuorumMet) return transition(request, { ...occurrence, to: "pending", details, changes });
  const times = deadlineOf({ ...request, approvedAt: at }, settings);
  return transition(request, {
    ...occurrence,
    details: { ...details, ...times },
    changes: { ...changes, ...times },
  });
}

function checkMayDecide(
  policy: AccessPolicy,
  member: Member,
  request: AccessRequest,
  requirements: AccessRequest["requirements"],
): void {
  const groups = [...new Set(requirements.flatMap(approverGroups))];
  if (groups.length === 0)
    throw new BrokerError(
      "forbidden",
      "Nobody may decide on this: its rule asks for no approval, or the policy changed since it was asked. Nothing was changed; have the requester ask again, or revoke what was granted.",
    );
  if (!mayApprove(requirements, member))
    throw new BrokerError(
      "forbidden",
      `Only ${groups.join(", ")} may decide on this. Nothing was changed; ask one of their members.`,
    );
  if (holdsPrincipal(policy, member, request))
    throw new BrokerError(
      "forbidden",
      `You hold ${request.principalArn} yourself, so the access would be yours too. Nothing was changed; ask someone else to decide.`,
    );
}

function checkDigest(request: AccessRequest, shown: string): void {
  if (shown !== request.digest)
    throw new BrokerError(
      "digest-mismatch",
      "The digest does not match the request, so it is not what you were shown. Nothing was changed; read it again, then decide.",
    );
}

function checkStillAllowed(
  rule: Rule | undefined,
  terms: Terms,
  requester: Member | undefined,
  policy: AccessPolicy,
): void {
  const objections = rule && requester ? objectionsTo(policy, rule, requester, terms) : [];
  const isOpen = rule?.approval.some((need) => approverGroups(need).length === 0) === true;
  if (rule && requester && objections.length === 0 && !isOpen) return;
  const isEarlyOrLate = objections.length > 0 && objections.every(isAboutHours);
  if (isEarlyOrLate && !isOpen) throw outsideHours(objections);
  const why = [
    ...objections.map(({ detail }) => detail),
    ...(isOpen ? ["It now needs approvers who could not approve it when it was asked."] : []),
  ].join(" ");
  throw new BrokerError(
    "policy-denied",
    `The policy changed and no longer allows this request. ${why} Nothing was changed; deny it, or have the requester ask again.`,
  );
}

const isAboutHours = ({ code }: Objection) => code === "outside-hours";

/** The policy still allows it, at another time: so the request stays, until it lapses. */
const outsideHours = (objections: readonly Objection[]): BrokerError =>
  new BrokerError(
    "outside-hours",
    `${objections.map(({ detail }) => detail).join(" ")} Nothing was changed; approve it within the hours, or have the requester ask again.`,
  );

/** A Slack session may be weaker than one of IAM with MFA, so a rule says where its approvers decide. */
function checkSurface(rule: Rule | undefined, { id }: AccessRequest, surface: Surface): void {
  if (!rule || rule.decideIn.includes(surface)) return;
  if (surface === "slack")
    throw new BrokerError(
      "forbidden",
      `Nobody may decide on a request of ${rule.name} in Slack. Nothing was changed; decide at a terminal: timelatch approve ${id}, or timelatch deny ${id}.`,
    );
  throw new BrokerError(
    "forbidden",
    `Nobody may decide on a request of ${rule.name} by command or over the API. Nothing was changed; decide in Slack.`,
  );
}
