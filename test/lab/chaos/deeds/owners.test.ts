/**
 * Changes of owners to entries that the broker uses too: access that anybody else lends must not go
 * with theirs.
 */
import {
  DescribeAccessEntryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from "@aws-sdk/client-eks";
import { describe, expect, it } from "vitest";
import { orDone } from "../../../../lab/chaos/deeds/or-done.ts";
import { isBare, untilFound } from "../../../../lab/chaos/deeds/owners.ts";

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

describe("A claim whose entry the broker deletes meanwhile", () => {
  const gone = () => new ResourceNotFoundException({ message: "gone", $metadata: {} });
  const failing = (times: number, error: () => Error) => {
    let left = times;
    return async () => {
      left -= 1;
      if (left >= 0) throw error();
      return "made";
    };
  };
  const patience = { tries: 3, pauseMs: 1 };

  it("It is made again until EKS knows that the entry is gone", async () => {
    expect(await untilFound(failing(2, gone), patience)).toBe("made");
    await expect(untilFound(failing(3, gone), patience)).rejects.toThrow("gone");
  });

  it("Any other error ends it", async () => {
    const denied = () => new Error("denied");
    await expect(untilFound(failing(1, denied), patience)).rejects.toThrow("denied");
  });
});

describe("A cluster that is deleted and made again", () => {
  const said = { message: "said", $metadata: {} };
  const [gone, there] = [new ResourceNotFoundException(said), new ResourceInUseException(said)];

  it("A call whose repetition EKS calls done already has not failed", () => {
    expect(orDone(ResourceNotFoundException)(gone)).toBeUndefined();
    expect(orDone(ResourceInUseException)(there)).toBeUndefined();
  });

  it("Any other answer is a failure", () => {
    expect(() => orDone(ResourceNotFoundException)(there)).toThrow("said");
    expect(() => orDone(ResourceInUseException)(gone)).toThrow("said");
    expect(() => orDone(ResourceInUseException)(new Error("fetch failed"))).toThrow("fetch failed");
  });
});
