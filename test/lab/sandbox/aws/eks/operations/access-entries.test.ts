import { beforeEach, describe, expect, it } from "vitest";
import {
  ALICE,
  BOB,
  EDIT,
  type EksFixture,
  eksWithClusters,
  FOREIGN,
  NODE,
  VIEW,
} from "../eks-fixture.ts";

const NOT_FOUND = [
  "ResourceNotFoundException",
  404,
  "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
];
const NO_ENTRIES = [
  "InvalidRequestException",
  400,
  "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
];

const OPERATIONS: [string, Record<string, unknown>][] = [
  ["DescribeAccessEntry", {}],
  ["UpdateAccessEntry", { kubernetesGroups: [] }],
  ["DeleteAccessEntry", {}],
  ["AssociateAccessPolicy", { policyArn: VIEW, accessScope: { type: "cluster" } }],
  ["DisassociateAccessPolicy", { policyArn: VIEW }],
  ["ListAssociatedAccessPolicies", {}],
];

let fixture: EksFixture;
beforeEach(async () => {
  fixture = await eksWithClusters();
});

const create = (principalArn: string, more: Record<string, unknown> = {}) =>
  fixture.call("CreateAccessEntry", { clusterName: "prod", principalArn, ...more });
const update = (more: Record<string, unknown>) =>
  fixture.call("UpdateAccessEntry", { clusterName: "prod", principalArn: ALICE, ...more });

describe.each(OPERATIONS)("%s refuses", (operation, members) => {
  it("An entry that does not exist is refused", async () => {
    const input = { clusterName: "prod", principalArn: ALICE, ...members };
    expect(await fixture.refusal(operation, input)).toEqual(NOT_FOUND);
  });

  it("A principal that is named without its path is refused", async () => {
    await create(ALICE);
    const principalArn = ALICE.replace("people/", "");
    const input = { clusterName: "prod", principalArn, ...members };
    expect(await fixture.refusal(operation, input)).toEqual(NOT_FOUND);
  });

  it("A cluster that does not exist is refused", async () => {
    const input = { clusterName: "nowhere", principalArn: ALICE, ...members };
    expect(await fixture.refusal(operation, input)).toEqual([
      "ResourceNotFoundException",
      404,
      "No cluster found for name: nowhere.",
    ]);
  });

  it("A cluster in mode CONFIG_MAP is refused", async () => {
    const input = { clusterName: "legacy", principalArn: ALICE, ...members };
    expect(await fixture.refusal(operation, input)).toEqual(NO_ENTRIES);
  });
});

describe("UpdateAccessEntry", () => {
  it("UpdateAccessEntry replaces username and groups and reports when", async () => {
    await create(ALICE, { kubernetesGroups: ["a", "b"], username: "alice" });
    const before = await fixture.entryOf("prod", ALICE);
    fixture.advance(10);
    await update({ kubernetesGroups: ["c"], username: "alice" });
    expect(await fixture.entryOf("prod", ALICE)).toEqual({
      ...before,
      kubernetesGroups: ["c"],
      modifiedAt: fixture.now().getTime() / 1000,
    });
  });

  it("UpdateAccessEntry resets an absent username to the one that AWS generates", async () => {
    await create(ALICE, { kubernetesGroups: ["a"], username: "alice" });
    await update({ kubernetesGroups: ["a", "b"] });
    expect(await fixture.entryOf("prod", ALICE)).toMatchObject({
      kubernetesGroups: ["a", "b"],
      username: "arn:aws:sts::111122223333:assumed-role/alice/{{SessionName}}",
    });
  });

  it("UpdateAccessEntry resets absent groups to none", async () => {
    await create(ALICE, { kubernetesGroups: ["a"], username: "alice" });
    await update({ username: "alice" });
    expect(await fixture.entryOf("prod", ALICE)).toMatchObject({
      kubernetesGroups: [],
      username: "alice",
    });
  });

  it("UpdateAccessEntry leaves a node's entry with the username and groups of its type", async () => {
    await create(NODE, { type: "EC2_LINUX" });
    const before = await fixture.entryOf("prod", NODE);
    await fixture.call("UpdateAccessEntry", { clusterName: "prod", principalArn: NODE });
    expect(await fixture.entryOf("prod", NODE)).toEqual(before);
  });

  it("UpdateAccessEntry clears the groups with an empty list", async () => {
    await create(ALICE, { kubernetesGroups: ["a"] });
    expect(await update({ kubernetesGroups: [] })).toMatchObject({
      accessEntry: { kubernetesGroups: [] },
    });
  });

  it("UpdateAccessEntry changes the username", async () => {
    await create(ALICE);
    expect(await update({ username: "alice" })).toMatchObject({
      accessEntry: { username: "alice", kubernetesGroups: [] },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["a username", { username: "system:x" }, "The username must not begin with system:"],
    [
      "a group",
      { kubernetesGroups: ["system:masters"] },
      "The kubernetes group name system:masters is invalid, it cannot start with system:",
    ],
  ])("UpdateAccessEntry refuses %s with a reserved prefix", async (_, more, text) => {
    await create(ALICE, { kubernetesGroups: ["a"] });
    const input = { clusterName: "prod", principalArn: ALICE, ...more };
    expect(await fixture.refusal("UpdateAccessEntry", input)).toEqual([
      "InvalidParameterException",
      400,
      text,
    ]);
    expect(await fixture.entryOf("prod", ALICE)).toMatchObject({ kubernetesGroups: ["a"] });
  });

  it("UpdateAccessEntry refuses a node's username, its own included, and its groups", async () => {
    await create(NODE, { type: "EC2_LINUX" });
    const texts = await Promise.all(
      [
        { username: "system:node:{{EC2PrivateDNSName}}" },
        { username: "node" },
        { kubernetesGroups: ["nodes"] },
      ].map(
        async (more) =>
          (
            await fixture.refusal("UpdateAccessEntry", {
              clusterName: "prod",
              principalArn: NODE,
              ...more,
            })
          )[2],
      ),
    );
    expect(texts).toEqual([
      "The username must not begin with system:",
      'The specified username is invalid: setting username is not allowed when the type is "EC2_LINUX"',
      'The specified kubernetesGroups is invalid: setting kubernetesGroups is not allowed when the type is "EC2_LINUX"',
    ]);
  });
});

describe("A service-linked role's entry", () => {
  it.each([
    ["UpdateAccessEntry", { kubernetesGroups: [] }],
    ["DeleteAccessEntry", {}],
    ["AssociateAccessPolicy", { policyArn: VIEW, accessScope: { type: "cluster" } }],
  ])("A service-linked role's entry is not for %s", async (operation, members) => {
    const principalArn = "arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/X";
    const input = { clusterName: "prod", principalArn, ...members };
    expect(await fixture.refusal(operation, input)).toEqual([
      "InvalidParameterException",
      400,
      "The caller is not allowed to modify access entries with a principalArn value of a Service Linked Role",
    ]);
  });
});

describe("DeleteAccessEntry", () => {
  it("DeleteAccessEntry answers with nothing and takes the entry with its associations", async () => {
    await create(ALICE);
    await create(BOB);
    const scope = { policyArn: VIEW, accessScope: { type: "cluster" } };
    await fixture.call("AssociateAccessPolicy", {
      clusterName: "prod",
      principalArn: ALICE,
      ...scope,
    });
    const address = { clusterName: "prod", principalArn: ALICE };
    expect(await fixture.call("DeleteAccessEntry", address)).toEqual({});
    expect(await fixture.refusal("DescribeAccessEntry", address)).toEqual(NOT_FOUND);
    expect(await fixture.entryOf("prod", BOB)).toMatchObject({ principalArn: BOB });

    await create(ALICE);
    expect(await fixture.call("ListAssociatedAccessPolicies", address)).toMatchObject({
      associatedAccessPolicies: [],
    });
  });
});

describe("ListAccessEntries", () => {
  it("ListAccessEntries gives only the principals, ascending", async () => {
    for (const principal of [FOREIGN, BOB, ALICE]) await create(principal);
    expect(await fixture.call("ListAccessEntries", { clusterName: "prod" })).toEqual({
      accessEntries: [ALICE, BOB, FOREIGN],
      nextToken: null,
    });
  });

  it("ListAccessEntries gives those that a policy is associated with", async () => {
    for (const principal of [ALICE, BOB]) await create(principal);
    await fixture.call("AssociateAccessPolicy", {
      clusterName: "prod",
      principalArn: BOB,
      policyArn: EDIT,
      accessScope: { type: "cluster" },
    });
    const associatedPolicyArn = EDIT;
    expect(
      await fixture.call("ListAccessEntries", { clusterName: "prod", associatedPolicyArn }),
    ).toMatchObject({ accessEntries: [BOB] });
  });

  it("ListAccessEntries is refused in mode CONFIG_MAP", async () => {
    expect(await fixture.refusal("ListAccessEntries", { clusterName: "legacy" })).toEqual(
      NO_ENTRIES,
    );
  });
});
