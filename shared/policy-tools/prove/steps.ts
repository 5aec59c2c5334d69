/** A way around a claim, as what people do one after the other. */
import { type Hours, nextOpening } from "../../domain/policy/hours.ts";
import { ownersOf } from "../../domain/policy/machines.ts";
import { type AccessPolicy, memberOf, type Rule } from "../../domain/policy/policy.ts";
import type { Access } from "../../domain/requests/request.ts";
import type { Surface } from "../../domain/requests/surface.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import { hasWildcard } from "../../domain/values/namespace-pattern.ts";
import { ruleFor } from "../rule-approval.ts";
import { commonNamespace } from "./common-namespace.ts";
import type { Act } from "./fewest.ts";
import { personsOf, surfacesOf } from "./persons.ts";
import type { ReachBreach } from "./prove-claim.ts";
import { sampleReason } from "./sample-reason.ts";
import { type StepTicket, sampleTicketOf } from "./sample-ticket.ts";
import { chainOf } from "./unattended.ts";
import type { Way } from "./ways.ts";

/** The person who acts in a step. */
interface Acting {
  /** The person or machine, by name. */
  readonly as: string;
  /** Present where they are known in Slack only, or may decide only there. */
  readonly surface?: "slack";
}

interface RequestStep extends Acting {
  readonly kind: "request";
  /** The owner by whose hands a machine asks. Absent for people, and where no owner may act. */
  readonly by?: string;
  readonly cluster: string;
  readonly access: Access;
  readonly durationSeconds: number;
  /** One that the rule takes; undefined where no ticket could be made up for its pattern. */
  readonly reason: string | undefined;
  /** Absent where the rule asks no tracker. */
  readonly ticket?: StepTicket;
  /** The schedule in which they are on call then. Absent where the rule asks for none. */
  readonly onCall?: string;
  readonly principalArn: string;
  readonly rule: string;
  readonly when: StepTime | undefined;
}

/** The hours of a rule, and the next instant within them. */
interface StepTime {
  readonly hours: Hours;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** An approver lets somebody else decide for them. */
interface DelegateStep {
  readonly kind: "delegate";
  readonly as: string;
  readonly surface?: never;
  readonly to: string;
  /** ISO 8601 UTC. Undefined for at once. */
  readonly from: string | undefined;
  /** ISO 8601 UTC. */
  readonly until: string;
  readonly when: undefined;
  /** Whether they did so before, and do nothing today. */
  readonly isEarlier: boolean;
}

interface ApproveStep extends Acting {
  readonly kind: "approve";
  readonly onBehalfOf?: string;
  /** The request, by its place among the requests of the way. */
  readonly request: number;
  readonly when: StepTime | undefined;
}

/** The holder has access last longer, which needs nobody else. */
interface ExtendStep extends Acting {
  readonly kind: "extend";
  readonly request: number;
  /** How many extensions of the request came before: the last of them is the one to extend. */
  readonly before: number;
  readonly durationSeconds: number;
  readonly when: undefined;
}

export type BreachStep = RequestStep | DelegateStep | ApproveStep | ExtendStep;

/** How long a delegation lasts: long enough for somebody to type the next command. */
const DELEGATED_SECONDS = 3_600;

/**
 * @param cluster of the claim, by its name
 * @param now the instant from which on the rules' hours are looked for
 */
export function stepsOf(
  policy: AccessPolicy,
  cluster: string,
  breach: Pick<ReachBreach, "fewest" | "reaching" | "unattendedSeconds" | "standing">,
  now: string,
): readonly BreachStep[] {
  const { fewest, reaching, unattendedSeconds, standing } = breach;
  const steps = fewest.acts.flatMap((act, request): readonly BreachStep[] => {
    const when = timeOf(act, now);
    const asked = requestOf(policy, cluster, act, reaching.place);
    const by = handOf(policy, breach, act);
    return [
      { ...asked, ...(by === undefined ? {} : { by }), when },
      ...act.approving.map(
        ({ name, onBehalfOf }): ApproveStep => ({
          kind: "approve",
          ...actingAs(policy, name, act.wanted.rule.decideIn),
          request,
          when,
          ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
        }),
      ),
      ...(unattendedSeconds === undefined ? [] : extendingOf(policy, act, request)),
    ];
  });
  return [...delegating(policy, steps, now, standing), ...steps];
}

/** Each delegation once, before everything else: so it is there whoever asks first. */
function delegating(
  policy: AccessPolicy,
  steps: readonly BreachStep[],
  now: string,
  isEarlier: boolean,
): readonly DelegateStep[] {
  const lasts = Math.min(DELEGATED_SECONDS, policy.delegations?.longestSeconds ?? 0);
  const made = new Map<string, DelegateStep>();
  for (const step of steps) {
    if (step.kind !== "approve" || step.onBehalfOf === undefined) continue;
    const from = step.when && step.when.at > now ? step.when.at : undefined;
    const until = plusSeconds(from ?? now, lasts);
    const { as: to, onBehalfOf: as } = step;
    const one = { kind: "delegate", as, to, from, until, when: undefined, isEarlier } as const;
    made.set(JSON.stringify([as, to, from]), one);
  }
  return [...made.values()];
}

function actingAs(
  policy: AccessPolicy,
  name: string,
  surfaces: readonly Surface[],
): Pick<ApproveStep, "as" | "surface"> {
  const person = policy.people[name];
  const isByApi = person !== undefined && surfacesOf(person).includes("api");
  return isByApi && surfaces.includes("api") ? { as: name } : { as: name, surface: "slack" };
}

/** The owner of a machine who is among those who act. */
function handOf(
  policy: AccessPolicy,
  { fewest }: Pick<ReachBreach, "fewest">,
  { requester }: Act,
): string | undefined {
  const persons = personsOf(policy);
  return ownersOf(policy, requester).find((name) => fewest.people.includes(persons.of(name)));
}

function timeOf({ wanted }: Act, now: string): StepTime | undefined {
  const { hours } = wanted.rule;
  const at = hours ? nextOpening(hours, now) : undefined;
  return hours && at !== undefined ? { hours, at } : undefined;
}

function requestOf(
  policy: AccessPolicy,
  cluster: string,
  { wanted, requester }: Act,
  place: string | undefined,
): Omit<RequestStep, "when"> {
  const { rule, principal } = wanted;
  const ticket = sampleTicketOf(policy, rule);
  const { onCall } = rule.who;
  return {
    kind: "request",
    ...actingAs(policy, requester, ["api", "slack"]),
    cluster,
    access: accessOf(wanted as Way, place),
    durationSeconds: rule.duration.maxSeconds,
    reason: sampleReason(rule.reason),
    ...(ticket === undefined ? {} : { ticket }),
    ...(onCall === undefined ? {} : { onCall }),
    principalArn: principal,
    rule: rule.name,
  };
}

function extendingOf(
  policy: AccessPolicy,
  { wanted, requester }: Act,
  request: number,
): readonly ExtendStep[] {
  const rule = ruleOf(policy, wanted.rule, requester);
  return chainOf(rule).map((durationSeconds, before) => ({
    kind: "extend",
    ...actingAs(policy, requester, ["api", "slack"]),
    request,
    before,
    durationSeconds,
    when: undefined,
  }));
}

function ruleOf(policy: AccessPolicy, rule: Rule, requester: string): Rule {
  const member = memberOf(policy, requester);
  return member ? ruleFor(policy, rule, member) : rule;
}

function accessOf({ policy, groups, namespace }: Way, place: string | undefined): Access {
  if (policy === undefined) return { groups };
  if (namespace === undefined) return { policy, scope: { type: "cluster" } };
  const name =
    place ??
    (hasWildcard(namespace) ? commonNamespace([{ text: namespace, isOfRule: true }]) : namespace);
  return { policy, scope: { type: "namespace", namespaces: [name ?? namespace] } };
}
