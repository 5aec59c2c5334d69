import { beforeEach, describe, expect, it } from "vitest";
import type { AccessEntry } from "../../../../../../lab/sandbox/aws/eks/state.ts";
import {
  ACCOUNT,
  ALICE,
  BOB,
  type EksFixture,
  eksWithClusters,
  FOREIGN,
  iamRole,
  NODE,
} from "../eks-fixture.ts";

const INVALID = ["InvalidParameterException", 400] as const;
const INVALID_PRINCIPAL = [
  ...INVALID,
  "The specified principalArn is invalid: invalid principal.",
] as const;
const SERVICE_LINKED = [
  ...INVALID,
  "The caller is not allowed to modify access entries with a principalArn value of a Service Linked Role",
] as const;
const NODE_TYPES = "[EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, HYBRID_LINUX, EC2]";
const NO_ENTRIES = [
  "InvalidRequestException",
  400,
  "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
] as const;

let fixture: EksFixture;
beforeEach(async () => {
  fixture = await eksWithClusters();
});

const create = (input: Record<string, unknown>) =>
  fixture.call("CreateAccessEntry", { clusterName: "prod", principalArn: ALICE, ...input });
const refusal = (input: Record<string, unknown>) =>
  fixture.refusal("CreateAccessEntry", { clusterName: "prod", principalArn: ALICE, ...input });

describe("CreateAccessEntry answers", () => {
  it("CreateAccessEntry answers with a standard entry whose user is the role's session", async () => {
    expect(await create({})).toEqual({
      accessEntry: {
        clusterName: "prod",
        principalArn: ALICE,
        kubernetesGroups: [],
        accessEntryArn: expect.stringMatching(
          /^arn:aws:eks:us-west-2:111122223333:access-entry\/prod\/role\/111122223333\/alice\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        ),
        createdAt: fixture.now().getTime() / 1000,
        modifiedAt: fixture.now().getTime() / 1000,
        tags: {},
        username: `arn:aws:sts::${ACCOUNT}:assumed-role/alice/{{SessionName}}`,
        type: "STANDARD",
      },
    });
  });

  it.each([
    ["EC2_LINUX", "system:node:{{EC2PrivateDNSName}}"],
    ["EC2_WINDOWS", "system:node:{{EC2PrivateDNSName}}"],
    ["EC2", "system:node:{{EC2PrivateDNSName}}"],
    ["FARGATE_LINUX", "system:node:{{SessionName}}"],
    ["HYBRID_LINUX", "system:node:{{SessionName}}"],
    ["HYPERPOD_LINUX", "system:node:{{SessionName}}"],
  ])("CreateAccessEntry answers with the username of a %s node", async (type, username) => {
    expect(await create({ principalArn: NODE, type })).toMatchObject({
      accessEntry: { type, username, kubernetesGroups: ["system:nodes"] },
    });
  });

  it("CreateAccessEntry answers with the names and tags that were given", async () => {
    const given = {
      username: "sts:alice:{{SessionName}}",
      kubernetesGroups: ["eks-admins", "system"],
      tags: { "timelatch:token": "t" },
    };
    expect(await create(given)).toMatchObject({ accessEntry: given });
  });

  it("CreateAccessEntry answers with a user of another account under the user's own ARN", async () => {
    const principalArn = "arn:aws:iam::999988887777:user/team/guest";
    const answer = await create({ principalArn });
    expect(answer).toMatchObject({ accessEntry: { username: principalArn } });
    expect(fixture.eks.state.clusters["prod"]?.entries[principalArn]?.principalId).toMatch(
      /^AIDA[A-Z0-9]{17}$/,
    );
  });

  it("CreateAccessEntry answers in the mixed mode too", async () => {
    expect(await create({ clusterName: "mixed" })).toMatchObject({
      accessEntry: { clusterName: "mixed" },
    });
  });
});

describe("CreateAccessEntry refuses", () => {
  it.each<[string, Record<string, unknown>, readonly unknown[]]>([
    [
      "a role that does not exist",
      { principalArn: `arn:aws:iam::${ACCOUNT}:role/nobody` },
      INVALID_PRINCIPAL,
    ],
    [
      "a role without its path",
      { principalArn: `arn:aws:iam::${ACCOUNT}:role/alice` },
      INVALID_PRINCIPAL,
    ],
    [
      "a user of the account",
      { principalArn: `arn:aws:iam::${ACCOUNT}:user/alice` },
      INVALID_PRINCIPAL,
    ],
    [
      "a session",
      { principalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/alice/s` },
      INVALID_PRINCIPAL,
    ],
    ["another partition", { principalArn: "arn:aws-cn:iam::1:role/x" }, INVALID_PRINCIPAL],
    [
      "a service-linked role",
      {
        principalArn: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
      },
      SERVICE_LINKED,
    ],
    [
      "a service-linked role of another account, for nodes",
      {
        principalArn: "arn:aws:iam::999988887777:role/aws-service-role/x.amazonaws.com/X",
        type: "EC2_LINUX",
      },
      SERVICE_LINKED,
    ],
    [
      "a user for nodes",
      { principalArn: `arn:aws:iam::${ACCOUNT}:user/alice`, type: "EC2_LINUX" },
      [...INVALID, `AccessEntry principalArn must be IAM role when using types ${NODE_TYPES}`],
    ],
    [
      "another account's role for nodes",
      { principalArn: FOREIGN, type: "HYBRID_LINUX" },
      [
        ...INVALID,
        `AccessEntry principalArn must be from the same account as the cluster when using types ${NODE_TYPES}`,
      ],
    ],
    [
      "a type in small letters",
      { type: "standard" },
      [
        ...INVALID,
        "AccessEntry type must be one of [EC2, EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, HYBRID_LINUX, HYPERPOD_LINUX, STANDARD]",
      ],
    ],
    ...["system:", "eks:", "aws:", "amazon:", "iam:"].flatMap(
      (prefix): [string, Record<string, unknown>, readonly unknown[]][] => [
        [
          `a username that begins with ${prefix}`,
          { username: `${prefix}x` },
          [...INVALID, `The username must not begin with ${prefix}`],
        ],
        [
          `a group that begins with ${prefix}`,
          { kubernetesGroups: ["fine", `${prefix}masters`] },
          [
            ...INVALID,
            `The kubernetes group name ${prefix}masters is invalid, it cannot start with ${prefix}`,
          ],
        ],
      ],
    ),
    [
      "a session name without a colon before it",
      { username: "alice-{{SessionName}}" },
      [
        ...INVALID,
        "The specified username is invalid: a colon must come before {{SessionName}} in the username",
      ],
    ],
    [
      "a session name whose only colon comes after it",
      { username: "{{SessionName}}:alice" },
      [
        ...INVALID,
        "The specified username is invalid: a colon must come before {{SessionName}} in the username",
      ],
    ],
    [
      "a username for nodes",
      { principalArn: NODE, type: "EC2_LINUX", username: "node" },
      [
        ...INVALID,
        'The specified username is invalid: setting username is not allowed when the type is "EC2_LINUX"',
      ],
    ],
    [
      "groups for nodes",
      { principalArn: NODE, type: "EC2_LINUX", kubernetesGroups: ["nodes"] },
      [
        ...INVALID,
        'The specified kubernetesGroups is invalid: setting kubernetesGroups is not allowed when the type is "EC2_LINUX"',
      ],
    ],
    [
      "a cluster that does not exist",
      { clusterName: "nowhere" },
      ["ResourceNotFoundException", 404, "No cluster found for name: nowhere."],
    ],
    [
      "a cluster named like a member of every object",
      { clusterName: "constructor" },
      ["ResourceNotFoundException", 404, "No cluster found for name: constructor."],
    ],
    ["a cluster in mode CONFIG_MAP", { clusterName: "legacy" }, NO_ENTRIES],
    [
      "a name that no cluster can have",
      { clusterName: "-prod" },
      [...INVALID, expect.stringContaining("^[0-9A-Za-z][A-Za-z0-9-_]*")],
    ],
    [
      "more than 50 tags",
      { tags: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, "v"])) },
      [...INVALID, "A resource can have at most 50 tags"],
    ],
    [
      "a tag key of 129 characters",
      { tags: { ["k".repeat(129)]: "v" } },
      [...INVALID, "A tag key must have 1 to 128 characters"],
    ],
    [
      "a tag value of 257 characters",
      { tags: { k: "v".repeat(257) } },
      [...INVALID, "A tag value must have at most 256 characters"],
    ],
    [
      "groups that are no list",
      { kubernetesGroups: "eks-admins" },
      ["SerializationException", 400, "kubernetesGroups must be a list of strings"],
    ],
    [
      "the account's root, which is not emulated",
      { principalArn: `arn:aws:iam::${ACCOUNT}:root` },
      ["NotEmulatedException", 501, expect.stringContaining("an account's root")],
    ],
  ])("CreateAccessEntry refuses %s", async (_, input, error) => {
    expect(await refusal(input)).toEqual(error);
    expect(fixture.eks.state.clusters["prod"]?.entries).toEqual({});
  });

  it("CreateAccessEntry refuses a second entry of the same principal", async () => {
    await create({});
    expect(await refusal({})).toEqual([
      "ResourceInUseException",
      409,
      "The specified access entry resource is already in use on this cluster.",
    ]);
  });

  it("CreateAccessEntry refuses the entry after the three-thousandth", async () => {
    await create({ principalArn: BOB });
    const cluster = fixture.eks.state.clusters["prod"];
    const entry = cluster?.entries[BOB];
    if (cluster === undefined || entry === undefined) throw new Error("no entry was made");
    const copies = (count: number): Record<string, AccessEntry> =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`role-${at}`, entry]));

    cluster.entries = copies(3000);
    expect((await refusal({})).slice(0, 2)).toEqual(["ResourceLimitExceededException", 400]);
    cluster.entries = copies(2999);
    expect(await create({})).toMatchObject({ accessEntry: { principalArn: ALICE } });
  });
});

describe("CreateAccessEntry looks at the request before the cluster", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["a reserved username", { username: "system:x" }, "The username must not begin with system:"],
    [
      "a reserved group",
      { kubernetesGroups: ["system:masters"] },
      "The kubernetes group name system:masters is invalid, it cannot start with system:",
    ],
    [
      "another account's nodes",
      { principalArn: FOREIGN, type: "EC2" },
      `AccessEntry principalArn must be from the same account as the cluster when using types ${NODE_TYPES}`,
    ],
  ])("CreateAccessEntry looks at the request before the cluster: %s", async (_, input, text) => {
    expect((await refusal({ ...input, clusterName: "nowhere" }))[2]).toBe(text);
  });

  it("CreateAccessEntry looks for the principal only after the cluster and its mode", async () => {
    const principalArn = `arn:aws:iam::${ACCOUNT}:role/nobody`;
    expect((await refusal({ principalArn, clusterName: "nowhere" }))[1]).toBe(404);
    expect(await refusal({ principalArn, clusterName: "legacy" })).toEqual(NO_ENTRIES);
  });
});

describe("A repeated clientRequestToken", () => {
  const first = { clientRequestToken: "token", tags: { a: "1", b: "2" } };

  it("A repeated clientRequestToken is answered with the entry that it made", async () => {
    const made = await create(first);
    fixture.advance(30);
    expect(await create({ ...first, tags: { b: "2", a: "1" } })).toEqual(made);
    expect(Object.keys(fixture.eks.state.clusters["prod"]?.entries ?? {})).toEqual([ALICE]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["another principal", { principalArn: BOB }],
    ["other tags", { tags: { a: "1" } }],
    ["other groups", { kubernetesGroups: ["eks-admins"] }],
    ["another username", { username: "alice" }],
  ])("A repeated clientRequestToken with %s is refused", async (_, other) => {
    await create(first);
    expect((await refusal({ ...first, ...other })).slice(0, 2)).toEqual(INVALID);
  });

  it("A repeated clientRequestToken makes an entry again once the first was deleted", async () => {
    const made = await create(first);
    await fixture.call("DeleteAccessEntry", { clusterName: "prod", principalArn: ALICE });
    expect(await create(first)).not.toEqual(made);
  });

  it("A repeated clientRequestToken says nothing in another cluster", async () => {
    await create(first);
    expect(await create({ ...first, clusterName: "mixed" })).toMatchObject({
      accessEntry: { clusterName: "mixed" },
    });
  });
});

describe("An entry is bound to the unique id of its principal", () => {
  it("An entry stays bound to the old unique id when its role is created again", async () => {
    await create({});
    const before = await fixture.entryOf("prod", ALICE);
    fixture.iam.change((state) => {
      state.roles[ALICE] = iamRole(ALICE, "AROASECOND");
    });
    expect(await fixture.entryOf("prod", ALICE)).toEqual(before);
    expect(fixture.eks.state.clusters["prod"]?.entries[ALICE]?.principalId).toBe("AROAALICE");
  });

  it("An entry that is created again takes the new unique id, under another ARN", async () => {
    await create({});
    const { accessEntryArn } = await fixture.entryOf("prod", ALICE);
    fixture.iam.change((state) => {
      state.roles[ALICE] = iamRole(ALICE, "AROASECOND");
    });
    await fixture.call("DeleteAccessEntry", { clusterName: "prod", principalArn: ALICE });
    await create({});
    expect(fixture.eks.state.clusters["prod"]?.entries[ALICE]?.principalId).toBe("AROASECOND");
    expect((await fixture.entryOf("prod", ALICE))["accessEntryArn"]).not.toBe(accessEntryArn);
  });

  it("An entry outlives its principal", async () => {
    await create({});
    fixture.iam.change((state) => {
      delete state.roles[ALICE];
    });
    expect(await fixture.entryOf("prod", ALICE)).toMatchObject({ principalArn: ALICE });
  });
});
