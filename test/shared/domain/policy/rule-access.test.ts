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
  it("The whole cluster is lent as a whole, under each of the rule's policies", () => {
    const access = { policies: [EDIT, VIEW], scope: "cluster" } as const;
    expect(
      [whole(EDIT), whole(VIEW), edit("shop")].map((asked) => lends({ access }, asked)),
    ).toEqual([true, true, false]);
  });

  it("Groups are lent only where the rule has all that were asked for", () => {
    const access = { groups: ["a", "b"] };
    const asked = [["a"], ["b", "a"], ["a", "c"], []];
    expect(asked.map((groups) => lends({ access }, { groups }))).toEqual([
      ...[true, true, false, false],
    ]);
  });
});
