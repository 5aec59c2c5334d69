import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  EKSClient,
  ListAssociatedAccessPoliciesCommand,
  paginateListAccessPolicies,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateAccessEntryCommand,
} from "@aws-sdk/client-eks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eksService } from "../../../../../lab/sandbox/aws/eks/service.ts";
import type { EksState } from "../../../../../lab/sandbox/aws/eks/state.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import { awsFile } from "../../../../aws-cli/shared.ts";
import {
  ACCOUNT,
  clientConfig,
  credential,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../iam-world.ts";
import { EDIT, VIEW } from "./eks-fixture.ts";

const run = promisify(execFile);

const ENTRIES = `arn:aws:eks:${REGION}:${ACCOUNT}:access-entry/prod/*`;
const CLUSTER = `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod`;

/** A broker that may give the view policy, by namespace, to entries that carry its own tag. */
const broker = role("broker", {
  policy: document(
    statement("eks:CreateAccessEntry", CLUSTER, {
      Condition: {
        StringEquals: { "eks:accessEntryType": "STANDARD", "aws:RequestTag/by": "broker" },
        Null: { "eks:kubernetesGroups": "true", "eks:username": "true" },
      },
    }),
    statement("eks:TagResource", ENTRIES),
    statement(["eks:DescribeAccessEntry", "eks:ListAssociatedAccessPolicies"], ENTRIES),
    statement("eks:AssociateAccessPolicy", ENTRIES, {
      Condition: {
        StringEquals: { "aws:ResourceTag/by": "broker", "eks:accessScope": "namespace" },
        ArnEquals: { "eks:policyArn": VIEW },
        Null: { "eks:namespaces": "false" },
        "ForAllValues:StringLike": { "eks:namespaces": ["team-*"] },
      },
    }),
    statement("eks:DeleteAccessEntry", ENTRIES, {
      Condition: { StringEquals: { "aws:ResourceTag/by": "broker" } },
    }),
    statement("eks:ListAccessPolicies"),
  ),
});
const admin = role("admin", { policy: document(statement(["eks:*", "iam:PassRole"])) });
const alice = role("alice", { path: "/people/" });
const bob = role("bob", { path: "/people/" });

let port: RunningPort;
let brokersClient: EKSClient;
let adminsClient: EKSClient;

beforeAll(async () => {
  const iam = iamStore(broker, admin, alice, bob);
  const eks = memoryStore<EksState>({ accountId: ACCOUNT, region: REGION, clusters: {} });
  const service = eksService({
    eks,
    iam,
    newCluster: () => ({ endpoint: "https://127.0.0.1:1", certificateAuthority: "Q0E=" }),
    updateSeconds: 0,
  });
  port = await listen({ services: [service], iam });
  brokersClient = new EKSClient(clientConfig(port.url, broker));
  adminsClient = new EKSClient(clientConfig(port.url, admin));
  await aws(
    "create-cluster",
    "--name=prod",
    `--role-arn=${admin.arn}`,
    "--resources-vpc-config=subnetIds=subnet-1",
    "--access-config=authenticationMode=API,bootstrapClusterCreatorAdminPermissions=false",
  );
});

afterAll(async () => {
  brokersClient.destroy();
  adminsClient.destroy();
  await port.close();
});

/** The AWS CLI as the administrator; what it prints, parsed. */
async function aws(...args: string[]): Promise<unknown> {
  const { accessKeyId, secretAccessKey, sessionToken } = credential(admin);
  const { stdout } = await run(await awsFile(), ["eks", ...args, "--output=json"], {
    timeout: 600_000,
    env: {
      PATH: "/usr/bin:/bin",
      HOME: "/nonexistent",
      AWS_ENDPOINT_URL: port.url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_EC2_METADATA_DISABLED: "true",
    },
  });
  return stdout.trim() === "" ? undefined : JSON.parse(stdout);
}

describe("The AWS SDK", () => {
  const address = { clusterName: "prod", principalArn: alice.arn };
  const created = { ...address, type: "STANDARD", tags: { by: "broker" } };

  it("The AWS SDK makes an entry, gives it a policy, sees it, and takes it away", async () => {
    const { accessEntry } = await brokersClient.send(new CreateAccessEntryCommand(created));
    expect(accessEntry).toMatchObject({ ...created, createdAt: expect.any(Date) });

    const accessScope = { type: "namespace" as const, namespaces: ["team-a"] };
    await brokersClient.send(
      new AssociateAccessPolicyCommand({ ...address, policyArn: VIEW, accessScope }),
    );
    const { associatedAccessPolicies, nextToken } = await brokersClient.send(
      new ListAssociatedAccessPoliciesCommand(address),
    );
    expect(associatedAccessPolicies).toMatchObject([{ policyArn: VIEW, accessScope }]);
    expect(nextToken ?? undefined).toBeUndefined();

    await brokersClient.send(new DeleteAccessEntryCommand(address));
    const gone = adminsClient.send(new DescribeAccessEntryCommand(address));
    await expect(gone).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  it("The AWS SDK resets a username that an update leaves out", async () => {
    await adminsClient.send(new CreateAccessEntryCommand({ ...created, username: "alice" }));
    await adminsClient.send(new UpdateAccessEntryCommand({ ...address, kubernetesGroups: ["a"] }));
    const { accessEntry } = await adminsClient.send(new DescribeAccessEntryCommand(address));
    expect(accessEntry).toMatchObject({
      kubernetesGroups: ["a"],
      username: `arn:aws:sts::${ACCOUNT}:assumed-role/alice/{{SessionName}}`,
    });
    await adminsClient.send(new DeleteAccessEntryCommand(address));
  });

  it("The AWS SDK meets AWS's errors as its own classes", async () => {
    await adminsClient.send(new CreateAccessEntryCommand(created));
    const again = adminsClient.send(new CreateAccessEntryCommand(created));
    await expect(again).rejects.toBeInstanceOf(ResourceInUseException);
    await expect(again).rejects.toMatchObject({
      message: "The specified access entry resource is already in use on this cluster.",
      $metadata: { httpStatusCode: 409 },
    });
    await adminsClient.send(new DeleteAccessEntryCommand(address));
  });

  it("The AWS SDK may do no more than its role's conditions allow", async () => {
    const foreign = { clusterName: "prod", principalArn: bob.arn };
    await adminsClient.send(new CreateAccessEntryCommand(foreign));
    await adminsClient.send(new CreateAccessEntryCommand(created));
    const team = { type: "namespace" as const, namespaces: ["team-a"] };
    const other = { type: "namespace" as const, namespaces: ["team-a", "prod"] };
    const denied = [
      new CreateAccessEntryCommand({ ...created, tags: {} }),
      new CreateAccessEntryCommand({ ...created, kubernetesGroups: ["admins"] }),
      new DeleteAccessEntryCommand(foreign),
      new AssociateAccessPolicyCommand({ ...foreign, policyArn: VIEW, accessScope: team }),
      new AssociateAccessPolicyCommand({ ...address, policyArn: EDIT, accessScope: team }),
      new AssociateAccessPolicyCommand({ ...address, policyArn: VIEW, accessScope: other }),
      new AssociateAccessPolicyCommand({
        ...address,
        policyArn: VIEW,
        accessScope: { type: "cluster" },
      }),
    ];
    for (const command of denied) {
      await expect(brokersClient.send(command as CreateAccessEntryCommand)).rejects.toMatchObject({
        name: "AccessDeniedException",
        $metadata: { httpStatusCode: 403 },
      });
    }
    for (const entry of [foreign, address]) {
      await adminsClient.send(new DeleteAccessEntryCommand(entry));
    }
  });

  it("The AWS SDK follows the pages of a list to its end", async () => {
    const names: (string | undefined)[] = [];
    const pages = paginateListAccessPolicies({ client: brokersClient, pageSize: 10 }, {});
    for await (const page of pages) {
      names.push(...(page.accessPolicies ?? []).map((policy) => policy.name));
    }
    expect(new Set(names).size).toBe(38);
    expect(names).toHaveLength(38);
  });
});

describe("The AWS CLI", () => {
  it("The AWS CLI walks an entry through its life", async () => {
    const entry = ["--cluster-name=prod", `--principal-arn=${alice.arn}`];
    expect(await aws("describe-cluster", "--name=prod")).toMatchObject({
      cluster: { status: "ACTIVE", accessConfig: { authenticationMode: "API" } },
    });
    await aws("create-access-entry", ...entry, "--kubernetes-groups", "eks-admins");
    await aws(
      "associate-access-policy",
      ...entry,
      `--policy-arn=${EDIT}`,
      "--access-scope=type=namespace,namespaces=test*",
    );
    expect(await aws("list-access-entries", "--cluster-name=prod")).toEqual({
      accessEntries: [alice.arn],
    });
    expect(await aws("list-associated-access-policies", ...entry)).toMatchObject({
      associatedAccessPolicies: [
        { policyArn: EDIT, accessScope: { type: "namespace", namespaces: ["test*"] } },
      ],
    });
    await aws("disassociate-access-policy", ...entry, `--policy-arn=${EDIT}`);
    await aws("delete-access-entry", ...entry);
    await expect(aws("describe-access-entry", ...entry)).rejects.toMatchObject({
      stderr: expect.stringContaining(
        "An error occurred (ResourceNotFoundException) when calling the DescribeAccessEntry operation: The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
      ),
    });
  });
});
