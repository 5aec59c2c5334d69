/** The text of a policy keeps everything but the lists that change. */
import { describe, expect, it } from "vitest";
import { type AccessEdit, editedRules } from "../../../../shared/policy-file/rules/edited-rules.ts";

const text = (access: string) => `version: 1 # of the form
rules:
  - name: other
    access: { policies: [AmazonEKSEditPolicy], scope: cluster }
  - name: own # ours
    access: ${access}
    duration: { max: 1h }
`;

const edited = (access: string, edit: Partial<AccessEdit>) =>
  editedRules(text(access), [
    { rule: "own", policies: ["AmazonEKSEditPolicy"], namespaces: null, ...edit },
  ]);

const BLOCK = `
      policies:
        - AmazonEKSEditPolicy
        - "AmazonEKSViewPolicy"
      namespaces:
        - payments-*
        - orders`;

describe("A policy whose rules lend less", () => {
  it.each<[string, string, Partial<AccessEdit>, string]>([
    [
      "a policy more, in a line",
      "{ policies: [ AmazonEKSEditPolicy ], scope: cluster }",
      { policies: ["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"] },
      "{ policies: [AmazonEKSEditPolicy, AmazonEKSViewPolicy], scope: cluster }",
    ],
    [
      "a namespace less, and the other keeps its quotes",
      '{ policies: [AmazonEKSEditPolicy], namespaces: ["payments-*", orders] }',
      { namespaces: ["payments-*"] },
      '{ policies: [AmazonEKSEditPolicy], namespaces: ["payments-*"] }',
    ],
    [
      "namespaces in place of the cluster, one of digits",
      "{ policies: [AmazonEKSEditPolicy], scope: cluster }",
      { namespaces: ["2024", "null", "orders"] },
      '{ policies: [AmazonEKSEditPolicy], namespaces: ["2024", "null", orders] }',
    ],
    [
      "both lists, over several lines",
      BLOCK,
      { policies: ["AmazonEKSViewPolicy"], namespaces: ["orders"] },
      `
      policies:
        - "AmazonEKSViewPolicy"
      namespaces:
        - orders`,
    ],
    [
      "a policy more, over several lines",
      BLOCK,
      { policies: ["AmazonEKSEditPolicy", "AmazonEKSViewPolicy", "AmazonEKSAdminPolicy"] },
      BLOCK.replace('ViewPolicy"\n', 'ViewPolicy"\n        - AmazonEKSAdminPolicy\n'),
    ],
    ["nothing else", BLOCK, { policies: ["AmazonEKSViewPolicy", "AmazonEKSEditPolicy"] }, BLOCK],
  ])("It has %s", (_, before, edit, after) => {
    expect(edited(before, edit)).toEqual({ text: text(after), byHand: [] });
  });

  it("A list with a comment inside is left to a person, and nothing of the rule is changed", () => {
    const access = `
      policies:
        - AmazonEKSEditPolicy # for rollouts
        - AmazonEKSViewPolicy
      scope: cluster`;
    expect(edited(access, { namespaces: ["orders"] })).toEqual({
      text: text(access),
      byHand: ["own"],
    });
  });

  it("Two rules are edited at once", () => {
    const access = "{ policies: [AmazonEKSEditPolicy, AmazonEKSViewPolicy], scope: cluster }";
    const both = editedRules(text(access), [
      { rule: "own", policies: ["AmazonEKSViewPolicy"], namespaces: null },
      { rule: "other", policies: ["AmazonEKSEditPolicy"], namespaces: ["orders"] },
    ]);
    expect(both.text).toBe(
      text("{ policies: [AmazonEKSViewPolicy], scope: cluster }").replace(
        "{ policies: [AmazonEKSEditPolicy], scope: cluster }",
        "{ policies: [AmazonEKSEditPolicy], namespaces: [orders] }",
      ),
    );
  });
});
