/** The access that a form or a command in Slack offers. */
import { expect, it } from "vitest";
import type { OwnRule } from "../../../../shared/domain/policy/own-rule.ts";
import type { RuleAccess } from "../../../../shared/domain/policy/policy.ts";
import {
  accessChoices,
  choiceNamed,
  withOnlyChoices,
} from "../../../../shared/slack/front/ask-terms.ts";

const VIEW = { policies: ["AmazonEKSViewPolicy"], scope: "cluster" } as const;
const lent = (access: RuleAccess) =>
  [{ rule: { name: "view", access }, clusters: ["staging"] }] as unknown as readonly OwnRule[];

it("A rule for the whole cluster is offered as such, and in namespaces; the whole is chosen at first", () => {
  const rules = lent(VIEW);
  const choices = accessChoices(rules, "staging");
  expect(choices.map(({ key }) => key)).toEqual(["c/AmazonEKSViewPolicy", "n/AmazonEKSViewPolicy"]);
  expect(choiceNamed(choices, "view", true)?.access(["shop"])).toEqual({
    policy: "AmazonEKSViewPolicy",
    scope: { type: "namespace", namespaces: ["shop"] },
  });
  expect(withOnlyChoices(rules, {}).access).toBe("c/AmazonEKSViewPolicy");
  const chosen = withOnlyChoices(rules, { access: "n/AmazonEKSViewPolicy" });
  expect(chosen.access).toBe("n/AmazonEKSViewPolicy");
});

it("An exact rule is offered as a whole only", () => {
  const choices = accessChoices(lent({ ...VIEW, exactly: true }), "staging");
  expect(choices.map(({ key }) => key)).toEqual(["c/AmazonEKSViewPolicy"]);
});
