import { beforeEach, describe, expect, it } from "vitest";
import {
  ALICE,
  EDIT,
  type EksFixture,
  eksWithClusters,
  NODE,
  policyArn,
  VIEW,
} from "../eks-fixture.ts";

const INVALID = ["InvalidParameterException", 400] as const;
const POLICY_NOT_FOUND = [
  "ResourceNotFoundException",
  404,
  "The specified policyArn could not be found. You can view your available access policies with 'list-access-policies'",
] as const;
const STANDARD_ONLY = [
  ...INVALID,
  'This operation can only be performed on Access Entries with a type of "STANDARD"',
] as const;

let fixture: EksFixture;
beforeEach(async () => {
  fixture = await eksWithClusters();
  await fixture.call("CreateAccessEntry", { clusterName: "prod", principalArn: ALICE });
});

const address = { clusterName: "prod", principalArn: ALICE };
const associate = (policy: string, accessScope: Record<string, unknown>) =>
  fixture.call("AssociateAccessPolicy", { ...address, policyArn: policy, accessScope });
const associations = async () =>
  (await fixture.call("ListAssociatedAccessPolicies", address))["associatedAccessPolicies"];

describe("AssociateAccessPolicy answers", () => {
  it("AssociateAccessPolicy answers with the association, and empty namespaces for the whole cluster", async () => {
    const at = fixture.now().getTime() / 1000;
    const associatedAccessPolicy = {
      policyArn: VIEW,
      accessScope: { type: "cluster", namespaces: [] },
      associatedAt: at,
      modifiedAt: at,
    };
    expect(await associate(VIEW, { type: "cluster" })).toEqual({
      ...address,
      associatedAccessPolicy,
    });
    expect(await fixture.call("ListAssociatedAccessPolicies", address)).toEqual({
      ...address,
      associatedAccessPolicies: [associatedAccessPolicy],
      nextToken: null,
    });
  });

  it("AssociateAccessPolicy replaces the scope of a policy that is associated already", async () => {
    await associate(EDIT, { type: "namespace", namespaces: ["a", "b"] });
    const associatedAt = fixture.now().getTime() / 1000;
    fixture.advance(60);
    await associate(EDIT, { type: "namespace", namespaces: ["b-*"] });
    expect(await associations()).toEqual([
      {
        policyArn: EDIT,
        accessScope: { type: "namespace", namespaces: ["b-*"] },
        associatedAt,
        modifiedAt: associatedAt + 60,
      },
    ]);
  });

  it("AssociateAccessPolicy keeps each policy's own scope, by policy ARN", async () => {
    await associate(VIEW, { type: "cluster" });
    await associate(EDIT, { type: "namespace", namespaces: ["a"] });
    expect(await associations()).toMatchObject([
      { policyArn: EDIT, accessScope: { namespaces: ["a"] } },
      { policyArn: VIEW, accessScope: { type: "cluster" } },
    ]);
  });
});

describe("AssociateAccessPolicy refuses", () => {
  it.each<[string, Record<string, unknown>, readonly unknown[]]>([
    [
      "what is no access policy's ARN",
      { policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
      [...INVALID, "The policyArn parameter format is not valid"],
    ],
    [
      "a bare name",
      { policyArn: "AmazonEKSViewPolicy" },
      [...INVALID, "The policyArn parameter format is not valid"],
    ],
    [
      "an ARN with the account where the region stands",
      { policyArn: "arn:aws:eks:aws:cluster-access-policy/AmazonEKSViewPolicy" },
      POLICY_NOT_FOUND,
    ],
    [
      "an ARN without an account",
      { policyArn: "arn:aws:eks:::cluster-access-policy/AmazonEKSViewPolicy" },
      POLICY_NOT_FOUND,
    ],
    ["an unknown policy", { policyArn: policyArn("AmazonEKSRootPolicy") }, POLICY_NOT_FOUND],
    [
      "another partition's policy",
      { policyArn: VIEW.replace("arn:aws:", "arn:aws-cn:") },
      POLICY_NOT_FOUND,
    ],
    [
      "a policy for service-linked roles",
      { policyArn: policyArn("AmazonEKSComputePolicy") },
      [...INVALID, "The specified policyArn can only be associated with service-linked roles"],
    ],
    [
      "namespaces that are missing",
      { accessScope: { type: "namespace" } },
      [...INVALID, "At least 1 namespace must be provided if the type is set as namespace"],
    ],
    [
      "an empty list of namespaces",
      { accessScope: { type: "namespace", namespaces: [] } },
      [...INVALID, "At least 1 namespace must be provided if the type is set as namespace"],
    ],
    [
      "namespaces beside the whole cluster",
      { accessScope: { type: "cluster", namespaces: ["a"] } },
      [...INVALID, "accessScope should not include namespaces if the type is not set as namespace"],
    ],
    [
      "a scope of another kind",
      { accessScope: { type: "node" } },
      [...INVALID, "accessScope type must be one of [cluster, namespace]"],
    ],
    ["a scope without a type", { accessScope: {} }, [...INVALID, "accessScope type is required"]],
    [
      "an empty namespace",
      { accessScope: { type: "namespace", namespaces: [""] } },
      [...INVALID, "accessScope namespaces must not include an empty name"],
    ],
  ])("AssociateAccessPolicy refuses %s", async (_, input, error) => {
    await associate(EDIT, { type: "namespace", namespaces: ["kept"] });
    const before = await associations();
    const request = { ...address, policyArn: VIEW, accessScope: { type: "cluster" }, ...input };
    expect(await fixture.refusal("AssociateAccessPolicy", request)).toEqual(error);
    expect(await associations()).toEqual(before);
  });

  it.each<[string, string, readonly unknown[] | undefined]>([
    ["EC2_LINUX", VIEW, STANDARD_ONLY],
    ["HYBRID_LINUX", policyArn("AmazonEKSAutoNodePolicy"), STANDARD_ONLY],
    ["EC2", VIEW, STANDARD_ONLY],
    ["EC2", policyArn("AmazonEKSAutoNodePolicy"), undefined],
  ])(
    "AssociateAccessPolicy refuses for an entry of type %s the policy %s",
    async (type, policy, error) => {
      await fixture.call("CreateAccessEntry", { clusterName: "prod", principalArn: NODE, type });
      const request = {
        clusterName: "prod",
        principalArn: NODE,
        policyArn: policy,
        accessScope: { type: "cluster" },
      };
      if (error === undefined) {
        expect(await fixture.call("AssociateAccessPolicy", request)).toMatchObject({
          associatedAccessPolicy: { policyArn: policy },
        });
      } else {
        expect(await fixture.refusal("AssociateAccessPolicy", request)).toEqual(error);
      }
    },
  );
});

describe("DisassociateAccessPolicy", () => {
  it("DisassociateAccessPolicy takes the one policy away and answers with nothing", async () => {
    await associate(VIEW, { type: "cluster" });
    await associate(EDIT, { type: "cluster" });
    expect(await fixture.call("DisassociateAccessPolicy", { ...address, policyArn: EDIT })).toEqual(
      {},
    );
    expect(await associations()).toMatchObject([{ policyArn: VIEW }]);
  });

  it("DisassociateAccessPolicy refuses a policy that is not associated", async () => {
    const refusal = await fixture.refusal("DisassociateAccessPolicy", {
      ...address,
      policyArn: EDIT,
    });
    expect(refusal.slice(0, 2)).toEqual(["ResourceNotFoundException", 404]);
  });
});
