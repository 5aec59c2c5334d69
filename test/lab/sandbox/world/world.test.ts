import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { decide } from "../../../../lab/sandbox/aws/authorize.ts";
import { identify } from "../../../../lab/sandbox/aws/identities.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import {
  CLUSTERS,
  initialEks,
  initialKubernetes,
} from "../../../../lab/sandbox/world/initial-clusters.ts";
import {
  ADMIN,
  initialIam,
  ownRoleArn,
  PEOPLE,
  profileCredential,
} from "../../../../lab/sandbox/world/people.ts";
import { declareSignIns, signInCredential } from "../../../../lab/sandbox/world/sign-ins.ts";

const NOW = new Date("2026-11-24T10:00:00Z");
const iam = initialIam(NOW);
declareSignIns(memoryStore(iam), true, NOW);
const eks = initialEks(
  iam,
  (name) => ({ endpoint: `https://127.0.0.1/${name}`, certificateAuthority: "" }),
  NOW,
);
const access = parse(
  readFileSync(path.resolve(import.meta.dirname, "../../../../access.yaml"), "utf8"),
);

const callerOf = (person: string) => {
  const credential = profileCredential(iam, person) ?? signInCredential(iam, person);
  if (!credential) throw new Error(`${person} has no profile.`);
  return identify(iam, credential.accessKeyId, credential.sessionToken, NOW).caller;
};

interface Identities {
  readonly iam?: readonly string[];
  readonly identityCenter?: { readonly userId: string; readonly userName: string };
  readonly saml?: string;
}

/** The proofs by which people are known, in access.yaml. */
function proofs(people: Readonly<Record<string, { readonly identities: Identities }>>) {
  const by = <Kind extends keyof Identities>(kind: Kind) =>
    Object.entries(people).flatMap(([name, { identities }]) => {
      const proof = identities[kind];
      return proof === undefined ? [] : [[name, proof] as const];
    });
  return { iam: by("iam"), identityCenter: by("identityCenter"), saml: by("saml") };
}

describe("the sandbox's people", () => {
  it("The sandbox's people are those of access.yaml, each signed in as it says", () => {
    expect([...PEOPLE]).toEqual(Object.keys(access.people));
    const { iam: roles, identityCenter, saml } = proofs(access.people);
    for (const [name, [role]] of roles) expect(callerOf(name).principalArn).toBe(role);
    for (const [name, { userId, userName }] of identityCenter) {
      expect(callerOf(name).arn).toMatch(
        new RegExp(`:assumed-role/AWSReservedSSO_\\w+_[0-9a-f]{16}/${userName}$`),
      );
      expect(callerOf(name).sessionContext).toEqual({ "identitystore:UserId": userId });
    }
    for (const [name, subject] of saml)
      expect(callerOf(name).sessionContext?.["saml:sub"]).toBe(subject);
    expect([roles, identityCenter, saml].map(({ length }) => length)).toEqual([3, 2, 1]);
  });

  it("The sandbox's people have sessions named as themselves", () => {
    expect(callerOf("bob").arn).toBe("arn:aws:sts::111122223333:assumed-role/bob/bob");
  });

  it.each([
    [
      "execute-api:Invoke",
      "arn:aws:execute-api:us-west-2:111122223333:abc/$default/GET/v1/x",
      true,
    ],
    ["eks:DescribeAccessEntry", "arn:aws:eks:us-west-2:111122223333:access-entry/prod/x", true],
    ["eks:CreateAccessEntry", "arn:aws:eks:us-west-2:111122223333:cluster/prod", false],
    ["eks:AssociateAccessPolicy", "arn:aws:eks:us-west-2:111122223333:access-entry/prod/x", false],
    ["sts:AssumeRole", "arn:aws:iam::111122223333:role/admin", false],
    ["dynamodb:GetItem", "arn:aws:dynamodb:us-west-2:111122223333:table/x", false],
  ])("A person without a group may %s on %s: %s", async (action, resource, allowed) => {
    const decision = await decide(iam, callerOf("mallory"), { action, resource }, NOW);
    expect(decision === "Allowed").toBe(allowed);
  });

  it("The sandbox's people are beside an administrator of the account, who may do everything", async () => {
    const check = {
      action: "eks:DeleteCluster",
      resource: "arn:aws:eks:us-west-2:111122223333:cluster/prod",
    };
    expect(await decide(iam, callerOf(ADMIN), check, NOW)).toBe("Allowed");
  });
});

describe("the sandbox's clusters", () => {
  it("The sandbox's clusters are those of access.yaml, by name and ARN", () => {
    const arns = Object.values(eks.clusters).map(({ name, arn }) => [name, arn]);
    const listed = Object.entries<{ readonly arn: string }>(access.clusters).map(
      ([name, { arn }]) => [name, arn],
    );
    expect(arns.toSorted()).toEqual(listed.toSorted());
  });

  it("The sandbox's clusters have their modes and standing entries, bound to the roles' unique ids", () => {
    expect(eks.clusters["legacy"]?.authenticationMode).toBe("CONFIG_MAP");
    const entries = Object.values(eks.clusters["prod"]?.entries ?? {}).map(
      ({ principalArn, principalId, type, policies }) => ({
        principalArn,
        type,
        bound: principalId === iam.roles[principalArn]?.roleId,
        policies: Object.values(policies).map(({ policyArn, accessScope }) => [
          policyArn.split("/")[1],
          accessScope,
        ]),
      }),
    );
    expect(entries).toEqual([
      {
        principalArn: ownRoleArn("carol"),
        type: "STANDARD",
        bound: true,
        policies: [["AmazonEKSViewPolicy", { type: "cluster", namespaces: [] }]],
      },
      {
        principalArn: "arn:aws:iam::111122223333:role/ci-deployer",
        type: "STANDARD",
        bound: true,
        policies: [["AmazonEKSEditPolicy", { type: "namespace", namespaces: ["ci"] }]],
      },
      {
        principalArn: "arn:aws:iam::111122223333:role/eks-node",
        type: "EC2_LINUX",
        bound: true,
        policies: [],
      },
    ]);
  });

  it.each(CLUSTERS.map(({ name }) => name))("The cluster %s has its workloads' objects", (name) => {
    const { objects } = initialKubernetes(name, NOW);
    const deployments = Object.keys(objects).filter((key) => key.startsWith("apps/deployments/"));
    const pods = Object.keys(objects).filter((key) => key.startsWith("/pods/"));
    expect(deployments.length).toBeGreaterThan(0);
    expect(pods).toHaveLength(deployments.length * 2);
  });
});
