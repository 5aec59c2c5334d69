import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, EDIT, type EksFixture, eksWithClusters, NODE } from "./eks-fixture.ts";

const CLUSTER = "arn:aws:eks:us-west-2:111122223333:cluster/prod";

let fixture: EksFixture;
beforeEach(async () => {
  fixture = await eksWithClusters();
});

describe("CreateAccessEntry asks IAM", () => {
  it("CreateAccessEntry asks IAM on the cluster, without keys for what the caller left out", () => {
    expect(
      fixture.ask("CreateAccessEntry", {
        clusterName: "prod",
        principalArn: ALICE,
        kubernetesGroups: [],
      }),
    ).toEqual([
      {
        action: "eks:CreateAccessEntry",
        resource: CLUSTER,
        context: { "eks:principalArn": ALICE, "eks:accessEntryType": "STANDARD" },
      },
    ]);
  });

  it("CreateAccessEntry asks IAM with everything that was given, and about its tags on the ARN that the entry then gets", async () => {
    const request = {
      clusterName: "prod",
      principalArn: ALICE,
      username: "alice",
      kubernetesGroups: ["g"],
      tags: { "timelatch:token": "t" },
    };
    const asked = fixture.ask("CreateAccessEntry", request);
    const { accessEntryArn } = (await fixture.call("CreateAccessEntry", request))[
      "accessEntry"
    ] as { accessEntryArn: string };
    const tags = { "aws:RequestTag/timelatch:token": "t", "aws:TagKeys": ["timelatch:token"] };
    expect(asked).toEqual([
      {
        action: "eks:CreateAccessEntry",
        resource: CLUSTER,
        context: {
          "eks:principalArn": ALICE,
          "eks:accessEntryType": "STANDARD",
          "eks:username": "alice",
          "eks:kubernetesGroups": ["g"],
          ...tags,
        },
      },
      {
        action: "eks:TagResource",
        resource: accessEntryArn,
        context: {
          "eks:clusterName": "prod",
          "eks:principalArn": ALICE,
          "eks:accessEntryType": "STANDARD",
          ...tags,
        },
      },
    ]);
  });

  it("CreateAccessEntry asks IAM about passing the role of a node", () => {
    const request = { clusterName: "prod", principalArn: NODE, type: "EC2_LINUX" };
    expect(fixture.ask("CreateAccessEntry", request)[1]).toEqual({
      action: "iam:PassRole",
      resource: NODE,
    });
  });
});

describe("The operations on an entry ask IAM", () => {
  const address = { clusterName: "prod", principalArn: ALICE };

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["DescribeAccessEntry", {}, {}],
    ["UpdateAccessEntry", { kubernetesGroups: ["other"], username: "other" }, {}],
    ["DeleteAccessEntry", {}, {}],
    ["ListAssociatedAccessPolicies", {}, {}],
    ["DisassociateAccessPolicy", { policyArn: EDIT }, { "eks:policyArn": EDIT }],
    [
      "AssociateAccessPolicy",
      { policyArn: EDIT, accessScope: { type: "namespace", namespaces: ["a", "b-*"] } },
      { "eks:policyArn": EDIT, "eks:accessScope": "namespace", "eks:namespaces": ["a", "b-*"] },
    ],
    [
      "AssociateAccessPolicy",
      { policyArn: EDIT, accessScope: { type: "cluster", namespaces: [] } },
      { "eks:policyArn": EDIT, "eks:accessScope": "cluster" },
    ],
  ])("%s asks IAM with the entry's keys and the call's", async (operation, members, keys) => {
    const { accessEntry } = await fixture.call("CreateAccessEntry", {
      ...address,
      username: "alice",
      kubernetesGroups: ["g"],
      tags: { owner: "timelatch" },
    });
    const { accessEntryArn } = accessEntry as { accessEntryArn: string };
    expect(fixture.ask(operation, { ...address, ...members })).toEqual([
      {
        action: `eks:${operation}`,
        resource: accessEntryArn,
        context: {
          "eks:clusterName": "prod",
          "eks:principalArn": ALICE,
          "eks:accessEntryType": "STANDARD",
          "eks:username": "alice",
          "eks:kubernetesGroups": ["g"],
          "aws:ResourceTag/owner": "timelatch",
          ...keys,
        },
      },
    ]);
  });

  it("An operation on a missing entry asks IAM on the ARN that it would get, without its keys", () => {
    expect(fixture.ask("DeleteAccessEntry", { clusterName: "prod", principalArn: BOB })).toEqual([
      {
        action: "eks:DeleteAccessEntry",
        resource: expect.stringMatching(
          /^arn:aws:eks:us-west-2:111122223333:access-entry\/prod\/role\/111122223333\/bob\/[0-9a-f-]{36}$/,
        ),
        context: { "eks:clusterName": "prod", "eks:principalArn": BOB },
      },
    ]);
  });
});

describe("The other operations ask IAM", () => {
  it.each<[string, Record<string, unknown>, string, Record<string, unknown> | undefined]>([
    ["ListAccessPolicies", {}, "*", undefined],
    ["ListClusters", {}, "*", undefined],
    ["ListAccessEntries", { clusterName: "prod" }, CLUSTER, { "aws:ResourceTag/team": "sre" }],
    ["DescribeCluster", { name: "prod" }, CLUSTER, { "aws:ResourceTag/team": "sre" }],
    ["DescribeCluster", { name: "none" }, CLUSTER.replace("prod", "none"), {}],
    ["DeleteCluster", { name: "prod" }, CLUSTER, { "aws:ResourceTag/team": "sre" }],
    ["DescribeUpdate", { name: "prod", updateId: "u" }, CLUSTER, { "aws:ResourceTag/team": "sre" }],
    ["ListUpdates", { name: "prod" }, CLUSTER, { "aws:ResourceTag/team": "sre" }],
    [
      "UpdateClusterConfig",
      { name: "prod", accessConfig: { authenticationMode: "API" } },
      CLUSTER,
      { "aws:ResourceTag/team": "sre", "eks:authenticationMode": "API" },
    ],
    [
      "UntagResource",
      { resourceArn: CLUSTER, tagKeys: ["team"] },
      CLUSTER,
      { "aws:ResourceTag/team": "sre", "aws:TagKeys": ["team"] },
    ],
    [
      "TagResource",
      { resourceArn: CLUSTER, tags: { a: "1" } },
      CLUSTER,
      { "aws:ResourceTag/team": "sre", "aws:RequestTag/a": "1", "aws:TagKeys": ["a"] },
    ],
    [
      "ListTagsForResource",
      {
        resourceArn:
          "arn:aws:eks:us-west-2:111122223333:access-entry/prod/role/111122223333/alice/u",
      },
      CLUSTER,
      { "aws:ResourceTag/team": "sre" },
    ],
  ])("%s asks IAM %j", async (operation, input, resource, context) => {
    await fixture.call("TagResource", { resourceArn: CLUSTER, tags: { team: "sre" } });
    expect(fixture.ask(operation, input)).toEqual([
      { action: `eks:${operation}`, resource, ...(context === undefined ? {} : { context }) },
    ]);
  });

  it("CreateCluster, and about passing its role", () => {
    const input = {
      name: "new",
      roleArn: NODE,
      resourcesVpcConfig: {},
      accessConfig: { authenticationMode: "API" },
    };
    expect(fixture.ask("CreateCluster", input)).toEqual([
      {
        action: "eks:CreateCluster",
        resource: "*",
        context: {
          "eks:authenticationMode": "API",
          "eks:bootstrapClusterCreatorAdminPermissions": "true",
          "eks:kubernetesVersion": "1.33",
        },
      },
      { action: "iam:PassRole", resource: NODE },
    ]);
  });
});

describe("Every route", () => {
  it("Every route leads to an operation, and every operation has one", () => {
    const { protocol, operations } = fixture.service;
    const routed = protocol.kind === "rest-json" ? protocol.routes : [];
    expect(routed.map((route) => route.operation).sort()).toEqual(Object.keys(operations).sort());
  });
});
