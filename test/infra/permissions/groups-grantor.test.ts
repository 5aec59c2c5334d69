import { describe, expect, it } from "vitest";
import { allowedActions } from "../broker.ts";
import { entry, grantor } from "./grantor.ts";

describe("the grantor role for Kubernetes groups", () => {
  const groups = grantor(undefined, "GrantorsGroups");

  it("the role sets groups: it creates, deletes and reads no entry", async () => {
    expect(allowedActions(groups.stack.role("GrantorsGroups"))).toEqual(["eks:UpdateAccessEntry"]);
    await expect(groups.create("staging", "alice")).resolves.toBe("ImplicitlyDenied");
  });

  it("groups may be set together with the username, which an update would otherwise reset", async () => {
    const { resource, context } = entry({ of: "alice", ours: false });
    const update = (more: Record<string, string | string[]>) =>
      groups.stack.decide("GrantorsGroups", {
        action: "eks:UpdateAccessEntry",
        resource,
        context: { ...context, ...more },
      });
    await expect(
      update({ "eks:username": "somebody", "eks:kubernetesGroups": ["eks-admins"] }),
    ).resolves.toBe("Allowed");
  });

  it("groups may be set on every person's entry, which is how they are removed", async () => {
    await expect(
      groups.onEntry("eks:UpdateAccessEntry", { of: "leaver", cluster: "gone", ours: false }),
    ).resolves.toBe("Allowed");
    await expect(
      groups.onEntry("eks:UpdateAccessEntry", { of: "alice", type: "EC2_LINUX" }),
    ).resolves.toBe("ExplicitlyDenied");
  });
});
