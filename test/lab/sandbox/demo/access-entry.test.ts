import { expect, it } from "vitest";
import { policyTexts } from "../../../../lab/sandbox/demo/access-entry.ts";

const arn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;

it("Associated policies are listed with their scopes, sorted by name", () => {
  expect(
    policyTexts([
      {
        policyArn: arn("AmazonEKSViewPolicy"),
        accessScope: { type: "cluster", namespaces: [] },
      },
      {
        policyArn: arn("AmazonEKSEditPolicy"),
        accessScope: { type: "namespace", namespaces: ["b", "a"] },
      },
    ]),
  ).toEqual(["AmazonEKSEditPolicy in a, b", "AmazonEKSViewPolicy on the whole cluster"]);
});
