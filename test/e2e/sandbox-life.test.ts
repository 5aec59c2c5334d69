/** Starts, stops and restarts of the sandbox, with a small stack. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { AwsClient } from "aws4fetch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MARKER } from "../../lab/sandbox/process/folder.ts";
import { assemblyDir, FUNCTION_RESOURCES } from "../lab/sandbox/template/assembly-fixture.ts";
import { profileKeys, type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import { separateEngines } from "./shared-engine.ts";

separateEngines();

const NAME = `life${process.pid}`;

/** Answers with the caller; `/hang` never answers. */
const CODE = `export const handler = async (event) => {
  if (event.rawPath === "/hang") for (;;);
  return { iam: event.requestContext.authorizer.iam, by: process.env.AWS_ACCESS_KEY_ID };
};`;

const RESOURCES = {
  Role: FUNCTION_RESOURCES.Role,
  Fn: {
    Type: "AWS::Lambda::Function",
    Properties: { ...FUNCTION_RESOURCES.Fn.Properties, FunctionName: NAME, Timeout: 60 },
  },
  Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { ProtocolType: "HTTP" } },
  Stage: {
    Type: "AWS::ApiGatewayV2::Stage",
    Properties: { ApiId: { Ref: "Api" }, StageName: "$default" },
  },
  Integration: {
    Type: "AWS::ApiGatewayV2::Integration",
    Properties: {
      ApiId: { Ref: "Api" },
      IntegrationType: "AWS_PROXY",
      IntegrationUri: { "Fn::GetAtt": ["Fn", "Arn"] },
      PayloadFormatVersion: "2.0",
    },
  },
  Route: {
    Type: "AWS::ApiGatewayV2::Route",
    Properties: {
      ApiId: { Ref: "Api" },
      RouteKey: "$default",
      AuthorizationType: "AWS_IAM",
      Target: { "Fn::Join": ["", ["integrations/", { Ref: "Integration" }]] },
    },
  },
  Permission: {
    Type: "AWS::Lambda::Permission",
    Properties: {
      Action: "lambda:InvokeFunction",
      FunctionName: { Ref: "Fn" },
      Principal: "apigateway.amazonaws.com",
    },
  },
};

const dir = mkdtempSync(path.join(tmpdir(), "sandbox-"));
const args = ["--dir", dir, "--assembly", assemblyDir(RESOURCES, { abc: CODE })];

/** The running processes of the sandbox, by their commands: its functions and DynamoDB Local. */
const processes = () =>
  execFileSync("ps", ["-Ao", "command="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(`timelatch:${NAME}`) || line.includes(`${dir}/dynamodb`));

const ask = (sandbox: SandboxProcess, person: string, pathname: string) =>
  new AwsClient({
    ...profileKeys(sandbox, person),
    service: "execute-api",
    region: "us-west-2",
    retries: 0,
  }).fetch(`${sandbox.apiUrl}${pathname}`);

let sandbox: SandboxProcess;
beforeAll(async () => {
  sandbox = await startSandboxProcess(args);
});
afterAll(async () => {
  await sandbox.stop();
});

describe("a sandbox", () => {
  it("A sandbox runs the stack's function for people whose profile may call it", async () => {
    const response = await ask(sandbox, "mallory", "/");
    expect(await response.json()).toMatchObject({
      iam: { userArn: "arn:aws:sts::111122223333:assumed-role/mallory/mallory" },
      by: expect.stringMatching(/^ASIA/),
    });
  });

  it("A sandbox refuses to start twice in one folder", async () => {
    await expect(startSandboxProcess(args)).rejects.toThrow(
      `Another sandbox (process ${sandbox.pid}) already runs in this folder. Nothing was started.`,
    );
    expect((await ask(sandbox, "mallory", "/")).status).toBe(200);
  });

  it("A sandbox has the same addresses and keys after a restart", async () => {
    const { apiUrl, awsUrl } = sandbox;
    const keys = profileKeys(sandbox, "mallory");
    expect(await sandbox.stop()).toBe(0);
    expect(processes()).toEqual([]);
    sandbox = await startSandboxProcess(args);
    expect(sandbox).toMatchObject({ apiUrl, awsUrl });
    expect(profileKeys(sandbox, "mallory")).toEqual(keys);
    expect((await ask(sandbox, "mallory", "/")).status).toBe(200);
  });

  it("A function with a reserved concurrency of 0 stays off after a restart, until the limit is deleted", async () => {
    const admin = () =>
      new LambdaClient({
        endpoint: sandbox.awsUrl,
        region: "us-west-2",
        credentials: profileKeys(sandbox, "admin"),
      });
    const reserved = { FunctionName: NAME, ReservedConcurrentExecutions: 0 };
    await admin().send(new PutFunctionConcurrencyCommand(reserved));
    expect((await ask(sandbox, "mallory", "/")).status).toBe(503);
    await sandbox.stop();
    sandbox = await startSandboxProcess(args);
    expect((await ask(sandbox, "mallory", "/")).status).toBe(503);
    await admin().send(new DeleteFunctionConcurrencyCommand({ FunctionName: NAME }));
    expect((await ask(sandbox, "mallory", "/")).status).toBe(200);
  });

  it("A killed sandbox leaves no process running, even with a function in an endless loop", async () => {
    const hanging = ask(sandbox, "mallory", "/hang").catch(() => undefined);
    await expect
      .poll(processes)
      .toEqual(expect.arrayContaining([expect.stringContaining(`timelatch:${NAME}`)]));
    await sandbox.kill();
    await hanging;
    await expect.poll(processes).toEqual([]);
    sandbox = await startSandboxProcess(args);
    expect((await ask(sandbox, "mallory", "/")).status).toBe(200);
  });

  it("A sandbox deletes its state with --fresh and keeps its addresses", async () => {
    const keys = profileKeys(sandbox, "mallory");
    const { apiUrl, awsUrl } = sandbox;
    await sandbox.stop();
    sandbox = await startSandboxProcess([...args, "--fresh"]);
    expect(profileKeys(sandbox, "mallory")).not.toEqual(keys);
    expect(sandbox).toMatchObject({ apiUrl, awsUrl });
    expect((await ask(sandbox, "mallory", "/")).status).toBe(200);
  });
});

describe("a sandbox that cannot start", () => {
  it("A sandbox that cannot start names the resource type that is not emulated, and leaves nothing running", async () => {
    const topic = { Topic: { Type: "AWS::SNS::Topic" } };
    const other = mkdtempSync(path.join(tmpdir(), "sandbox-"));
    await expect(
      startSandboxProcess(["--dir", other, "--assembly", assemblyDir(topic)]),
    ).rejects.toThrow("Topic: the sandbox does not emulate AWS::SNS::Topic.");
    const corrected = assemblyDir({ Role: FUNCTION_RESOURCES.Role });
    await expect(
      startSandboxProcess(["--dir", other, "--assembly", corrected]).then((one) => one.stop()),
    ).resolves.toBe(0);
  });

  it("A sandbox refuses a folder that it did not make, and leaves its files alone", async () => {
    const other = mkdtempSync(path.join(tmpdir(), "sandbox-"));
    mkdirSync(path.join(other, "logs"));
    await expect(startSandboxProcess(["--dir", other, "--fresh"])).rejects.toThrow(
      "is not empty, and no sandbox made it",
    );
    expect(readdirSync(other)).toEqual(["logs"]);
  });

  it("The sandbox names an unknown option in one line and ends with exit status 2", async () => {
    await expect(startSandboxProcess(["--frsh"])).rejects.toThrow(
      /exit status 2 before it was ready:\nUnknown option '--frsh'\. Nothing was run\. Usage: npm run sandbox -- --help\n$/,
    );
  });

  it("A sandbox that cannot start names the state file that it cannot read", async () => {
    const other = mkdtempSync(path.join(tmpdir(), "sandbox-"));
    writeFileSync(path.join(other, MARKER), "");
    writeFileSync(path.join(other, "ports.json"), "{");
    await expect(
      startSandboxProcess(["--dir", other, "--assembly", assemblyDir({})]),
    ).rejects.toThrow(/ports\.json cannot be read.*Delete the file/);
  });
});
