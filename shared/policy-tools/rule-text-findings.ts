/** Namespace patterns and tickets of rules that mean something else than they seem to. */
import { leavesThingsBehind } from "../domain/policy/permits.ts";
import type { AccessPolicy, Rule } from "../domain/policy/policy.ts";
import { hasWildcard, reachesSystem } from "../domain/values/namespace-pattern.ts";
import type { PolicyFinding } from "./finding.ts";

export const ruleTextFindings = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap((rule, at) => [...namespaceFindings(rule, at), ...ticketFindings(rule, at)]);

function namespaceFindings({ access }: Rule, at: number): readonly PolicyFinding[] {
  if (!("namespaces" in access)) return [];
  const isStrong = access.policies.some(leavesThingsBehind);
  return access.namespaces.flatMap((pattern, n): readonly PolicyFinding[] => {
    if (!reachesSystem(pattern)) return [];
    const path = ["rules", at, "access", "namespaces", n];
    if (hasWildcard(pattern))
      return [
        {
          code: "pattern-reaches-system",
          path,
          detail: `${pattern} matches names that begin with kube-, which belong to Kubernetes. A pattern lends none of them. A rule that is to lend one writes its name in full.`,
        },
      ];
    if (!isStrong) return [];
    return [
      {
        code: "system-namespace",
        path,
        detail: `${pattern} belongs to Kubernetes. Whoever may create pods there can use the rights of its service accounts, which may reach the whole cluster.`,
      },
    ];
  });
}

const ticketFindings = (
  { name, reason: { ticket } }: Rule,
  at: number,
): readonly PolicyFinding[] =>
  ticket !== null && new RegExp(ticket).test("")
    ? [
        {
          code: "ticket-may-be-empty",
          path: ["rules", at, "reason", "ticket"],
          detail: `The pattern also matches an empty text, so ${name} accepts reasons without a ticket.`,
        },
      ]
    : [];
