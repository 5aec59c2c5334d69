/** Rules that decide no request, because others that are tried before them allow the same. */
import type { AccessPolicy, Rule, RuleAccess } from "../domain/policy/policy.ts";
import { lendsNamespace } from "../domain/policy/rule-access.ts";
import { canonicalJson } from "../domain/values/canonical-json.ts";
import { hasWildcard, patternCovers } from "../domain/values/namespace-pattern.ts";
import type { PolicyFinding } from "./finding.ts";
import { principalsUnder, rulesTriedFor, type Use, usesOf } from "./rule-uses.ts";

/** A rule that is shadowed for everyone who can use it. A request can still name it. */
export const shadowedRules = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap((rule, at): readonly PolicyFinding[] => {
    const covers = coversOf(policy, rule);
    if (covers.length === 0) return [];
    const names = covers.map(({ name }) => name);
    const subject =
      names.length === 1
        ? `${names[0]} is tried first and allows`
        : `${names.join(", ")} are tried first, and together allow`;
    return [
      {
        code: "rule-shadowed",
        path: ["rules", at, "name"],
        detail: `${subject} everything that ${rule.name} allows. It decides only where a request names it.`,
      },
    ];
  });

/** The rules that shadow one; empty where some request is left for it. */
function coversOf(policy: AccessPolicy, rule: Rule): readonly Rule[] {
  const covers = new Set<Rule>();
  for (const use of usesOf(policy, rule)) {
    const own = rulesTriedFor(policy, use.member);
    const before = own.indexOf(rule);
    for (const part of partsOf(rule.access)) {
      const cover = own.find(
        (other, at) => at < before && coversFor(policy, other, rule, part, use),
      );
      if (!cover) return [];
      covers.add(cover);
    }
  }
  return [...covers];
}

/** The parts that single requests can be about: one policy each, or any of the groups. */
const partsOf = (access: RuleAccess): readonly RuleAccess[] =>
  "groups" in access ? [access] : access.policies.map((name) => ({ ...access, policies: [name] }));

/** Whether one rule allows a person all that another one allows them of this access on a cluster. */
const coversFor = (
  policy: AccessPolicy,
  outer: Rule,
  inner: Rule,
  part: RuleAccess,
  { member, cluster, principals }: Use,
): boolean =>
  outer.clusters.includes(cluster) &&
  (outer.who.onCall === undefined || outer.who.onCall === inner.who.onCall) &&
  (outer.ticket === undefined ||
    canonicalJson(outer.ticket) === canonicalJson(inner.ticket ?? null)) &&
  (outer.endsWithTicket !== true || inner.endsWithTicket === true) &&
  (outer.endsWithShift !== true || inner.endsWithShift === true) &&
  outer.duration.maxSeconds >= inner.duration.maxSeconds &&
  (outer.atMost === null || outer.breakGlass || outer.approval.length > 0) &&
  outer.startLatestSeconds >= inner.startLatestSeconds &&
  outer.reason.minLength <= inner.reason.minLength &&
  (outer.reason.ticket === null || outer.reason.ticket === inner.reason.ticket) &&
  lendsAllOf(outer.access, part) &&
  (outer.hours === null || canonicalJson(outer.hours) === canonicalJson(inner.hours)) &&
  principals.every((arn) => principalsUnder(policy, outer, member, cluster).includes(arn));

function lendsAllOf(outer: RuleAccess, inner: RuleAccess): boolean {
  if ("groups" in inner)
    return "groups" in outer && inner.groups.every((group) => outer.groups.includes(group));
  if (!("policies" in outer) || !inner.policies.every((name) => outer.policies.includes(name)))
    return false;
  if ("scope" in inner) return "scope" in outer && (!outer.exactly || inner.exactly === true);
  if ("scope" in outer) return !outer.exactly && !inner.wildcards;
  if (!("namespaces" in outer) || (inner.wildcards && !outer.wildcards)) return false;
  return inner.namespaces.every((asked) =>
    outer.namespaces.some(
      (pattern) =>
        pattern === asked ||
        // Neither of two patterns lends a system namespace, so what they cover is enough.
        (hasWildcard(asked) ? patternCovers(pattern, asked) : lendsNamespace(pattern, true, asked)),
    ),
  );
}
