/** When an owner deletes the entry that they made: nothing that anybody else lends on it may go with it. */
import { DescribeAccessEntryCommand } from "@aws-sdk/client-eks";
import { expect, it } from "vitest";
import { isBare } from "../../chaos/deeds/owners.ts";

const entry = { clusterName: "prod", principalArn: "arn:aws:iam::111122223333:role/dave" };
const withEntry = (kubernetesGroups: readonly string[], policies: readonly object[]) =>
  isBare(
    {
      send: async (command: unknown) =>
        command instanceof DescribeAccessEntryCommand
          ? { accessEntry: { kubernetesGroups } }
          : { associatedAccessPolicies: policies },
    } as Parameters<typeof isBare>[0],
    entry,
  );

it("An entry is bare where it has neither groups nor policies", async () => {
  expect(await withEntry([], [])).toBe(true);
  expect(await withEntry(["eks-admins"], [])).toBe(false);
  expect(await withEntry([], [{ policyArn: "arn" }])).toBe(false);
});
