import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { iamService } from "../../../../../lab/sandbox/aws/iam/service.ts";
import { stsService } from "../../../../../lab/sandbox/aws/sts/service.ts";
import { awsFile } from "../../../../aws-cli/shared.ts";
import {
  ACCOUNT,
  clientConfig,
  credential,
  document,
  iamStore,
  listen,
  type RunningPort,
  role,
  statement,
  trust,
} from "../iam-world.ts";

const alice = role("alice", {
  path: "/people/",
  policy: document(
    statement("iam:GetRole"),
    statement("sts:SetSourceIdentity", `arn:aws:iam::${ACCOUNT}:role/grantor`),
  ),
});
const grantor = role("grantor", {
  trust: trust({ AWS: [alice.arn, `arn:aws:iam::${ACCOUNT}:role/without-source`] }, [
    "sts:AssumeRole",
    "sts:SetSourceIdentity",
  ]),
});
const tagged = role("tagged", {
  trust: trust({ AWS: alice.arn }, ["sts:AssumeRole", "sts:TagSession"]),
});
const broker = role("broker", {
  policy: document(
    statement(["sts:AssumeRole", "sts:SetSourceIdentity"], `arn:aws:iam::${ACCOUNT}:role/*`),
  ),
});
const open = role("open", {
  trust: trust({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, [
    "sts:AssumeRole",
    "sts:SetSourceIdentity",
  ]),
});
const chained = role("chained", {
  trust: trust({ AWS: open.arn }, ["sts:AssumeRole", "sts:SetSourceIdentity"]),
});
const withoutSource = role("without-source", {
  trust: trust({ AWS: broker.arn }, "sts:AssumeRole"),
});
const wrongPath = role("wrong-path", {
  trust: trust({ AWS: `arn:aws:iam::${ACCOUNT}:role/alice` }, "sts:AssumeRole"),
});
const iam = iamStore(
  alice,
  tagged,
  broker,
  grantor,
  {
    ...open,
    policies: { inline: document(statement(["sts:AssumeRole", "sts:SetSourceIdentity"])) },
  },
  chained,
  withoutSource,
  wrongPath,
);
let port: RunningPort;
beforeAll(async () => {
  port = await listen({ services: [iamService(iam), stsService(iam)], iam });
});
afterAll(() => port.close());

const sts = (of = alice) => new STSClient(clientConfig(port.url, of));
const assume = (roleArn: string, more = {}) =>
  new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "timelatch-1", ...more });

describe("GetCallerIdentity", () => {
  test("GetCallerIdentity names the session without the role's path, and needs no permission", async () => {
    const answer = await sts(grantor).send(new GetCallerIdentityCommand({}));
    expect(answer).toMatchObject({
      Account: ACCOUNT,
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/grantor/session`,
      UserId: `${grantor.roleId}:session`,
    });
    expect((await sts().send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:sts::${ACCOUNT}:assumed-role/alice/session`,
    );
  });
});

describe("AssumeRole", () => {
  test("AssumeRole hands out a key of a new session, which carries the source identity", async () => {
    const { Credentials, AssumedRoleUser, SourceIdentity } = await sts().send(
      assume(grantor.arn, { SourceIdentity: "alice", DurationSeconds: 900 }),
    );
    expect(AssumedRoleUser).toEqual({
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/grantor/timelatch-1`,
      AssumedRoleId: `${grantor.roleId}:timelatch-1`,
    });
    expect(SourceIdentity).toBe("alice");
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    const left = (Credentials?.Expiration?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(800_000);
    expect(left).toBeLessThanOrEqual(900_000);
    const session = new STSClient({
      ...clientConfig(port.url, alice),
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      },
    });
    expect((await session.send(new GetCallerIdentityCommand({}))).Arn).toBe(AssumedRoleUser?.Arn);
  });

  test("AssumeRole needs sts:SetSourceIdentity in the trust policy and in the caller's own", async () => {
    await expect(
      sts(broker).send(assume(withoutSource.arn, { SourceIdentity: "alice" })),
    ).rejects.toMatchObject({
      name: "AccessDenied",
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/broker/session is not authorized to perform: sts:SetSourceIdentity on resource: ${withoutSource.arn}`,
      $metadata: { httpStatusCode: 403 },
    });
    await expect(sts(broker).send(assume(withoutSource.arn))).resolves.toBeDefined();
    await expect(
      sts(withoutSource).send(assume(grantor.arn, { SourceIdentity: "alice" })),
    ).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(sts(withoutSource).send(assume(grantor.arn))).resolves.toBeDefined();
  });

  test("AssumeRole leaves the decision to the caller's policies where the trust policy names the account", async () => {
    await expect(sts(broker).send(assume(open.arn))).resolves.toBeDefined();
    await expect(sts(alice).send(assume(open.arn))).rejects.toMatchObject({
      name: "AccessDenied",
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/alice/session is not authorized to perform: sts:AssumeRole on resource: ${open.arn}`,
    });
  });

  test("AssumeRole is refused where the trust policy names another role, or the caller's without its path", async () => {
    await expect(sts(broker).send(assume(grantor.arn))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(sts(alice).send(assume(wrongPath.arn))).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });

  test("AssumeRole with tags needs a trust policy that allows them, and then is not emulated", async () => {
    const tags = { Tags: [{ Key: "team", Value: "sre" }] };
    await expect(sts().send(assume(grantor.arn, tags))).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("sts:TagSession"),
    });
    await expect(sts().send(assume(tagged.arn, tags))).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringContaining("not emulated"),
    });
  });

  test("AssumeRole answers a role that is not there as one that may not be assumed", async () => {
    await expect(
      sts(broker).send(assume(`arn:aws:iam::${ACCOUNT}:role/nobody`)),
    ).rejects.toMatchObject({ name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
  });

  test("AssumeRole carries the source identity on to a chained session, where it cannot be changed", async () => {
    const { Credentials } = await sts(broker).send(assume(open.arn, { SourceIdentity: "alice" }));
    const session = new STSClient({
      ...clientConfig(port.url, alice),
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      },
    });
    expect((await session.send(assume(chained.arn))).SourceIdentity).toBe("alice");
    await expect(
      session.send(assume(chained.arn, { SourceIdentity: "mallory" })),
    ).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test.each([
    ["a session name with a space", { RoleSessionName: "a b" }],
    ["a session name of one character", { RoleSessionName: "a" }],
    ["less than 900 seconds", { DurationSeconds: 899 }],
    ["more than an hour, since every caller chains", { DurationSeconds: 3601 }],
    ["a source identity that begins with aws:", { SourceIdentity: "aws:alice" }],
    ["a session policy, which is not emulated", { Policy: "{}" }],
  ])("AssumeRole refuses %s", async (_what, more) => {
    await expect(sts().send(assume(grantor.arn, more))).rejects.toMatchObject({
      name: "ValidationError",
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe("the AWS CLI", () => {
  const aws = async (...words: string[]) => {
    const { accessKeyId, secretAccessKey, sessionToken } = credential(alice);
    const { stdout } = await promisify(execFile)(await awsFile(), words, {
      env: {
        PATH: process.env["PATH"],
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_REGION: "us-west-2",
        AWS_ENDPOINT_URL: port.url,
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        AWS_EC2_METADATA_DISABLED: "true",
      },
    });
    return JSON.parse(stdout);
  };

  test("The AWS CLI signs in, assumes a role and reads a role", async () => {
    expect((await aws("sts", "get-caller-identity")).Account).toBe(ACCOUNT);
    const assumed = await aws(
      ...["sts", "assume-role", "--role-arn", grantor.arn],
      ...["--role-session-name", "cli", "--source-identity", "alice"],
    );
    expect(assumed).toMatchObject({ SourceIdentity: "alice" });
    const { Role } = await aws("iam", "get-role", "--role-name", "alice");
    expect(Role).toMatchObject({ Arn: alice.arn, Path: "/people/", MaxSessionDuration: 3600 });
    expect(Role.AssumeRolePolicyDocument).toEqual(alice.assumeRolePolicyDocument);
  });

  test("The AWS SDK and the AWS CLI see the same role", async () => {
    const { Role } = await new IAMClient(clientConfig(port.url, alice)).send(
      new GetRoleCommand({ RoleName: "alice" }),
    );
    expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""))).toEqual(
      alice.assumeRolePolicyDocument,
    );
  });
});
