import { describe, expect, it } from "vitest";
import { policiesGrantorStatements } from "../../../shared/domain/grantors/policies-grantor.ts";
import { accessPolicyArn } from "../../../shared/domain/values/arn.ts";
import { ACCOUNT, allowedActions, SAMPLE } from "../broker.ts";
import { byArn, type Entry, entry, grantor, NEW_TAGS, person, TAG, THEIRS } from "./grantor.ts";

const sample = grantor();

describe("creating an entry", () => {
  it("an entry may be created for principals that a rule of the cluster reaches", async () => {
    await expect(sample.create("prod", "alice")).resolves.toBe("Allowed");
    await expect(sample.create("prod", "mallory")).resolves.toBe("ImplicitlyDenied");
    await expect(sample.create("prod", "bob")).resolves.toBe("ImplicitlyDenied");
    await expect(sample.create("staging", "bob")).resolves.toBe("Allowed");
    await expect(sample.create("unlisted", "alice")).resolves.toBe("ImplicitlyDenied");
  });

  it("a new entry needs the broker's tag and type STANDARD, without groups or username", async () => {
    for (const more of [
      { "aws:RequestTag/timelatch:managed-by": "somebody" },
      { "eks:accessEntryType": "EC2_LINUX" },
    ])
      await expect(sample.create("prod", "alice", more)).resolves.toBe("ImplicitlyDenied");
    for (const more of [
      { "eks:kubernetesGroups": ["eks-admins"] },
      { "eks:kubernetesGroups": ["", "eks-admins"] },
      { "eks:username": "root" },
    ])
      await expect(sample.create("prod", "alice", more)).resolves.toBe("ExplicitlyDenied");
  });

  it("an entry may be created whether EKS leaves absent members out or presents them empty", async () => {
    for (const more of [{}, { "eks:username": "" }, { "eks:kubernetesGroups": [] }])
      await expect(sample.create("prod", "alice", more)).resolves.toBe("Allowed");
  });

  it("an entry may be created for those to whom rules lend only groups", async () => {
    const groupsAlone = grantor(
      byArn((policy) => {
        const rules = policy.rules.filter(({ access }) => "groups" in access);
        Object.assign(policy, { rules });
      }),
    );
    await expect(groupsAlone.create("staging", "alice")).resolves.toBe("Allowed");
    await expect(groupsAlone.create("prod", "alice")).resolves.toBe("ImplicitlyDenied");
  });

  it("a principal of another account needs a rule that allows foreign principals", async () => {
    const foreign = "arn:aws:iam::999999999999:role/guest";
    const withGuest = (foreignPrincipals: boolean) =>
      grantor(
        byArn(({ people, rules }) => {
          Object.assign(people["alice"] ?? {}, { principals: [person("alice"), foreign] });
          Object.assign(rules[0] ?? {}, { foreignPrincipals });
        }),
      ).create("prod", "alice", { "eks:principalArn": foreign });
    await expect(withGuest(false)).resolves.toBe("ImplicitlyDenied");
    await expect(withGuest(true)).resolves.toBe("Allowed");
  });

  it("a retired cluster gets no new entries, and access is still removed there", async () => {
    const retired = grantor(
      byArn(({ clusters }) => Object.assign(clusters["prod"] ?? {}, { retired: true })),
    );
    await expect(retired.create("prod", "alice")).resolves.toBe("ImplicitlyDenied");
    await expect(retired.onEntry("eks:DisassociateAccessPolicy", { of: "alice" })).resolves.toBe(
      "Allowed",
    );
  });

  it("only the broker's own tags may be set", async () => {
    const tag = (more: Record<string, string | string[]>, target: Entry = { of: "alice" }) =>
      sample.onEntry("eks:TagResource", target, more);
    await expect(tag(NEW_TAGS)).resolves.toBe("Allowed");
    await expect(tag({ ...NEW_TAGS, "aws:TagKeys": ["timelatch:token", "team"] })).resolves.toBe(
      "ImplicitlyDenied",
    );
    await expect(tag({ "aws:TagKeys": ["timelatch:token"] })).resolves.toBe("ImplicitlyDenied");
  });

  it("an entry of another deployment may not be tagged as the broker's own, and then be deleted", async () => {
    const tagged = (deployment: string) =>
      sample.onEntry(
        "eks:TagResource",
        { of: "alice", ours: false },
        { ...NEW_TAGS, "aws:ResourceTag/timelatch:managed-by": deployment },
      );
    await expect(tagged("timelatch-dev")).resolves.toBe("ImplicitlyDenied");
    await expect(tagged("timelatch")).resolves.toBe("Allowed");
  });
});

describe("removing access", () => {
  it("access may be removed from people and clusters that the file does not name", async () => {
    const gone = { of: "leaver", cluster: "gone" };
    for (const action of [
      "eks:DescribeAccessEntry",
      "eks:ListAssociatedAccessPolicies",
      "eks:DisassociateAccessPolicy",
      "eks:DeleteAccessEntry",
    ])
      await expect(sample.onEntry(action, gone)).resolves.toBe("Allowed");
  });

  it("access may be removed where EKS does not state the type of the entry", async () => {
    const { resource } = entry({ of: "alice" });
    await expect(
      sample.stack.decide("GrantorsPolicies", {
        action: "eks:DisassociateAccessPolicy",
        resource,
        context: TAG,
      }),
    ).resolves.toBe("Allowed");
  });

  it("a foreign entry may not be deleted", async () => {
    await expect(sample.onEntry("eks:DeleteAccessEntry", { of: "alice", ...THEIRS })).resolves.toBe(
      "ImplicitlyDenied",
    );
  });

  it("an entry of a node or service may not be changed, tagged or not", async () => {
    for (const action of ["eks:DisassociateAccessPolicy", "eks:DeleteAccessEntry"])
      await expect(sample.onEntry(action, { of: "alice", type: "EC2_LINUX" })).resolves.toBe(
        "ExplicitlyDenied",
      );
  });
});

describe("the broker's own roles", () => {
  const own = ["ApiFunctionRole", "ConvergeFunctionRole", "SweepFunctionRole", "GrantorsPolicies"];

  it.each(own)("nothing may be lent to %s, even if the file lists it", async (logicalId) => {
    const principal = sample.stack.role(logicalId).arn;
    const listed = grantor(
      byArn(({ people }) =>
        Object.assign(people["alice"] ?? {}, { principals: [person("alice"), principal] }),
      ),
    );
    await expect(listed.create("prod", "alice", { "eks:principalArn": principal })).resolves.toBe(
      "ExplicitlyDenied",
    );
  });
});

describe("the grantor role for access policies", () => {
  it("the role sets no groups, and may only read roles in IAM", () => {
    const actions = allowedActions(sample.stack.role("GrantorsPolicies"));
    expect(actions).not.toContain("eks:UpdateAccessEntry");
    expect(actions.filter((action) => !action.startsWith("eks:"))).toEqual(["iam:GetRole"]);
  });

  it("a policy of the whole cluster may be lent in any namespace to its own people, unless the rule is exact", async () => {
    const isLent = (isExact: boolean, of: string, namespaces: readonly string[]) => {
      const policy = byArn(({ rules }) => {
        for (const { access } of rules)
          if ("scope" in access && isExact) Object.assign(access, { exactly: true });
      });
      return grantor(policy).onEntry(
        "eks:AssociateAccessPolicy",
        { of, cluster: "staging" },
        {
          "eks:policyArn": accessPolicyArn("aws", "AmazonEKSViewPolicy"),
          "eks:accessScope": "namespace",
          "eks:namespaces": [...namespaces],
        },
      );
    };
    await expect(isLent(false, "alice", ["shop", "kube-system"])).resolves.toBe("Allowed");
    await expect(isLent(true, "alice", ["kube-system"])).resolves.toBe("ImplicitlyDenied");
    await expect(isLent(false, "stranger", ["shop"])).resolves.toBe("ImplicitlyDenied");
  });

  it("the sample's statements fit into one role's inline policy", () => {
    const { policies } = grantor(SAMPLE).stack.role("GrantorsPolicies");
    const size = JSON.stringify(Object.values(policies)).length;
    expect(size).toBeLessThan(10_240);
  });

  it("statements for many people name all of them, and each fits into a policy", () => {
    const many = byArn((policy) => {
      const extra = Array.from({ length: 90 }, (_, index) => `person-${index}`);
      for (const name of extra)
        Object.assign(policy.people, {
          [name]: {
            email: `${name}@example.com`,
            groups: ["payments"],
            identities: { iam: [person(name)] },
            principals: [person(name)],
          },
        });
    });
    const statements = policiesGrantorStatements(many, ACCOUNT, []);
    const created = statements
      .filter(({ Sid: sid }) => sid.startsWith("CreateAccessEntries"))
      .flatMap((statement) => statement.Condition?.["ArnLike"]?.["eks:principalArn"] ?? []);
    for (let index = 0; index < 90; index += 1)
      expect(created).toContain(person(`person-${index}`));
    for (const statement of statements)
      expect(JSON.stringify(statement).length).toBeLessThan(6_144);
  });
});
