import { describe, expect, it } from "vitest";
import { byArn, grantor, OURS, policyArn, THEIRS } from "./grantor.ts";

const EDIT = "AmazonEKSEditPolicy";
const VIEW = "AmazonEKSViewPolicy";
const CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy";
const sample = grantor();

describe("an association in cluster scope", () => {
  it("a rule that lends a policy on a cluster allows it there, for its people", async () => {
    await expect(sample.associate(CLUSTER_ADMIN, undefined, { of: "carol" })).resolves.toBe(
      "Allowed",
    );
    await expect(
      sample.associate(VIEW, undefined, { of: "bob", cluster: "staging" }),
    ).resolves.toBe("Allowed");
  });

  it("no other person, policy or cluster may have cluster scope", async () => {
    await expect(sample.associate(CLUSTER_ADMIN, undefined, { of: "alice" })).resolves.toBe(
      "ImplicitlyDenied",
    );
    await expect(sample.associate(EDIT, undefined, { of: "alice" })).resolves.toBe(
      "ImplicitlyDenied",
    );
    await expect(
      sample.associate(CLUSTER_ADMIN, undefined, { of: "carol", cluster: "staging" }),
    ).resolves.toBe("ImplicitlyDenied");
    await expect(
      sample.associate("AmazonEKSAdminViewPolicy", undefined, { of: "carol" }),
    ).resolves.toBe("ImplicitlyDenied");
  });
});

describe("an association in namespaces", () => {
  it("a policy may be scoped to namespaces where a rule of the cluster lends it so", async () => {
    await expect(sample.associate(EDIT, ["payments-api"], { of: "alice" })).resolves.toBe(
      "Allowed",
    );
    await expect(
      sample.associate("AmazonEKSAdminViewPolicy", ["payments-api"], { of: "alice" }),
    ).resolves.toBe("ImplicitlyDenied");
    await expect(
      sample.associate(EDIT, ["payments-api"], { of: "alice", cluster: "legacy" }),
    ).resolves.toBe("ImplicitlyDenied");
  });

  it("a stranger to the file may not have a policy in namespaces", async () => {
    await expect(sample.associate(EDIT, ["payments-api"], { of: "stranger" })).resolves.toBe(
      "ImplicitlyDenied",
    );
  });

  it("a policy that rules lend on whole clusters only stays with those who may have it", async () => {
    await expect(sample.associate(CLUSTER_ADMIN, ["a"], { of: "carol" })).resolves.toBe("Allowed");
    await expect(sample.associate(CLUSTER_ADMIN, ["a"], { of: "alice" })).resolves.toBe(
      "ImplicitlyDenied",
    );
  });

  it("an association in namespaces must name one: an empty list would be no limit", async () => {
    await expect(sample.associate(EDIT, [], { of: "alice" })).resolves.toBe("ImplicitlyDenied");
    await expect(
      sample.onEntry(
        "eks:AssociateAccessPolicy",
        { of: "alice" },
        { "eks:policyArn": policyArn(EDIT), "eks:accessScope": "namespace" },
      ),
    ).resolves.toBe("ImplicitlyDenied");
  });

  it.each([[["*"]], [["payments-*"]], [["kube-system"]], [["payments-api", "*"]]])(
    "namespaces %j need a rule on an entry that the broker made",
    async (namespaces) => {
      await expect(sample.associate(EDIT, namespaces, { of: "alice", ...OURS })).resolves.toBe(
        "ImplicitlyDenied",
      );
    },
  );

  it("on a foreign entry, any namespaces may be restored", async () => {
    for (const namespaces of [["*"], ["team-*"], ["kube-system", "ops"]])
      await expect(sample.associate(EDIT, namespaces, { of: "alice", ...THEIRS })).resolves.toBe(
        "Allowed",
      );
  });

  it("on the broker's own entry, a name that somebody added may be restored", async () => {
    await expect(sample.associate(EDIT, ["ops"], { of: "alice", ...OURS })).resolves.toBe(
      "Allowed",
    );
  });

  it("a scope may be narrowed for a person who left every group, and no entry created", async () => {
    const left = grantor(
      byArn(({ people }) => Object.assign(people["alice"] ?? {}, { groups: [] })),
    );
    await expect(left.create("prod", "alice")).resolves.toBe("ImplicitlyDenied");
    await expect(left.associate(EDIT, ["payments-api"], { of: "alice" })).resolves.toBe("Allowed");
  });

  it("a rule that allows wildcards allows patterns within its own", async () => {
    const wild = grantor(
      byArn(({ rules }) => Object.assign(rules[0]?.access ?? {}, { wildcards: true })),
    );
    await expect(wild.associate(EDIT, ["payments-*"], { of: "alice" })).resolves.toBe("Allowed");
    await expect(
      wild.associate(EDIT, ["payments-api", "payments-b*"], { of: "alice" }),
    ).resolves.toBe("Allowed");
    await expect(wild.associate(EDIT, ["*"], { of: "alice" })).resolves.toBe("ImplicitlyDenied");
    await expect(wild.associate(EDIT, ["payments-*", "p*"], { of: "alice" })).resolves.toBe(
      "ImplicitlyDenied",
    );
    await expect(wild.associate(EDIT, ["payments-*"], { of: "carol" })).resolves.toBe(
      "ImplicitlyDenied",
    );
  });

  it("a rule that names a system namespace in full allows that one", async () => {
    const system = grantor(
      byArn(({ rules }) =>
        Object.assign(rules[0]?.access ?? {}, { namespaces: ["payments-*", "kube-system"] }),
      ),
    );
    await expect(system.associate(EDIT, ["kube-system"], { of: "alice" })).resolves.toBe("Allowed");
    await expect(system.associate(EDIT, ["kube-public"], { of: "alice" })).resolves.toBe(
      "ImplicitlyDenied",
    );
    await expect(system.associate(EDIT, ["payments-*"], { of: "alice" })).resolves.toBe(
      "ImplicitlyDenied",
    );
  });
});
