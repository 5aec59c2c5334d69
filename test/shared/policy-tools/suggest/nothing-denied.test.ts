/** A patch denies nothing that was done with any grants of any rule. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DOCUMENTED_RULES } from "../../../../shared/domain/policy/permits.ts";
import type { RuleAccess } from "../../../../shared/domain/policy/policy.ts";
import { lends } from "../../../../shared/domain/policy/rule-access.ts";
import type { Access } from "../../../../shared/domain/requests/request.ts";
import { lesserRule } from "../../../../shared/policy-tools/suggest/less-access.ts";
import { everywhere, type Played, suggestionFor, summary, within } from "./used-grants.ts";

const POLICIES = Object.keys(DOCUMENTED_RULES);
const NAMESPACES = ["orders", "payments-api", "payments-web"];
const PATTERNS = ["orders", "payments-*", "payments-api"];
const KINDS = [
  ...["get pods", "list secrets", "get pods/log", "create pods/exec", "delete pods"],
  ...["patch deployments.apps", "update deployments.apps/scale", "list jobs.batch"],
  ...["list roles.rbac.authorization.k8s.io", "get widgets.example.com", "delete nodes"],
] as const;

/** Whether Kubernetes' RBAC permits it by the documented rules, without the code under test. */
function permits(policy: string, verb: string, resource: string): boolean {
  const [whole = "", ...sub] = resource.split("/");
  const [name = "", ...group] = whole.split(".");
  const has = (list: readonly string[], one: string) => list.includes(one) || list.includes("*");
  return (DOCUMENTED_RULES[policy] ?? []).some(
    ({ apiGroups, resources, verbs }) =>
      has(apiGroups, group.join(".")) &&
      has(resources, [name, ...sub].join("/")) &&
      has(verbs, verb),
  );
}

const anAccess = fc.record({
  policies: fc.uniqueArray(fc.constantFrom(...POLICIES), { minLength: 1, maxLength: 3 }),
  patterns: fc.option(fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1 })),
});

/** Requests that a grant permits. */
const aLife = fc.record({
  policy: fc.nat(2),
  does: fc.array(
    fc.record({ kind: fc.constantFrom(...KINDS), at: fc.nat(2), isWide: fc.boolean() }),
    { maxLength: 4 },
  ),
});

type Life = Parameters<Parameters<typeof aLife.map>[0]>[0];

function play(access: Exclude<RuleAccess, { groups: readonly string[] }>, life: Life): Played {
  const policy = access.policies[life.policy % access.policies.length] ?? "";
  const asked: Access =
    "scope" in access
      ? everywhere(policy)
      : within(policy, ...NAMESPACES.filter((name) => lends({ access }, within(policy, name))));
  const counts = life.does.flatMap(({ kind, at, isWide }) => {
    const [verb = "", resource = ""] = kind.split(" ");
    const isWhole = "scope" in access;
    const places = isWhole
      ? NAMESPACES
      : asked !== undefined && "scope" in asked && asked.scope.type === "namespace"
        ? asked.scope.namespaces
        : [];
    const namespace = isWhole && isWide ? null : (places[at % places.length] ?? null);
    return permits(policy, verb, resource)
      ? [{ verb, resource, namespace, outcome: "allowed" as const, count: 1 }]
      : [];
  });
  return { access: asked, activity: summary(counts) };
}

const isDoneBy = (access: RuleAccess, { activity }: Played): boolean =>
  "policies" in access &&
  access.policies.some((policy) =>
    (activity?.counts ?? []).every(
      ({ verb, resource, namespace }) =>
        permits(policy, verb, resource) &&
        lends(
          { access },
          namespace === null
            ? everywhere(policy)
            : "scope" in access
              ? everywhere(policy)
              : within(policy, namespace),
        ),
    ),
  );

describe("A patch", () => {
  it("It denies nothing that was done, in 500 rules", () => {
    let patched = 0;
    fc.assert(
      fc.property(
        anAccess,
        fc.array(aLife, { minLength: 5, maxLength: 12 }),
        ({ policies, patterns }, lives) => {
          const access =
            patterns === null
              ? ({ policies, scope: "cluster" } as const)
              : { policies, namespaces: patterns, wildcards: false };
          const played = lives.map((life) => play(access, life));
          const { less, own } = suggestionFor(access, played);
          const lesser = less && lesserRule(own, less);
          if (!lesser) return;
          patched += 1;
          const after: RuleAccess =
            lesser.namespaces === null
              ? { ...access, policies: lesser.policies }
              : { policies: lesser.policies, namespaces: lesser.namespaces, wildcards: false };
          expect(lesser.policies.length).toBeGreaterThan(0);
          for (const each of played) expect(isDoneBy(after, each)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
    expect(patched).toBeGreaterThan(30);
  });
});
