/** Access as a formula: where rules lend it, and what of it amounts to what a claim names. */
import type { Case, RuleWords } from "./file-words.ts";
import { CLUSTER_ADMIN, EVERYTHING, gives, isStep, rightsOf } from "./permitted.ts";
import { and, covers, type Formula, not, or, TRUE } from "./smt.ts";

/** A namespace, and whether the whole cluster is meant in its place. */
export const PLACE = "place";
export const WHOLE = "whole";

/** Whether somebody brings about a grant of the rule. */
export const lentName = ({ name }: RuleWords): Formula => `lent-${name}`;

/** The places at which a rule lends its access policies. A rule's pattern lends no namespace of Kubernetes itself. */
function lendsAt({ access }: RuleWords): Formula {
  if ("groups" in access || "scope" in access) return TRUE;
  return and([
    not(WHOLE),
    or(
      access.namespaces.map((pattern) =>
        pattern.includes("*")
          ? and([covers(pattern, PLACE), not(`(str.prefixof "kube-" ${PLACE})`)])
          : covers(pattern, PLACE),
      ),
    ),
  ]);
}

const policiesOf = ({ access }: RuleWords, groups: Case["groups"]): readonly string[] =>
  "groups" in access ? access.groups.map((group) => groups[group] ?? EVERYTHING) : access.policies;

/** Whether what is lent amounts to what the claim names, at one place. */
export function reached({ file, claim, groups }: Case): Formula {
  const { policies = [], namespaces = [] } = claim.reach;
  const where =
    namespaces.length === 0
      ? TRUE
      : and([not(WHOLE), or(namespaces.map((pattern) => covers(pattern, PLACE)))]);
  const lending = (isMeant: (policy: string) => boolean): Formula =>
    or(
      file.rules
        .filter((rule) => policiesOf(rule, groups).some(isMeant))
        .map((rule) => and([lentName(rule), lendsAt(rule)])),
    );
  if (policies.length === 0) return and([where, lending(() => true)]);
  const all = (policy: string, isWhole: boolean): Formula =>
    and([
      ...new Set(rightsOf(policy, isWhole).map((right) => lending((one) => gives(one, right)))),
    ]);
  return and([
    where,
    or(
      policies.flatMap((policy) => [
        and([WHOLE, all(policy, true)]),
        and([not(WHOLE), all(policy, false)]),
      ]),
    ),
  ]);
}

/** Creating pods beside Kubernetes' own parts counts as cluster admin, wherever the claim means. */
export function stepped({ file, claim, groups }: Case): readonly Formula[] {
  const { policies = [], direct } = claim.reach;
  if (direct || !policies.includes(CLUSTER_ADMIN)) return [];
  return file.rules
    .filter(({ access }) => !("namespaces" in access) || access.namespaces.some(isOfKubernetes))
    .filter((rule) => policiesOf(rule, groups).some(isStep))
    .map(lentName);
}

const isOfKubernetes = (name: string) => name.startsWith("kube-") && !name.includes("*");
