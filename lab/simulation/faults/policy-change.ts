/** Deployments that lend less than before, as facts of their own: the oracle finds them without the broker's rules. */
import type { AccessPolicy, Rule } from "../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { role } from "../sim-policy.ts";

export interface PolicyChange {
  readonly change: (policy: AccessPolicy) => AccessPolicy;
  /** Whether the new policy still lends what a request is for. */
  readonly lends: (request: AccessRequest) => boolean;
}

/** Another policy has another hash. */
const HASH = "d".repeat(64);

const RULE = "edit";
const POLICY = "AmazonEKSEditPolicy";
const NAMESPACE = "app-a";

const narrowed = (rule: Rule): Rule =>
  rule.name === RULE
    ? { ...rule, access: { policies: [POLICY], namespaces: [NAMESPACE], wildcards: false } }
    : rule;

/** The rule for namespaces lends one policy in one namespace only. */
export const RULE_NARROWED: PolicyChange = {
  change: (policy) => ({ ...policy, hash: HASH, rules: policy.rules.map(narrowed) }),
  lends: ({ rule, access }) =>
    rule !== RULE ||
    ("policy" in access &&
      access.policy === POLICY &&
      access.scope.type === "namespace" &&
      access.scope.namespaces.every((name) => name === NAMESPACE)),
};

/** A cluster is marked as retired. */
export const clusterRetired = (name: string): PolicyChange => ({
  change: (policy) => ({
    ...policy,
    hash: HASH,
    clusters: Object.fromEntries(
      Object.entries(policy.clusters).map(([each, cluster]) => [
        each,
        each === name ? { ...cluster, retired: true } : cluster,
      ]),
    ),
  }),
  lends: ({ cluster }) => cluster.name !== name,
});

/** Nobody lends under a rule any more. */
export const ruleLeft = (name: string): PolicyChange => ({
  change: (policy) => ({
    ...policy,
    hash: HASH,
    rules: policy.rules.filter((rule) => rule.name !== name),
  }),
  lends: ({ rule }) => rule !== name,
});

/** Somebody leaves the policy. Their requests begin nothing more, and their approvals count no more. */
export const personLeft = (name: string): PolicyChange => ({
  change: (policy) => ({ ...policy, hash: HASH, people: without(policy.people, name) }),
  lends: (request) =>
    request.requester !== name && areEnoughWithout(request, (person) => person === name),
});

/** Whether a request stays approved where some people's approvals count no more, nor those given on behalf of them. */
export const areEnoughWithout = (
  { rule, approvals }: AccessRequest,
  isOut: (person: string) => boolean,
): boolean => {
  const staying = approvals.filter(
    ({ person, onBehalfOf }) => !isOut(person) && !(onBehalfOf && isOut(onBehalfOf.person)),
  );
  return staying.length === approvals.length || isEnough(rule, staying);
};

/** One lead is enough for most rules. The whole cluster needs its one admin, dan, and another lead. */
const isEnough = (rule: string, approvals: AccessRequest["approvals"]): boolean => {
  const voices = approvals.map(({ person, onBehalfOf }) => onBehalfOf?.person ?? person);
  return rule === "whole-cluster"
    ? voices.includes("dan") && voices.some((voice) => voice !== "dan")
    : voices.length > 0;
};

/** Somebody holds a principal no more. */
export const principalLeft = ([name, principal]: readonly [string, string]): PolicyChange => ({
  change: (policy) => {
    const person = policy.people[name];
    if (!person) return policy;
    const principals = person.principals.filter((arn) => arn !== role(principal));
    return {
      ...policy,
      hash: HASH,
      people: { ...policy.people, [name]: { ...person, principals } },
    };
  },
  lends: ({ requester, principalArn }) => requester !== name || principalArn !== role(principal),
});

/** A cluster is not in the policy any more, and in no rule. */
export const clusterLeft = (name: string): PolicyChange => ({
  change: (policy) => ({
    ...policy,
    hash: HASH,
    clusters: without(policy.clusters, name),
    rules: policy.rules
      .map((rule) => ({ ...rule, clusters: rule.clusters.filter((each) => each !== name) }))
      .filter(({ clusters }) => clusters.length > 0),
  }),
  lends: ({ cluster }) => cluster.name !== name,
});

const without = <Value>(
  all: Readonly<Record<string, Value>>,
  name: string,
): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(all).filter(([each]) => each !== name));
