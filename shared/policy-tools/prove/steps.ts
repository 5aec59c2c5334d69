/** A way around a claim, as what people do one after the other. */
import { type Hours, nextOpening } from "../../domain/policy/hours.ts";
import type { Access } from "../../domain/requests/request.ts";
import { hasWildcard } from "../../domain/values/namespace-pattern.ts";
import { commonNamespace } from "./common-namespace.ts";
import type { Act } from "./fewest.ts";
import type { ReachBreach } from "./prove-claim.ts";
import { sampleReason } from "./sample-reason.ts";
import type { Way } from "./ways.ts";

interface RequestStep {
  readonly kind: "request";
  /** The person who asks, by name. */
  readonly as: string;
  readonly cluster: string;
  readonly access: Access;
  readonly durationSeconds: number;
  /** One that the rule takes; undefined where no ticket could be made up for its pattern. */
  readonly reason: string | undefined;
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

interface ApproveStep {
  readonly kind: "approve";
  readonly as: string;
  readonly onBehalfOf?: string;
  /** The request, by its place among the requests of the way. */
  readonly request: number;
  readonly when: StepTime | undefined;
}

export type BreachStep = RequestStep | ApproveStep;

/**
 * @param cluster of the claim, by its name
 * @param now the instant from which on the rules' hours are looked for
 */
export const stepsOf = (
  cluster: string,
  { fewest, reaching }: Pick<ReachBreach, "fewest" | "reaching">,
  now: string,
): readonly BreachStep[] =>
  fewest.acts.flatMap((act, request) => {
    const when = timeOf(act, now);
    return [
      { ...requestOf(cluster, act, reaching.place), when },
      ...act.approving.map(
        ({ name: as, onBehalfOf }): ApproveStep => ({
          kind: "approve",
          as,
          request,
          when,
          ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
        }),
      ),
    ];
  });

function timeOf({ wanted }: Act, now: string): StepTime | undefined {
  const { hours } = wanted.rule;
  const at = hours ? nextOpening(hours, now) : undefined;
  return hours && at !== undefined ? { hours, at } : undefined;
}

function requestOf(
  cluster: string,
  { wanted, requester }: Act,
  place: string | undefined,
): Omit<RequestStep, "when"> {
  const { rule, principal } = wanted;
  return {
    kind: "request",
    as: requester,
    cluster,
    access: accessOf(wanted as Way, place),
    durationSeconds: rule.duration.maxSeconds,
    reason: sampleReason(rule.reason),
    principalArn: principal,
    rule: rule.name,
  };
}

function accessOf({ policy, groups, namespace }: Way, place: string | undefined): Access {
  if (policy === undefined) return { groups };
  if (namespace === undefined) return { policy, scope: { type: "cluster" } };
  const name =
    place ??
    (hasWildcard(namespace) ? commonNamespace([{ text: namespace, isOfRule: true }]) : namespace);
  return { policy, scope: { type: "namespace", namespaces: [name ?? namespace] } };
}
