/**
 * The permissions of an access policy in the broker's words, against those of the sandbox's
 * clusters. There are two copies of AWS's tables, since an emulator that shares ours shares our
 * misreadings.
 */
import { describe, expect, it } from "vitest";
import {
  listAccessPolicies,
  type PolicyRule,
  type AccessPolicy as SandboxPolicy,
} from "../../../../../lab/sandbox/aws/eks/access-policies.ts";
import { DOCUMENTED_RULES } from "../../../../../shared/domain/policy/permits.ts";

/** The differences: their reasons, and the entries of the sandbox's catalogue that prove them. */
const DIFFERENCES: Readonly<
  Record<string, { readonly reason: string; readonly holds: (policy: SandboxPolicy) => boolean }>
> = {
  AmazonARCRegionSwitchScalingPolicy: {
    reason: "Published on another page than ours is a copy of; it is for a service's role.",
    holds: ({ grantable }) => grantable === "integration",
  },
  AmazonEKSHybridPolicy: {
    reason: "Nobody can lend it: EKS refuses it for any principal of a customer's.",
    holds: ({ serviceLinkedRolesOnly }) => serviceLinkedRolesOnly,
  },
  AmazonEKSSecretAdminPolicy: {
    reason: "Reported by others and not published by AWS, so that nobody may take it for a fact.",
    holds: ({ rulesStatus }) => rulesStatus === "reported",
  },
};

/** Each thing that some rules permit, once: however they are grouped, in whatever order. */
const permitted = (rules: readonly PolicyRule[]): readonly string[] =>
  [
    ...new Set(
      rules.flatMap(({ verbs, apiGroups = [], resources = [], nonResourceURLs = [] }) =>
        verbs.flatMap((verb) => [
          ...apiGroups.flatMap((group) => resources.map((name) => `${verb} ${group}/${name}`)),
          ...nonResourceURLs.map((url) => `${verb} URL ${url}`),
        ]),
      ),
    ),
  ].sort();

const documented = (name: string): readonly string[] => permitted(DOCUMENTED_RULES[name] ?? []);

describe("the permissions of an access policy", () => {
  const catalogue = listAccessPolicies();

  it.each(catalogue.map((policy) => [policy.name, policy] as const))(
    "The broker and the sandbox agree on %s, or their difference has a reason",
    (name, policy) => {
      const difference = DIFFERENCES[name];
      if (!difference) {
        expect(documented(name)).toEqual(permitted(policy.rules));
        return;
      }
      // A reason that is no more is taken out.
      expect(documented(name)).not.toEqual(permitted(policy.rules));
      expect({ ...difference, holds: difference.holds(policy) }).toMatchObject({ holds: true });
    },
  );

  it("The broker knows each policy of the catalogue whose every rule AWS publishes", () => {
    const published = new Map(catalogue.map(({ name, rulesStatus }) => [name, rulesStatus]));
    const names = Object.keys(DOCUMENTED_RULES);
    expect(names.length).toBeGreaterThan(0);
    expect(names.map((name) => [name, published.get(name)])).toEqual(
      names.map((name) => [name, "published"]),
    );
    const known = catalogue.map(({ name }) => name);
    expect(Object.keys(DIFFERENCES).filter((name) => !known.includes(name))).toEqual([]);
    for (const name of names) expect(documented(name).length).toBeGreaterThan(0);
  });
});
