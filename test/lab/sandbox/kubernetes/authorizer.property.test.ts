import fc from "fast-check";
import { expect, test } from "vitest";
import type { Association } from "../../../../lab/sandbox/kubernetes/access-policies.ts";
import { authorize } from "../../../../lab/sandbox/kubernetes/authorizer.ts";
import type { Attributes, PolicyRule } from "../../../../lab/sandbox/kubernetes/policy-rule.ts";
import type {
  KubernetesObject,
  KubernetesState,
} from "../../../../lab/sandbox/kubernetes/state.ts";
import { rbacObject, roleRef, user } from "./cluster-world.ts";

/*
 * A second evaluator, written only from the prose: it spells out the concrete requests that a rule
 * stands for, over a universe small enough to list, and asks whether the request is there.
 */
const VERBS = ["get", "list", "create"];
const GROUPS = ["", "apps"];
const RESOURCES = ["pods", "pods/log", "deployments", "deployments/scale", "namespaces"];
const NAMESPACES = ["dev-a", "dev-b", "prod"];
const NAMES = ["", "one", "two"];
const PATHS = ["/healthz", "/api", "/api/v1"];

interface Question {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
}

function expandResources(written: readonly string[]): string[] {
  return written.flatMap((one) => {
    if (one === "*") return RESOURCES;
    if (one.startsWith("*/")) return RESOURCES.filter((r) => r.endsWith(one.slice(1)));
    return [one];
  });
}

function naiveRule(rule: PolicyRule, q: Question): boolean {
  const verbs = rule.verbs.includes("*") ? VERBS : rule.verbs;
  if (!verbs.includes(q.verb)) return false;
  if (q.path !== "") {
    for (const url of rule.nonResourceURLs ?? []) {
      const matching = url.endsWith("*")
        ? PATHS.filter((p) => p.indexOf(url.substring(0, url.length - 1)) === 0)
        : [url];
      if (matching.includes(q.path)) return true;
    }
    return false;
  }
  const groups = rule.apiGroups?.includes("*") ? GROUPS : (rule.apiGroups ?? []);
  const names = rule.resourceNames?.length ? rule.resourceNames : NAMES;
  return (
    groups.includes(q.group) &&
    expandResources(rule.resources ?? []).includes(q.resource) &&
    names.includes(q.name)
  );
}

function naiveGlob(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern[0] === "*") {
    return naiveGlob(pattern.slice(1), text) || (text !== "" && naiveGlob(pattern, text.slice(1)));
  }
  return text !== "" && pattern[0] === text[0] && naiveGlob(pattern.slice(1), text.slice(1));
}

interface World {
  /** Cluster-wide (no namespace) or in one: rules for `group-a`. */
  readonly bindings: readonly {
    readonly namespace: string;
    readonly rules: readonly PolicyRule[];
  }[];
  readonly associations: readonly {
    readonly mine: boolean;
    /** Undefined: cluster scope. */
    readonly namespaces: readonly string[] | undefined;
    readonly rules: readonly PolicyRule[];
  }[];
  readonly inGroup: boolean;
}

function naive(world: World, q: Question): boolean {
  let yes = false;
  for (const { namespace, rules } of world.bindings) {
    if (!world.inGroup) continue;
    if (namespace !== "" && (namespace !== q.namespace || q.path !== "")) continue;
    for (const rule of rules) yes ||= naiveRule(rule, q);
  }
  for (const { mine, namespaces, rules } of world.associations) {
    if (!mine) continue;
    const reached =
      namespaces === undefined ||
      (q.path === "" && q.namespace !== "" && namespaces.some((n) => naiveGlob(n, q.namespace)));
    if (!reached) continue;
    for (const rule of rules) yes ||= naiveRule(rule, q);
  }
  return yes;
}

function build({ bindings, associations, inGroup }: World) {
  const objects: Record<string, KubernetesObject> = {};
  bindings.forEach(({ namespace, rules }, index) => {
    const name = `b${index}`;
    objects[`rbac.authorization.k8s.io/clusterroles//${name}`] = rbacObject("ClusterRole", name, {
      rules,
    });
    const members = {
      subjects: [{ kind: "Group", name: "group-a" }],
      ...roleRef("ClusterRole", name),
    };
    const [kind, plural] =
      namespace === ""
        ? (["ClusterRoleBinding", "clusterrolebindings"] as const)
        : (["RoleBinding", "rolebindings"] as const);
    objects[`rbac.authorization.k8s.io/${plural}/${namespace}/${name}`] = rbacObject(
      kind,
      name,
      members,
      namespace === "" ? undefined : namespace,
    );
  });
  const state: KubernetesState = { objects, resourceVersion: 1 };
  const listed: Association[] = associations.map(({ mine, namespaces }, index) => ({
    principalArn: "arn:aws:iam::111122223333:role/a",
    principalId: mine ? "AROAALICE" : "AROABOB",
    policyArn: String(index),
    accessScope:
      namespaces === undefined
        ? { type: "cluster", namespaces: [] }
        : { type: "namespace", namespaces },
  }));
  return {
    authority: {
      objects: state,
      associations: listed,
      policyRules: (arn: string) => associations[Number(arn)]?.rules ?? [],
    },
    user: user("alice", inGroup ? { groups: ["group-a"] } : {}),
  };
}

const some = (values: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const rule: fc.Arbitrary<PolicyRule> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      verbs: some([...VERBS, "*"]),
      apiGroups: some([...GROUPS, "*"]),
      resources: some([...RESOURCES, "*", "*/log", "*/scale"]),
      resourceNames: fc.oneof(fc.constant([]), some(["one", "two"])),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      verbs: some([...VERBS, "*"]),
      nonResourceURLs: some([...PATHS, "*", "/api*", "/api/*"]),
    }),
  },
);
const rules = fc.array(rule, { maxLength: 2 });
const world: fc.Arbitrary<World> = fc.record({
  bindings: fc.array(fc.record({ namespace: fc.constantFrom("", ...NAMESPACES), rules }), {
    maxLength: 2,
  }),
  associations: fc.array(
    fc.record({
      mine: fc.boolean(),
      namespaces: fc.option(
        fc.array(fc.constantFrom(...NAMESPACES, "dev-*", "*", "*-a", "d*v*b"), { maxLength: 2 }),
        { nil: undefined },
      ),
      rules,
    }),
    { maxLength: 3 },
  ),
  inGroup: fc.boolean(),
});
const onResource = fc.record({
  verb: fc.constantFrom(...VERBS),
  group: fc.constantFrom(...GROUPS),
  resource: fc.constantFrom(...RESOURCES),
  namespace: fc.constantFrom("", ...NAMESPACES),
  name: fc.constantFrom(...NAMES),
  path: fc.constant(""),
});
const onPath = fc.record({
  verb: fc.constantFrom(...VERBS),
  group: fc.constant(""),
  resource: fc.constant(""),
  namespace: fc.constant(""),
  name: fc.constant(""),
  path: fc.constantFrom(...PATHS),
});

const attributes = ({ verb, group, resource, namespace, name, path }: Question): Attributes => {
  const [plural = "", subresource = ""] = resource.split("/");
  return {
    verb,
    resourceRequest: path === "",
    apiGroup: group,
    apiVersion: "v1",
    namespace,
    resource: plural,
    subresource,
    name,
    path,
  };
};

/** Is the question allowed by a rule for which this holds, and by no other? */
const onlyBy =
  (kind: (rule: PolicyRule) => boolean) =>
  (given: World, q: Question): boolean => {
    const without = (rules: readonly PolicyRule[]) => rules.filter((rule) => !kind(rule));
    return !naive(
      {
        ...given,
        bindings: given.bindings.map((one) => ({ ...one, rules: without(one.rules) })),
        associations: given.associations.map((one) => ({ ...one, rules: without(one.rules) })),
      },
      q,
    );
  };
const writes = (member: keyof PolicyRule, holds: (text: string) => boolean) =>
  onlyBy((rule) => (rule[member] ?? []).some(holds));

/** The kinds of rules that must decide some of the questions. */
const KINDS: Readonly<Record<string, (given: World, q: Question) => boolean>> = {
  "a verb *": writes("verbs", (text) => text === "*"),
  "a group *": writes("apiGroups", (text) => text === "*"),
  "a resource *": writes("resources", (text) => text === "*"),
  "a subresource": writes("resources", (text) => text.includes("/") && !text.startsWith("*")),
  "that subresource of anything": writes("resources", (text) => text.startsWith("*/")),
  "a resource's name": writes("resourceNames", () => true),
  "a path": writes("nonResourceURLs", (text) => !text.endsWith("*")),
  "a prefix of paths": writes("nonResourceURLs", (text) => text.endsWith("*")),
  "one of several bindings": (given, q) =>
    given.bindings.length > 1 && !naive({ ...given, bindings: given.bindings.slice(0, 1) }, q),
  "one of several associations": (given, q) =>
    given.associations.length > 1 &&
    !naive({ ...given, associations: given.associations.slice(0, 1) }, q),
};

test("The authorizer agrees with an evaluator that lists what every rule stands for", () => {
  let allowed = 0;
  const seen = new Map<string, number>();
  const questions = fc.oneof(onResource, onResource, onResource, onPath);
  fc.assert(
    fc.property(world, fc.array(questions, { minLength: 8, maxLength: 8 }), (given, asked) => {
      const { authority, user: alice } = build(given);
      for (const question of asked) {
        const expected = naive(given, question);
        if (expected) allowed += 1;
        for (const [kind, holds] of Object.entries(KINDS))
          if (expected && holds(given, question)) seen.set(kind, (seen.get(kind) ?? 0) + 1);
        expect(authorize(authority, alice, attributes(question)).allowed).toBe(expected);
      }
    }),
    { numRuns: 1000 },
  );
  // Agreement only on denials would prove nothing.
  expect(allowed).toBeGreaterThan(200);
  // Nor would agreement that a kind of rule had no part in.
  for (const kind of Object.keys(KINDS))
    expect([kind, seen.get(kind) ?? 0]).toEqual([
      kind,
      expect.toSatisfy((count: number) => count > 5),
    ]);
});
