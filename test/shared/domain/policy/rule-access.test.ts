/** The access that a rule lends, held against what is asked for. */
import { describe, expect, it } from "vitest";
import { lends } from "../../../../shared/domain/policy/rule-access.ts";
import type { Access } from "../../../../shared/domain/requests/request.ts";

const EDIT = "AmazonEKSEditPolicy";
const VIEW = "AmazonEKSViewPolicy";
const edit = (...namespaces: readonly string[]): Access => ({
  policy: EDIT,
  scope: { type: "namespace", namespaces },
});
const whole = (policy: string): Access => ({ policy, scope: { type: "cluster" } });
const lent = { policies: [EDIT], namespaces: ["payments-*", "shop"], wildcards: false };

describe("A rule that lends namespaces", () => {
  it.each<[boolean, string, Access]>([
    [true, "one that its first pattern covers", edit("payments-api")],
    [true, "one that its last pattern is", edit("shop")],
    [true, "several, each by another pattern", edit("shop", "payments-api")],
    [false, "one that no pattern covers", edit("other")],
    [false, "several, of which no pattern covers one", edit("shop", "other")],
    [false, "no namespace at all", edit()],
    [false, "the whole cluster", whole(EDIT)],
    [false, "another policy", { ...edit("shop"), policy: VIEW }],
    [false, "groups", { groups: ["shop"] }],
  ])("%s: %s", (is, _, asked) => {
    expect(lends({ access: lent }, asked)).toBe(is);
  });
});

describe("A rule that lends more than namespaces", () => {
  const cluster = { policies: [EDIT, VIEW], scope: "cluster" } as const;

  it.each<[boolean, boolean, string, Access]>([
    [true, true, "the whole cluster", whole(EDIT)],
    [true, true, "the whole cluster, under another of its policies", whole(VIEW)],
    [
      false,
      false,
      "the whole cluster, under a policy that it lacks",
      whole("AmazonEKSAdminPolicy"),
    ],
    [true, false, "a namespace", edit("shop")],
    [true, false, "several, one of them of Kubernetes itself", edit("shop", "kube-system")],
    [false, false, "a namespace, under a policy that it lacks", { ...edit("shop"), policy: "X" }],
    [false, false, "a pattern", edit("payments-*")],
    [false, false, "a name and a pattern", edit("shop", "payments-*")],
    [false, false, "a name that no namespace has", edit("-shop")],
    [false, false, "no namespace at all", edit()],
    [false, false, "groups", { groups: ["shop"] }],
  ])("One of the whole cluster, %s (%s where it is exact): %s", (is, isExactly, _, asked) => {
    expect(lends({ access: cluster }, asked)).toBe(is);
    expect(lends({ access: { ...cluster, exactly: true } }, asked)).toBe(isExactly);
  });

  it("Groups are lent only where the rule has all that were asked for", () => {
    const access = { groups: ["a", "b"] };
    const asked = [["a"], ["b", "a"], ["a", "c"], []];
    expect(asked.map((groups) => lends({ access }, { groups }))).toEqual([
      ...[true, true, false, false],
    ]);
  });
});
