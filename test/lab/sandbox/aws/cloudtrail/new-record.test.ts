import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  DisassociateAccessPolicyCommand,
  ListClustersCommand,
  TagResourceCommand,
} from "@aws-sdk/client-eks";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newRecord } from "../../../../../lab/sandbox/aws/cloudtrail/new-record.ts";
import { VIEW } from "../eks/eks-fixture.ts";
import { ACCOUNT, document, iamStore, REGION, statement } from "../iam-world.ts";
import {
  admin,
  CLUSTER,
  DELAY_SECONDS,
  dev,
  grantor,
  type TrailWorld,
  trailWorld,
} from "./trail-world.ts";

let world: TrailWorld;
beforeAll(async () => {
  world = await trailWorld();
});
beforeEach(() => {
  world.pass(3600);
  world.bus.length = 0;
  world.history.records.length = 0;
});
afterAll(() => world.close());

const entry = { clusterName: CLUSTER, principalArn: dev.arn };
const ENCODED = encodeURIComponent(dev.arn);
const latest = () => {
  world.pass(DELAY_SECONDS);
  return world.history.records.at(-1);
};

describe("CloudTrail's record of a call to EKS", () => {
  it("An EKS record has the members of a real one, with the caller's request id", async () => {
    const { Credentials: keys } = await world.sts.send(
      new AssumeRoleCommand({
        RoleArn: grantor.arn,
        RoleSessionName: "jit-01JD2Z8Q4T9V6W3X5Y7Z",
        SourceIdentity: "alice",
      }),
    );
    const eks = world.eksAs({
      accessKeyId: keys?.AccessKeyId ?? "",
      secretAccessKey: keys?.SecretAccessKey ?? "",
      sessionToken: keys?.SessionToken ?? "",
    });
    await world.eks.send(new CreateAccessEntryCommand(entry));
    const { $metadata } = await eks.send(
      new AssociateAccessPolicyCommand({
        ...entry,
        policyArn: VIEW,
        accessScope: { type: "namespace", namespaces: ["payments"] },
      }),
    );
    expect(latest()).toEqual({
      eventVersion: "1.11",
      userIdentity: {
        type: "AssumedRole",
        principalId: `${grantor.roleId}:jit-01JD2Z8Q4T9V6W3X5Y7Z`,
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/grantor/jit-01JD2Z8Q4T9V6W3X5Y7Z`,
        accountId: ACCOUNT,
        accessKeyId: keys?.AccessKeyId,
        sessionContext: {
          sessionIssuer: {
            type: "Role",
            principalId: grantor.roleId,
            arn: grantor.arn,
            accountId: ACCOUNT,
            userName: "grantor",
          },
          attributes: {
            creationDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
            mfaAuthenticated: "false",
          },
          sourceIdentity: "alice",
        },
      },
      eventTime: `${new Date(world.clock.ms - DELAY_SECONDS * 1000).toISOString().slice(0, 19)}Z`,
      eventSource: "eks.amazonaws.com",
      eventName: "AssociateAccessPolicy",
      awsRegion: REGION,
      sourceIPAddress: "127.0.0.1",
      userAgent: expect.stringContaining("aws-sdk-js/"),
      requestParameters: {
        name: CLUSTER,
        principalArn: ENCODED,
        policyArn: VIEW,
        accessScope: { type: "namespace", namespaces: ["payments"] },
      },
      responseElements: {
        clusterName: CLUSTER,
        principalArn: dev.arn,
        associatedAccessPolicy: {
          policyArn: VIEW,
          accessScope: { type: "namespace", namespaces: ["payments"] },
          associatedAt: expect.any(Number),
          modifiedAt: expect.any(Number),
        },
      },
      requestID: $metadata.requestId,
      eventID: expect.stringMatching(/^[\da-f-]{36}$/),
      readOnly: false,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: ACCOUNT,
      eventCategory: "Management",
      tlsDetails: {
        tlsVersion: "TLSv1.3",
        cipherSuite: "TLS_AES_128_GCM_SHA256",
        clientProvidedHostHeader: `eks.${REGION}.amazonaws.com`,
      },
    });
    await world.eks.send(new DeleteAccessEntryCommand(entry));
  });

  it("An EKS record encodes what came in the path, and keeps the body as it was", async () => {
    await world.eks.send(new CreateAccessEntryCommand(entry));
    expect(latest()?.requestParameters).toMatchObject({ name: CLUSTER, principalArn: dev.arn });
    await world.eks.send(
      new AssociateAccessPolicyCommand({
        ...entry,
        policyArn: VIEW,
        accessScope: { type: "cluster" },
      }),
    );
    expect(latest()?.requestParameters).toMatchObject({ principalArn: ENCODED, policyArn: VIEW });
    await world.eks.send(new DisassociateAccessPolicyCommand({ ...entry, policyArn: VIEW }));
    expect(latest()).toMatchObject({
      requestParameters: {
        name: CLUSTER,
        principalArn: ENCODED,
        policyArn: encodeURIComponent(VIEW),
      },
      responseElements: null,
    });
    const resourceArn = `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${CLUSTER}`;
    await world.eks.send(new TagResourceCommand({ resourceArn, tags: { a: "b" } }));
    expect(latest()?.requestParameters).toEqual({
      resourceArn: encodeURIComponent(resourceArn),
      tags: { a: "b" },
    });
    await world.eks.send(new DeleteAccessEntryCommand(entry));
  });

  it("The record of a call that only reads is read-only, without an answer", async () => {
    await world.eks.send(new DescribeClusterCommand({ name: CLUSTER }));
    expect(latest()).toMatchObject({
      readOnly: true,
      requestParameters: { name: CLUSTER },
      responseElements: null,
    });
    await world.eks.send(new ListClustersCommand({}));
    expect(latest()).toMatchObject({ readOnly: true, requestParameters: null });
  });

  it("An EKS record says why a call was refused", async () => {
    const refused = world.eks.send(new DescribeAccessEntryCommand(entry));
    await expect(refused).rejects.toThrow();
    expect(latest()).toMatchObject({
      errorCode: "ResourceNotFoundException",
      errorMessage: expect.stringContaining("could not be found"),
      responseElements: null,
    });
    await expect(world.denied.send(new CreateAccessEntryCommand(entry))).rejects.toThrow();
    expect(latest()).toMatchObject({
      errorCode: "AccessDenied",
      errorMessage: expect.stringContaining("eks:CreateAccessEntry"),
      readOnly: false,
      requestParameters: { principalArn: dev.arn },
    });
  });

  it("An EKS record does not change when the answer's parts change afterwards", async () => {
    await world.eks.send(new CreateAccessEntryCommand({ ...entry, tags: { a: "b" } }));
    const created = world.store.state.pending.at(-1)?.record.responseElements;
    const before = structuredClone(created);
    const resourceArn = (before as { accessEntry: { accessEntryArn: string } }).accessEntry;
    await world.eks.send(
      new TagResourceCommand({ resourceArn: resourceArn.accessEntryArn, tags: { c: "d" } }),
    );
    expect(created).toEqual(before);
    await world.eks.send(new DeleteAccessEntryCommand(entry));
  });

  it("The record of a schedule's call names Scheduler, in a session of the schedule's role", () => {
    const record = newRecord(
      {
        service: "eks",
        operation: "DeleteAccessEntry",
        input: entry,
        caller: {
          arn: `arn:aws:sts::${ACCOUNT}:assumed-role/grantor/execution`,
          principalArn: grantor.arn,
          accountId: ACCOUNT,
          userId: `${grantor.roleId}:execution`,
          accessKeyId: "",
        },
        status: 200,
        requestId: "r",
        output: {},
        at: new Date("2026-11-24T10:00:00Z"),
        region: REGION,
        userAgent: "scheduler.amazonaws.com",
        sourceIp: "scheduler.amazonaws.com",
      },
      iamStore(grantor).state,
    );
    expect(record).toMatchObject({
      userIdentity: {
        type: "AssumedRole",
        invokedBy: "scheduler.amazonaws.com",
        sessionContext: { sessionIssuer: { arn: grantor.arn } },
      },
      sourceIPAddress: "scheduler.amazonaws.com",
    });
    expect(record?.userIdentity).not.toHaveProperty("accessKeyId");
    expect(record).not.toHaveProperty("tlsDetails");
  });
});

describe("CloudTrail's record of a call to STS", () => {
  it("An STS record has the key that AssumeRole gave out, and no secret", async () => {
    const answer = await world.sts.send(
      new AssumeRoleCommand({
        RoleArn: grantor.arn,
        RoleSessionName: "jit-1",
        DurationSeconds: 900,
        SourceIdentity: "alice",
      }),
    );
    const record = latest();
    expect(record).toMatchObject({
      eventSource: "sts.amazonaws.com",
      readOnly: true,
      requestID: answer.$metadata.requestId,
      userIdentity: { sessionContext: { sessionIssuer: { arn: admin.arn } } },
      requestParameters: {
        roleArn: grantor.arn,
        roleSessionName: "jit-1",
        durationSeconds: 900,
        sourceIdentity: "alice",
      },
      responseElements: {
        credentials: {
          accessKeyId: answer.Credentials?.AccessKeyId,
          expiration: expect.stringMatching(/^\w{3} \d{1,2}, \d{4}, \d{1,2}:\d\d:\d\d [AP]M$/),
        },
        assumedRoleUser: { arn: answer.AssumedRoleUser?.Arn },
        sourceIdentity: "alice",
      },
      resources: [{ accountId: ACCOUNT, type: "AWS::IAM::Role", ARN: grantor.arn }],
    });
    expect(JSON.stringify(record)).not.toContain(answer.Credentials?.SecretAccessKey);
  });

  it("GetCallerIdentity leaves no record", async () => {
    await world.sts.send(new GetCallerIdentityCommand({}));
    expect(latest()).toBeUndefined();
  });
});

describe("CloudTrail's record of a call to IAM", () => {
  const named = { RoleName: dev.roleName, PolicyName: "more" };
  const PolicyDocument = JSON.stringify(document(statement("s3:GetObject")));

  it("An IAM record has the change's parameters, a document as the text that it came as", async () => {
    const { $metadata } = await world.iam.send(
      new PutRolePolicyCommand({ ...named, PolicyDocument }),
    );
    expect(latest()).toMatchObject({
      userIdentity: { sessionContext: { sessionIssuer: { arn: admin.arn } } },
      eventSource: "iam.amazonaws.com",
      eventName: "PutRolePolicy",
      readOnly: false,
      requestParameters: { roleName: "dev", policyName: "more", policyDocument: PolicyDocument },
      responseElements: null,
      requestID: $metadata.requestId,
      tlsDetails: { clientProvidedHostHeader: "iam.amazonaws.com" },
    });
    await world.iam.send(new DeleteRolePolicyCommand(named));
    expect(latest()).toMatchObject({
      eventName: "DeleteRolePolicy",
      requestParameters: { roleName: "dev", policyName: "more" },
    });
  });

  it("An IAM record has the role that CreateRole made", async () => {
    const AssumeRolePolicyDocument = JSON.stringify(dev.assumeRolePolicyDocument);
    const { Role } = await world.iam.send(
      new CreateRoleCommand({ RoleName: "new", AssumeRolePolicyDocument }),
    );
    expect(latest()?.responseElements).toMatchObject({
      role: {
        arn: Role?.Arn,
        roleName: "new",
        roleId: Role?.RoleId,
        path: "/",
        createDate: expect.stringMatching(/^\w{3} \d{1,2}, \d{4}, \d{1,2}:\d\d:\d\d [AP]M$/),
        assumeRolePolicyDocument: encodeURIComponent(AssumeRolePolicyDocument),
      },
    });
    await world.iam.send(new DeleteRoleCommand({ RoleName: "new" }));
  });

  it("An IAM record says why a change was refused", async () => {
    const refused = world.deniedIam.send(new PutRolePolicyCommand({ ...named, PolicyDocument }));
    await expect(refused).rejects.toThrow();
    expect(latest()).toMatchObject({
      errorCode: "AccessDenied",
      requestParameters: { roleName: "dev" },
      responseElements: null,
    });
  });

  it("A call to IAM that only reads leaves no record", async () => {
    await world.iam.send(new GetRoleCommand({ RoleName: "dev" }));
    expect(latest()).toBeUndefined();
  });
});
