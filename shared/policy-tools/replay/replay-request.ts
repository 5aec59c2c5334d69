/** The verdict of a policy on one request of the record, at the request's own instants. */
import type { Delegation } from "../../domain/delegations/delegation.ts";
import { openPlaces } from "../../domain/policy/approval.ts";
import { approversOf } from "../../domain/policy/approvers.ts";
import { isCoveredBy } from "../../domain/policy/delegated.ts";
import { type Chain, objectionsToChain } from "../../domain/policy/extension.ts";
import { type AllowedAsk, judgeAsk } from "../../domain/policy/judge-ask.ts";
import { objectionsTo, termsOf } from "../../domain/policy/objections.ts";
import { type AccessPolicy, type Member, memberOf, type Rule } from "../../domain/policy/policy.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import { voicesOf } from "../../domain/policy/voices.ts";
import type { AccessRequest, Approval } from "../../domain/requests/request.ts";
import { recordedOnCall } from "./recorded-on-call.ts";
import type { RecordedAsk, RecordedRequest } from "./recorded-request.ts";

/** People who would have had to agree too: `count` of these. */
export interface MissingPeople {
  readonly count: number;
  readonly groups: readonly string[];
  readonly people: readonly string[];
}

/**
 * - `same`: the people who agreed would have sufficed, or still nobody had decided.
 * - `refused`: the policy would not have taken the request.
 * - `others-needed`: other people, or more of them, would have had to agree. Nobody asked them.
 * - `nobody-asked`: it would have been granted, and no person would have had to agree.
 * - `longer`, `shorter`: as it was decided, but that the policy's own duration is another one.
 * - `granted`: it was never granted, and those who had agreed would have sufficed.
 */
export type Replayed =
  | { readonly verdict: "same" | "nobody-asked" | "granted"; readonly rule: string }
  | {
      readonly verdict: "longer" | "shorter";
      readonly rule: string;
      readonly durationSeconds: number;
    }
  | { readonly verdict: "refused"; readonly code: string; readonly detail: string }
  | {
      readonly verdict: "others-needed";
      readonly rule: string;
      readonly missing: readonly MissingPeople[];
    };

/** The facts of the record beside the request. */
export interface Surroundings {
  /** The delegation with an id; undefined where the record has no whole chain of it. */
  readonly delegation: (id: string) => Delegation | undefined;
  /** The chain of grants that an extension continues, itself included; undefined where it is cut off. */
  readonly chainOf: (request: AccessRequest) => Chain | undefined;
}

/** The policies that judge: the same one twice, unless the record's own are replayed. */
export interface Judges {
  readonly ask: (hash: string) => AccessPolicy;
  readonly decision: (hash: string) => AccessPolicy;
  /** Whether the asker named the rule, which the record does not say. */
  readonly isRuleNamed: (ask: RecordedAsk) => boolean;
}

/** Pure. */
export function replayRequest(
  recorded: RecordedRequest,
  judges: Judges,
  facts: Surroundings,
): Replayed {
  let taken: AllowedAsk | undefined;
  for (const ask of recorded.asks) {
    const judged = judgeRecorded(judges.ask(ask.policyHash), ask, judges.isRuleNamed(ask), facts);
    if ("verdict" in judged) return judged;
    taken = judged;
  }
  const policy = judges.decision(recorded.decidedUnder);
  const { request } = recorded;
  const { rule, principalArn = request.principalArn } = taken ?? {};
  const fixed = {
    ...request,
    principalArn,
    rule: rule?.name ?? "",
    requirements: rule?.approval ?? [],
  };
  const found = decided(
    recorded,
    { ...fixed, breakGlass: rule?.breakGlass ?? false },
    policy,
    facts,
  );
  return found.verdict === "same" && taken
    ? withDuration(found.rule, recorded.asks[0], taken)
    : found;
}

/** The time of a request that left it to the policy. An approver may have cut it since, in both. */
function withDuration(
  rule: string,
  { request, defaults = [] }: RecordedAsk,
  { durationSeconds }: AllowedAsk,
): Replayed {
  if (!defaults.includes("duration") || durationSeconds === request.durationSeconds)
    return { verdict: "same", rule };
  const verdict = durationSeconds > request.durationSeconds ? "longer" : "shorter";
  return { verdict, rule, durationSeconds };
}

/** The ask as the policy would have taken it. */
function judgeRecorded(
  policy: AccessPolicy,
  { request, at, defaults = [] }: RecordedAsk,
  isNamed: boolean,
  { chainOf }: Surroundings,
): AllowedAsk | Extract<Replayed, { verdict: "refused" }> {
  const { requester, cluster, access, startsAt, ticket = "" } = request;
  // A ticket that was named apart counts for a policy that asks for one, and for no other.
  const reason = request.reason.includes(ticket) ? request.reason : `${request.reason} ${ticket}`;
  const member = memberOf(policy, requester);
  if (!member) return refused("unknown-person", `The policy has no person ${requester}.`);
  const isExtension = request.extends !== undefined;
  const rule = isNamed || isExtension ? request.rule : null;
  const via = request.via ? { via: request.via } : {};
  const durationSeconds = defaults.includes("duration") ? null : request.durationSeconds;
  const principalArn = defaults.includes("principal") ? null : request.principalArn;
  const ask = { access, durationSeconds, reason, principalArn, startsAt, rule, ...via };
  const onCall = recordedOnCall(policy, request, at);
  const judged = judgeAsk(policy, member, { ...ask, cluster: cluster.name }, at, undefined, onCall);
  if (!judged.allowed) return refused(judged.code, judged.detail);
  if (judged.cluster.arn !== cluster.arn)
    return refused("another-cluster", `${cluster.name} is another cluster in this policy.`);
  const chain = isExtension ? chainOf(request) : undefined;
  const [objection] =
    chain && request.until ? objectionsToChain(judged.rule, chain, request.until) : [];
  return objection ? refused(objection.code, objection.detail) : judged;
}

const refused = (code: string, detail: string) => ({ verdict: "refused", code, detail }) as const;

/** Whether those who agreed would have sufficed when it was granted. */
function decided(
  { grantedBy }: RecordedRequest,
  request: AccessRequest,
  policy: AccessPolicy,
  facts: Surroundings,
): Replayed {
  const member = memberOf(policy, request.requester);
  const rule = ruleOfRequest(policy, request);
  if (!member || !rule)
    return refused("unknown-rule", `The policy has no rule ${request.rule} any more.`);
  const { approvedAt } = request;
  const objection = approvedAt && objectionAt(policy, rule, member, request, approvedAt);
  if (objection) return objection;
  const missing = missingPeople(policy, rule, member, request, facts);
  if (missing.length > 0)
    return grantedBy === "nobody"
      ? { verdict: "same", rule: rule.name }
      : { verdict: "others-needed", rule: rule.name, missing };
  // A ticket that was never read as open lends nothing, and the record says no more about it.
  const isTicketOpen = !rule.ticket || grantedBy !== "nobody";
  if (grantedBy === "policy" || !isTicketOpen) return { verdict: "same", rule: rule.name };
  if (rule.approval.length === 0) return { verdict: "nobody-asked", rule: rule.name };
  return { verdict: grantedBy === "people" ? "same" : "granted", rule: rule.name };
}

/** An objection that only the instant of the decision raises, such as the hours of a rule. */
function objectionAt(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  request: AccessRequest,
  approvedAt: string,
): Replayed | undefined {
  const onCall = recordedOnCall(policy, request, approvedAt);
  const [objection] = objectionsTo(
    policy,
    rule,
    member,
    termsOf(request, approvedAt, { onCall, ticketIs: "met" }),
  );
  return objection && refused(objection.code, objection.detail);
}

function missingPeople(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  request: AccessRequest,
  { delegation }: Surroundings,
): readonly MissingPeople[] {
  const requirements = approversOf(policy, rule, member, [request.principalArn]);
  const isCovered = (approval: Approval) =>
    isCoveredBy(policy, delegation(approval.onBehalfOf?.delegation ?? ""), approval);
  const open = openPlaces(requirements, voicesOf(policy, rule, request, isCovered));
  const given = request.approvals.map(({ person }) => person);
  return requirements.flatMap(({ groups, people }, at) => {
    const count = open[at] ?? 0;
    return count === 0
      ? []
      : [{ count, groups, people: people.filter((name) => !given.includes(name)) }];
  });
}
