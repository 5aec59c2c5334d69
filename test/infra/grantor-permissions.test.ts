import { describe, expect, it } from "vitest";
import { policiesGrantorStatements } from "../../infra/permissions/grantor-permissions.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { ACCOUNT, allowedActions, type Broker, broker, REGION, sampleWith } from "./broker.ts";

const person = (name: string) => `arn:aws:iam::${ACCOUNT}:role/people/${name}`;
const policyArn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
const clusterArn = (name: string) => `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${name}`;
const TAG = { "aws:ResourceTag/timelatch:managed-by": "timelatch" };
const NEW_TAGS = {
  "aws:RequestTag/timelatch:managed-by": "timelatch",
  "aws:RequestTag/timelatch:token": "t",
  "aws:TagKeys": ["timelatch:managed-by", "timelatch:token"],
};
const OURS = { ours: true };
const THEIRS = { ours: false };

interface Entry {
  readonly cluster?: string;
  readonly of: string;
  readonly ours?: boolean;
  readonly type?: string;
}

/** What IAM knows of an entry when a call names it. */
const entry = ({ cluster = "prod", of, ours = true, type = "STANDARD" }: Entry) => ({
  resource: `arn:aws:eks:${REGION}:${ACCOUNT}:access-entry/${cluster}/role/${ACCOUNT}/${of}/0000`,
  context: {
    "eks:clusterName": cluster,
    "eks:principalArn": person(of),
    "eks:accessEntryType": type,
    ...(ours ? TAG : {}),
  },
});

function grantor(policy?: AccessPolicy, role = "GrantorsPolicies") {
  const stack: Broker = broker(policy);
  return {
    stack,
    create: (cluster: string, of: string, more: Record<string, string | string[]> = {}) =>
      stack.decide(role, {
        action: "eks:CreateAccessEntry",
        resource: clusterArn(cluster),
        context: {
          "eks:principalArn": person(of),
          "eks:accessEntryType": "STANDARD",
          ...NEW_TAGS,
          ...more,
        },
      }),
    /** `namespaces` undefined is cluster scope. */
    associate: (policyName: string, namespaces: string[] | undefined, target: Entry) => {
      const { resource, context } = entry(target);
      return stack.decide(role, {
        action: "eks:AssociateAccessPolicy",
        resource,
        context: {
          ...context,
          "eks:policyArn": policyArn(policyName),
          "eks:accessScope": namespaces ? "namespace" : "cluster",
          ...(namespaces ? { "eks:namespaces": namespaces } : {}),
        },
      });
    },
    onEntry: (action: string, target: Entry, more: Record<string, string | string[]> = {}) => {
      const { resource, context } = entry(target);
      return stack.decide(role, { action, resource, context: { ...context, ...more } });
    },
  };
}

const EDIT = "AmazonEKSEditPolicy";
const VIEW = "AmazonEKSViewPolicy";
const CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy";
const sample = grantor();

describe("creating an entry", () => {
  it("is for the principals that a rule of the cluster reaches", async () => {
    await expect(sample.create("prod", "alice")).resolves.toBe("Allowed");
    await expect(sample.create("prod", "mallory")).resolves.toBe("ImplicitlyDenied");
    await expect(sample.create("prod", "bob")).resolves.toBe("ImplicitlyDenied");
    await expect(sample.create("staging", "bob")).resolves.toBe("Allowed");
    await expect(sample.create("unlisted", "alice")).resolves.toBe("ImplicitlyDenied");
  });

  it("needs our tag, the type STANDARD, no groups and no username", async () => {
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

  it("holds whether EKS leaves out what a request does not have, or presents it empty", async () => {
    for (const more of [{}, { "eks:username": "" }, { "eks:kubernetesGroups": [] }])
      await expect(sample.create("prod", "alice", more)).resolves.toBe("Allowed");
  });

  it("is also for those to whom groups alone are lent", async () => {
    const groupsAlone = grantor(
      sampleWith((policy) => {
        const rules = policy.rules.filter(({ access }) => "groups" in access);
        Object.assign(policy, { rules });
      }),
    );
    await expect(groupsAlone.create("staging", "alice")).resolves.toBe("Allowed");
    await expect(groupsAlone.create("prod", "alice")).resolves.toBe("ImplicitlyDenied");
  });

  it("is not for a principal of another account, unless a rule says so", async () => {
    const foreign = "arn:aws:iam::999999999999:role/guest";
    const withGuest = (foreignPrincipals: boolean) =>
      grantor(
        sampleWith(({ people, rules }) => {
          Object.assign(people["alice"] ?? {}, { principals: [person("alice"), foreign] });
          Object.assign(rules[0] ?? {}, { foreignPrincipals });
        }),
      ).create("prod", "alice", { "eks:principalArn": foreign });
    await expect(withGuest(false)).resolves.toBe("ImplicitlyDenied");
    await expect(withGuest(true)).resolves.toBe("Allowed");
  });

  it("has an end on a cluster that is retired, where taking away goes on", async () => {
    const retired = grantor(
      sampleWith(({ clusters }) => Object.assign(clusters["prod"] ?? {}, { retired: true })),
    );
    await expect(retired.create("prod", "alice")).resolves.toBe("ImplicitlyDenied");
    await expect(retired.onEntry("eks:DisassociateAccessPolicy", { of: "alice" })).resolves.toBe(
      "Allowed",
    );
  });

  it("may set our tags and no others", async () => {
    const tag = (more: Record<string, string | string[]>, target: Entry = { of: "alice" }) =>
      sample.onEntry("eks:TagResource", target, more);
    await expect(tag(NEW_TAGS)).resolves.toBe("Allowed");
    await expect(tag({ ...NEW_TAGS, "aws:TagKeys": ["timelatch:token", "team"] })).resolves.toBe(
      "ImplicitlyDenied",
    );
    await expect(tag({ "aws:TagKeys": ["timelatch:token"] })).resolves.toBe("ImplicitlyDenied");
  });
});

describe("associating a policy on the whole cluster", () => {
  it("is for the policy, the cluster and the people of a rule that lends it so", async () => {
    await expect(sample.associate(CLUSTER_ADMIN, undefined, { of: "carol" })).resolves.toBe(
      "Allowed",
    );
    await expect(
      sample.associate(VIEW, undefined, { of: "bob", cluster: "staging" }),
    ).resolves.toBe("Allowed");
  });

  it("is refused for anyone and anything else", async () => {
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

describe("associating a policy in namespaces", () => {
  it("is for policies that a rule of the cluster lends in namespaces", async () => {
    await expect(sample.associate(EDIT, ["payments-api"], { of: "alice" })).resolves.toBe(
      "Allowed",
    );
    await expect(
      sample.associate("AmazonEKSAdminViewPolicy", ["payments-api"], { of: "alice" }),
    ).resolves.toBe("ImplicitlyDenied");
    await expect(
      sample.associate(EDIT, ["payments-api"], { of: "alice", cluster: "staging" }),
    ).resolves.toBe("ImplicitlyDenied");
  });

  it("is for people of the file", async () => {
    await expect(sample.associate(EDIT, ["payments-api"], { of: "stranger" })).resolves.toBe(
      "ImplicitlyDenied",
    );
  });

  it("keeps a policy that is lent on whole clusters alone to those who may have it", async () => {
    await expect(sample.associate(CLUSTER_ADMIN, ["a"], { of: "carol" })).resolves.toBe("Allowed");
    await expect(sample.associate(CLUSTER_ADMIN, ["a"], { of: "alice" })).resolves.toBe(
      "ImplicitlyDenied",
    );
  });

  it("never passes without a namespace, which would be no limit", async () => {
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
    "refuses %j on an entry of ours, where no rule says so",
    async (namespaces) => {
      await expect(sample.associate(EDIT, namespaces, { of: "alice", ...OURS })).resolves.toBe(
        "ImplicitlyDenied",
      );
    },
  );

  it("restores whatever was there before us on anybody else's entry", async () => {
    for (const namespaces of [["*"], ["team-*"], ["kube-system", "ops"]])
      await expect(sample.associate(EDIT, namespaces, { of: "alice", ...THEIRS })).resolves.toBe(
        "Allowed",
      );
  });

  it("restores on an entry of ours a name that somebody added outside of every rule", async () => {
    await expect(sample.associate(EDIT, ["ops"], { of: "alice", ...OURS })).resolves.toBe(
      "Allowed",
    );
  });

  it("still narrows for a person who has left every group, though nothing new is lent", async () => {
    const left = grantor(
      sampleWith(({ people }) => Object.assign(people["alice"] ?? {}, { groups: [] })),
    );
    await expect(left.create("prod", "alice")).resolves.toBe("ImplicitlyDenied");
    await expect(left.associate(EDIT, ["payments-api"], { of: "alice" })).resolves.toBe("Allowed");
  });

  it("lets wildcards through for the patterns of a rule that allows them", async () => {
    const wild = grantor(
      sampleWith(({ rules }) => Object.assign(rules[0]?.access ?? {}, { wildcards: true })),
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

  it("lets a namespace of Kubernetes' own through where a rule names it in full", async () => {
    const system = grantor(
      sampleWith(({ rules }) =>
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

describe("taking away", () => {
  it("reaches every person's entry, of people and clusters that the file has never named", async () => {
    const gone = { of: "leaver", cluster: "gone" };
    for (const action of [
      "eks:DescribeAccessEntry",
      "eks:ListAssociatedAccessPolicies",
      "eks:DisassociateAccessPolicy",
      "eks:DeleteAccessEntry",
    ])
      await expect(sample.onEntry(action, gone)).resolves.toBe("Allowed");
  });

  it("works where EKS does not say what type the entry is", async () => {
    const { resource } = entry({ of: "alice" });
    await expect(
      sample.stack.decide("GrantorsPolicies", {
        action: "eks:DisassociateAccessPolicy",
        resource,
        context: TAG,
      }),
    ).resolves.toBe("Allowed");
  });

  it("deletes no entry that is not ours", async () => {
    await expect(sample.onEntry("eks:DeleteAccessEntry", { of: "alice", ...THEIRS })).resolves.toBe(
      "ImplicitlyDenied",
    );
  });

  it("takes nothing from nodes and services, tagged or not", async () => {
    for (const action of ["eks:DisassociateAccessPolicy", "eks:DeleteAccessEntry"])
      await expect(sample.onEntry(action, { of: "alice", type: "EC2_LINUX" })).resolves.toBe(
        "ExplicitlyDenied",
      );
  });
});

describe("the broker's own roles", () => {
  const own = ["ApiFunctionRole", "ConvergeFunctionRole", "SweepFunctionRole", "GrantorsPolicies"];

  it.each(own)("are lent nothing, even where the file lists them: %s", async (logicalId) => {
    const principal = sample.stack.role(logicalId).arn;
    const listed = grantor(
      sampleWith(({ people }) =>
        Object.assign(people["alice"] ?? {}, { principals: [person("alice"), principal] }),
      ),
    );
    await expect(listed.create("prod", "alice", { "eks:principalArn": principal })).resolves.toBe(
      "ExplicitlyDenied",
    );
  });
});

describe("the role for access policies", () => {
  it("can set no groups, and read of IAM no more than unique ids", () => {
    const actions = allowedActions(sample.stack.role("GrantorsPolicies"));
    expect(actions).not.toContain("eks:UpdateAccessEntry");
    expect(actions.filter((action) => !action.startsWith("eks:"))).toEqual(["iam:GetRole"]);
  });

  it("stays within what IAM lets one role hold inline, for the sample", () => {
    const size = JSON.stringify(
      Object.values(sample.stack.role("GrantorsPolicies").policies),
    ).length;
    expect(size).toBeLessThan(10_240);
  });

  it("names all of many people, in statements that a policy can hold", () => {
    const many = sampleWith((policy) => {
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
      .filter(({ Sid: sid }) => sid.startsWith("CreateEntries"))
      .flatMap((statement) => statement.Condition?.["ArnEquals"]?.["eks:principalArn"] ?? []);
    for (let index = 0; index < 90; index += 1)
      expect(created).toContain(person(`person-${index}`));
    for (const statement of statements)
      expect(JSON.stringify(statement).length).toBeLessThan(6_144);
  });
});

describe("the role for Kubernetes groups", () => {
  const groups = grantor(undefined, "GrantorsGroups");

  it("has nothing beyond setting them: it creates, deletes and reads no entry", async () => {
    expect(allowedActions(groups.stack.role("GrantorsGroups"))).toEqual(["eks:UpdateAccessEntry"]);
    await expect(groups.create("staging", "alice")).resolves.toBe("ImplicitlyDenied");
  });

  it("sets them together with the username, which an update would otherwise reset", async () => {
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

  it("sets groups on every person's entry, since that is how they are taken away", async () => {
    await expect(
      groups.onEntry("eks:UpdateAccessEntry", { of: "leaver", cluster: "gone", ours: false }),
    ).resolves.toBe("Allowed");
    await expect(
      groups.onEntry("eks:UpdateAccessEntry", { of: "alice", type: "EC2_LINUX" }),
    ).resolves.toBe("ExplicitlyDenied");
  });
});
