/** Finds what no single key of `access.yaml` shows: undefined names, and duplicate claims. */
import type * as z from "zod/mini";
import { hasWildcard, reachesSystem } from "../domain/values/namespace-pattern.ts";
import type { AccessPolicyFile } from "./access-policy-file.ts";
import {
  KNOWN_ACCESS_POLICIES,
  KNOWN_AS_OF,
  nearestAccessPolicy,
} from "./known-access-policies.ts";
import type { Fault, Path } from "./located-yaml.ts";

type File = z.output<typeof AccessPolicyFile>;

/** All faults, in the order of the file. Pure. */
export function crossCheck(file: File): readonly Fault[] {
  return [...claimedTwice(file), ...rulesFaults(file)];
}

function claimedTwice(file: File): readonly Fault[] {
  const claims = Object.entries(file.people).flatMap(([name, person]) =>
    (["iam", "slack"] as const).flatMap((kind) =>
      (person.identities[kind] ?? []).map((identity, at) => ({
        name,
        identity,
        path: ["people", name, "identities", kind, at],
      })),
    ),
  );
  const owner = new Map<string, string>();
  return claims.flatMap(({ name, identity, path }) => {
    const first = owner.get(identity);
    owner.set(identity, first ?? name);
    return first === undefined
      ? []
      : [
          {
            path,
            detail: `${first} already claims this identity. An identity can belong to one person only.`,
          },
        ];
  });
}

function rulesFaults(file: File): readonly Fault[] {
  const groups = new Set(Object.values(file.people).flatMap((person) => person.groups ?? []));
  const seen = new Set<string>();
  return file.rules.flatMap((rule, at) => {
    const faults: Fault[] = [];
    const fault = (path: Path, detail: string) =>
      faults.push({ path: ["rules", at, ...path], detail });
    if (seen.has(rule.name)) fault(["name"], `Another rule is called ${rule.name}.`);
    seen.add(rule.name);
    for (const [n, cluster] of rule.clusters.entries())
      if (!Object.hasOwn(file.clusters, cluster))
        fault(["clusters", n], `No cluster is called ${cluster}.`);
    for (const [n, person] of (rule.who.people ?? []).entries())
      if (!Object.hasOwn(file.people, person))
        fault(["who", "people", n], `No person is called ${person}.`);
    if (rule.approval !== "none")
      for (const [n, need] of rule.approval.entries())
        if (!need.groups.some((group) => groups.has(group)))
          fault(
            ["approval", n, "groups"],
            "None of these groups has a member, so nobody could approve.",
          );
    if (rule.duration.default !== undefined && rule.duration.default > rule.duration.max)
      fault(["duration", "default"], "The default is longer than the maximum.");
    if ("policies" in rule.access && rule.newerPolicies !== true)
      for (const [n, name] of rule.access.policies.entries())
        if (!KNOWN_ACCESS_POLICIES.includes(name))
          fault(
            ["access", "policies", n],
            `EKS had no access policy ${name} on ${KNOWN_AS_OF}. The nearest is ${nearestAccessPolicy(name)}. If it is newer, write newerPolicies: true in the rule.`,
          );
    if ("namespaces" in rule.access)
      for (const [n, pattern] of rule.access.namespaces.entries())
        if (hasWildcard(pattern) && pattern.startsWith("kube-") && reachesSystem(pattern))
          fault(
            ["access", "namespaces", n],
            "Name each kube- namespace in full. A pattern never covers one.",
          );
    return faults;
  });
}
