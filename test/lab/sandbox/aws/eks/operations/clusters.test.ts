import { beforeEach, describe, expect, it } from "vitest";
import { settledState } from "../../../../../../lab/sandbox/aws/eks/settle.ts";
import {
  ALICE,
  type EksFixture,
  eksFixture,
  eksWithClusters,
  NODE,
  policyArn,
  UPDATE_SECONDS,
} from "../eks-fixture.ts";

let fixture: EksFixture;
beforeEach(async () => {
  fixture = await eksWithClusters();
});

const request = (name: string, accessConfig: Record<string, unknown>) => ({
  name,
  roleArn: NODE,
  resourcesVpcConfig: { subnetIds: ["subnet-1"] },
  accessConfig,
});
const clusterOf = async (name: string) =>
  (await fixture.call("DescribeCluster", { name }))["cluster"] as Record<string, unknown>;
const updateMode = (name: string, authenticationMode: string, clientRequestToken?: string) => ({
  name,
  accessConfig: { authenticationMode },
  clientRequestToken,
});
const startUpdate = async (name: string, mode: string) =>
  (await fixture.call("UpdateClusterConfig", updateMode(name, mode)))["update"] as Record<
    string,
    unknown
  >;

describe("A cluster", () => {
  it("A cluster is CREATING, then ACTIVE, with an address and its access configuration", async () => {
    await fixture.call("CreateCluster", request("new", { authenticationMode: "API" }));
    expect(await clusterOf("new")).toMatchObject({
      arn: "arn:aws:eks:us-west-2:111122223333:cluster/new",
      status: "CREATING",
      endpoint: "https://new.example",
      certificateAuthority: { data: "Q0E=" },
      createdAt: fixture.now().getTime() / 1000,
      accessConfig: {
        authenticationMode: "API",
        bootstrapClusterCreatorAdminPermissions: true,
      },
      resourcesVpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: [] },
    });
    fixture.advance(UPDATE_SECONDS);
    expect(await clusterOf("new")).toMatchObject({ status: "ACTIVE" });
  });

  it.each(["API", "API_AND_CONFIG_MAP"])(
    "A cluster in mode %s begins with its creator as administrator",
    async (authenticationMode) => {
      await fixture.call("CreateCluster", request("new", { authenticationMode }));
      expect(
        await fixture.call("ListAssociatedAccessPolicies", {
          clusterName: "new",
          principalArn: ALICE,
        }),
      ).toMatchObject({
        associatedAccessPolicies: [
          {
            policyArn: policyArn("AmazonEKSClusterAdminPolicy"),
            accessScope: { type: "cluster", namespaces: [] },
          },
        ],
      });
      expect(fixture.eks.state.clusters["new"]?.entries[ALICE]?.principalId).toBe("AROAALICE");
    },
  );

  it("A cluster begins without any entry when bootstrap permissions are refused", async () => {
    const access = { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false };
    await fixture.call("CreateCluster", request("new", access));
    expect(await fixture.call("ListAccessEntries", { clusterName: "new" })).toMatchObject({
      accessEntries: [],
    });
  });

  it("A cluster is in mode CONFIG_MAP by default", async () => {
    const { accessConfig: _, ...plain } = request("new", {});
    expect(await fixture.call("CreateCluster", plain)).toMatchObject({
      cluster: {
        accessConfig: {
          authenticationMode: "CONFIG_MAP",
          bootstrapClusterCreatorAdminPermissions: true,
        },
      },
    });
  });

  it("A cluster answers a repeated token with the cluster that it made", async () => {
    const input = { ...request("new", {}), clientRequestToken: "token" };
    const made = await fixture.call("CreateCluster", input);
    expect(await fixture.call("CreateCluster", input)).toEqual(made);
    const refusal = await fixture.refusal("CreateCluster", { ...input, version: "1.31" });
    expect(refusal.slice(0, 2)).toEqual(["InvalidParameterException", 400]);
  });

  it.each<[string, Record<string, unknown>, readonly unknown[]]>([
    [
      "a name that is taken",
      request("prod", {}),
      ["ResourceInUseException", 409, "Cluster already exists with name: prod"],
    ],
    [
      "CONFIG_MAP without a bootstrap administrator",
      request("new", { bootstrapClusterCreatorAdminPermissions: false }),
      [
        "InvalidParameterException",
        400,
        "bootstrapClusterCreatorAdminPermissions must be true if cluster authentication mode is set to CONFIG_MAP",
      ],
    ],
    [
      "an unknown mode",
      request("new", { authenticationMode: "IAM" }),
      [
        "InvalidParameterException",
        400,
        "authenticationMode must be one of [API, API_AND_CONFIG_MAP, CONFIG_MAP]",
      ],
    ],
    [
      "what is not emulated",
      { ...request("new", {}), encryptionConfig: [], logging: {} },
      ["NotEmulatedException", 501, expect.stringContaining("encryptionConfig, logging")],
    ],
  ])("A cluster is refused with %s", async (_, input, error) => {
    expect(await fixture.refusal("CreateCluster", input)).toEqual(error);
    expect(Object.keys(fixture.eks.state.clusters)).toEqual(["prod", "mixed", "legacy"]);
  });

  it("A cluster is DELETING, then gone", async () => {
    expect(await fixture.call("DeleteCluster", { name: "prod" })).toMatchObject({
      cluster: { status: "DELETING" },
    });
    expect(await clusterOf("prod")).toMatchObject({ status: "DELETING" });
    fixture.advance(UPDATE_SECONDS);
    expect(await fixture.refusal("DescribeCluster", { name: "prod" })).toEqual([
      "ResourceNotFoundException",
      404,
      "No cluster found for name: prod.",
    ]);
    expect(await fixture.call("ListClusters", {})).toEqual({
      clusters: ["legacy", "mixed"],
      nextToken: null,
    });
  });

  it("ListClusters refuses to list connected clusters, which do not exist here", async () => {
    const refusal = await fixture.refusal("ListClusters", { include: ["all"] });
    expect(refusal.slice(0, 2)).toEqual(["NotEmulatedException", 501]);
  });
});

describe("A change of the authentication mode", () => {
  it("A change of the authentication mode takes its time and takes effect when it is done", async () => {
    const update = await startUpdate("legacy", "API_AND_CONFIG_MAP");
    expect(update).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: "InProgress",
      type: "AccessConfigUpdate",
      params: [{ type: "AuthenticationMode", value: "API_AND_CONFIG_MAP" }],
      createdAt: fixture.now().getTime() / 1000,
      errors: [],
    });
    fixture.advance(UPDATE_SECONDS - 1);
    expect(await clusterOf("legacy")).toMatchObject({
      status: "UPDATING",
      accessConfig: { authenticationMode: "CONFIG_MAP" },
    });
    fixture.advance(1);
    const address = { name: "legacy", updateId: update["id"] };
    expect(await fixture.call("DescribeUpdate", address)).toEqual({
      update: { ...update, status: "Successful" },
    });
    expect(await clusterOf("legacy")).toMatchObject({
      status: "ACTIVE",
      accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" },
    });
    expect(await fixture.call("ListUpdates", { name: "legacy" })).toEqual({
      updateIds: [update["id"]],
      nextToken: null,
    });
  });

  it("A change of the authentication mode opens the cluster to access entries", async () => {
    await startUpdate("legacy", "API_AND_CONFIG_MAP");
    const entry = { clusterName: "legacy", principalArn: ALICE };
    expect((await fixture.refusal("CreateAccessEntry", entry))[0]).toBe("InvalidRequestException");
    fixture.advance(UPDATE_SECONDS);
    expect(await fixture.call("CreateAccessEntry", entry)).toMatchObject({
      accessEntry: { clusterName: "legacy" },
    });
  });

  it("A change of the authentication mode goes on step by step to API", async () => {
    for (const mode of ["API_AND_CONFIG_MAP", "API"]) {
      await startUpdate("legacy", mode);
      fixture.advance(UPDATE_SECONDS);
    }
    expect(await clusterOf("legacy")).toMatchObject({
      accessConfig: { authenticationMode: "API" },
    });
    expect((await fixture.call("ListUpdates", { name: "legacy" }))["updateIds"]).toHaveLength(2);
  });

  it.each([
    ["legacy", "CONFIG_MAP", "API"],
    ["legacy", "CONFIG_MAP", "CONFIG_MAP"],
    ["mixed", "API_AND_CONFIG_MAP", "API_AND_CONFIG_MAP"],
    ["mixed", "API_AND_CONFIG_MAP", "CONFIG_MAP"],
    ["prod", "API", "API_AND_CONFIG_MAP"],
    ["prod", "API", "CONFIG_MAP"],
    ["prod", "API", "API"],
  ])(
    "A change of the authentication mode of %s never goes from %s to %s",
    async (name, from, to) => {
      expect(await fixture.refusal("UpdateClusterConfig", updateMode(name, to))).toEqual([
        "InvalidParameterException",
        400,
        `Unsupported authentication mode update from ${from} to ${to}`,
      ]);
      expect(await clusterOf(name)).toMatchObject({ status: "ACTIVE" });
    },
  );

  it("A change of the authentication mode waits for the one before", async () => {
    const { id } = await startUpdate("legacy", "API_AND_CONFIG_MAP");
    expect(await fixture.refusal("UpdateClusterConfig", updateMode("legacy", "API"))).toEqual([
      "ResourceInUseException",
      409,
      `Cannot AccessConfigUpdate because cluster legacy currently has update ${id} in progress`,
    ]);
  });

  it("A change of the authentication mode is started once by a repeated token", async () => {
    const input = updateMode("mixed", "API", "token");
    const started = await fixture.call("UpdateClusterConfig", input);
    expect(await fixture.call("UpdateClusterConfig", input)).toEqual(started);
  });
});

it("A type of log is on once the update is over, and entries are taken meanwhile", async () => {
  const logging = { clusterLogging: [{ types: ["scheduler"], enabled: true }] };
  await fixture.call("UpdateClusterConfig", { name: "prod", logging });
  expect(await clusterOf("prod")).toMatchObject({ status: "UPDATING" });
  await fixture.call("CreateAccessEntry", { clusterName: "prod", principalArn: ALICE });
  fixture.advance(UPDATE_SECONDS);
  expect(await clusterOf("prod")).toMatchObject({
    status: "ACTIVE",
    logging: { clusterLogging: [{ types: ["audit", "scheduler"], enabled: true }, {}] },
  });
});

describe("Refused updates", () => {
  it.each<[string, string, Record<string, unknown>, readonly unknown[]]>([
    [
      "another change",
      "UpdateClusterConfig",
      { name: "mixed", accessConfig: { authenticationMode: "API" }, upgradePolicy: {} },
      ["NotEmulatedException", 501, expect.stringContaining("the members upgradePolicy")],
    ],
    [
      "two changes at once",
      "UpdateClusterConfig",
      { name: "mixed", accessConfig: { authenticationMode: "API" }, logging: {} },
      ["InvalidParameterException", 400, "Only one type of update can be allowed."],
    ],
    [
      "the audit log's end",
      "UpdateClusterConfig",
      { name: "mixed", logging: { clusterLogging: [{ types: ["audit"], enabled: false }] } },
      ["InvalidParameterException", 400, expect.stringContaining("without its audit log")],
    ],
    [
      "logs as they are",
      "UpdateClusterConfig",
      { name: "mixed", logging: { clusterLogging: [{ types: ["audit"], enabled: true }] } },
      ["InvalidParameterException", 400, "No changes needed for the logging config provided"],
    ],
    [
      "no change",
      "UpdateClusterConfig",
      { name: "mixed" },
      ["InvalidParameterException", 400, "accessConfig is required"],
    ],
    [
      "an update that does not exist",
      "DescribeUpdate",
      { name: "mixed", updateId: "u" },
      ["ResourceNotFoundException", 404, "No update found for ID: u"],
    ],
    [
      "a node group's update",
      "DescribeUpdate",
      { name: "mixed", updateId: "u", nodegroupName: "n" },
      ["NotEmulatedException", 501, expect.stringContaining("nodegroupName")],
    ],
    [
      "the updates of an add-on",
      "ListUpdates",
      { name: "mixed", addonName: "a" },
      ["NotEmulatedException", 501, expect.stringContaining("addonName")],
    ],
  ])("An update is refused for %s", async (_, operation, input, error) => {
    expect(await fixture.refusal(operation, input)).toEqual(error);
  });
});

describe("The state as of an instant", () => {
  it("The state as of an instant is written down only when something was due", async () => {
    const fresh = eksFixture();
    await fresh.addCluster("prod", "API");
    let writes = 0;
    const counted = {
      state: fresh.eks.state,
      change: <Result>(mutate: (state: typeof fresh.eks.state) => Result): Result => {
        writes += 1;
        return mutate(fresh.eks.state);
      },
    };
    for (let look = 0; look < 3; look += 1) settledState(counted, fresh.now());
    expect(writes).toBe(1);
    expect(fresh.eks.state.clusters["prod"]?.status).toBe("ACTIVE");
  });
});

describe("Parts that no cluster has here", () => {
  it.each([
    ["ListNodegroups", "nodegroups"],
    ["ListFargateProfiles", "fargateProfileNames"],
    ["ListAddons", "addons"],
    ["ListIdentityProviderConfigs", "identityProviderConfigs"],
    ["ListPodIdentityAssociations", "associations"],
  ])("%s answers an empty list, since no cluster here has any", async (operation, list) => {
    expect(await fixture.call(operation, { clusterName: "prod" })).toEqual({
      [list]: [],
      nextToken: null,
    });
    await expect(fixture.call(operation, { clusterName: "missing" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
    await expect(fixture.call(operation, { clusterName: "prod", namespace: "x" })).rejects.toThrow(
      /namespace/,
    );
  });
});
