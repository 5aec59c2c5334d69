/** CloudFormation of both accounts and regions behind the AWS port, with their IAM, Parameter Store and S3, and signed calls. */
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { AwsClient } from "aws4fetch";
import { byAccount } from "../../../../lab/sandbox/aws/accounts.ts";
import { failingEngine } from "../../../../lab/sandbox/aws/cloudformation/failing-engine.ts";
import type { Credential } from "../../../../lab/sandbox/aws/iam/state.ts";
import { awsPort } from "../../../../lab/sandbox/aws/port.ts";
import { s3Service } from "../../../../lab/sandbox/aws/s3/service.ts";
import { ssmService } from "../../../../lab/sandbox/aws/ssm/service.ts";
import { stsService } from "../../../../lab/sandbox/aws/sts/service.ts";
import { openLogs } from "../../../../lab/sandbox/process/logs.ts";
import { listen } from "../../../../lab/sandbox/process/network-ports.ts";
import { openState } from "../../../../lab/sandbox/process/state.ts";
import { bootstrapPlaces } from "../../../../lab/sandbox/stack/bootstrap-places.ts";
import { cloudFormationAccounts } from "../../../../lab/sandbox/stack/cloudformation-accounts.ts";
import { liveStacks } from "../../../../lab/sandbox/stack/live-stacks.ts";
import { ACCOUNT, FAR_REGION, REGION } from "../../../../lab/sandbox/world/account.ts";
import { profileCredential } from "../../../../lab/sandbox/world/people.ts";
import { declareSpokeAdmin, spokeAdminKey } from "../../../../lab/sandbox/world/spoke-admin.ts";

const NOTHING_RUNS = "http://127.0.0.1:9";

export interface Answered {
  readonly status: number;
  readonly text: string;
  /** The content of every element of that name. */
  readonly all: (element: string) => readonly string[];
  /** The text of the first such element; "" without one. */
  readonly first: (element: string) => string;
}

export type Call = (
  action: string,
  parameters?: Readonly<Record<string, string>>,
  service?: "cloudformation" | "sts",
) => Promise<Answered>;

/**
 * @param dir the folder of an earlier world, which this one goes on with
 * @param apiPort where a stack's HTTP API listens
 */
export async function cloudFormationWorld(
  dir: string = mkdtempSync(path.join(tmpdir(), "cloudformation-")),
  apiPort = 0,
) {
  const state = await openState(path.join(dir, "state"), () => 1);
  declareSpokeAdmin(state.iam, new Date());
  const logs = openLogs(path.join(dir, "logs"), false);
  const server = createServer();
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  const stacks = liveStacks({
    state,
    logs,
    awsUrl: url,
    slackUrl: NOTHING_RUNS,
    outsideUrl: NOTHING_RUNS,
    engineUrl: NOTHING_RUNS,
    apiPort,
    options: { minuteSeconds: 60, clockSeconds: {} },
    place: { awsUrl: url, apiUrl: NOTHING_RUNS },
    overlap: () => undefined,
    changed: () => undefined,
  });
  const { iam, s3, blobs } = state;
  const engine = failingEngine(stacks, state.cloudFormation);
  const accounts = cloudFormationAccounts(state, engine);
  const servicesIn = (region: string) => [
    accounts.serviceIn(region),
    stsService(iam),
    s3Service({ s3, blobs, iam, account: ACCOUNT, region }),
    byAccount(
      Object.fromEntries(
        state.places
          .filter((place) => place.region === region)
          .map(({ account, ssm }) => [account, ssmService({ ssm, account, region })]),
      ),
    ),
  ];
  const elsewhere = { [FAR_REGION]: servicesIn(FAR_REGION) };
  server.on("request", awsPort({ iam, region: REGION, services: servicesIn(REGION), elsewhere }));
  const callOf = (key: Credential | undefined, region = REGION) => callWith(url, key, region);
  return {
    state,
    url,
    dir,
    accounts,
    stacks,
    callOf,
    /** Has changes of stacks fail. */
    fails: engine.serve,
    admin: callOf(profileCredential(iam.state, "admin")),
    alice: callOf(profileCredential(iam.state, "mallory")),
    spokeAdmin: callOf(spokeAdminKey(iam.state, "spoke-admin")),
    remoteAdmin: callOf(spokeAdminKey(iam.state, "spoke-admin"), FAR_REGION),
    async close() {
      await stacks.stop();
      state.flush();
      server.closeAllConnections();
      server.close();
      logs.close();
    },
  };
}

/** A world whose accounts are prepared as by `cdk bootstrap`. */
export async function bootstrappedWorld(...given: Parameters<typeof cloudFormationWorld>) {
  const world = await cloudFormationWorld(...given);
  await bootstrapPlaces(world.accounts.contexts);
  return world;
}

function callWith(url: string, key: Credential | undefined, region: string): Call {
  if (!key) throw new Error("The world has no such key.");
  const client = new AwsClient({
    accessKeyId: key.accessKeyId,
    secretAccessKey: key.secretAccessKey,
    ...(key.sessionToken === undefined ? {} : { sessionToken: key.sessionToken }),
    region,
    retries: 0,
  });
  return async (Action, parameters = {}, service = "cloudformation") => {
    const response = await client.fetch(url, {
      aws: { service },
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      body: new URLSearchParams({ Action, Version: "2010-05-15", ...parameters }).toString(),
    });
    const text = await response.text();
    const all = (element: string) =>
      [...text.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, "gs"))].map(([, found = ""]) =>
        found.replaceAll("&quot;", '"').replaceAll("&apos;", "'"),
      );
    return { status: response.status, text, all, first: (element) => all(element)[0] ?? "" };
  };
}

/** A template with roles that trust these principals, by logical id. */
export const rolesTemplate = (
  trusts: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
) =>
  JSON.stringify({
    Description: "Roles",
    Resources: Object.fromEntries(
      Object.entries(trusts).map(([name, AWS]) => [name, roleResource(name, AWS)]),
    ),
    ...more,
  });

export const roleResource = (name: string, AWS: string) => ({
  Type: "AWS::IAM::Role",
  Properties: {
    RoleName: `probe-${name.toLowerCase()}`,
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS } }],
    },
  },
});

const NAMED = { "Capabilities.member.1": "CAPABILITY_NAMED_IAM" };

/** Creates a change set and executes it. Answers the refusal, or the stack afterwards. */
export async function deployed(
  call: Call,
  StackName: string,
  TemplateBody: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const exists = (await call("DescribeStacks", { StackName })).status === 200;
  const names = { StackName, ChangeSetName: "change" };
  const created = await call("CreateChangeSet", {
    ...names,
    ChangeSetType: exists ? "UPDATE" : "CREATE",
    ...NAMED,
    ...more,
    ...(TemplateBody === "" ? {} : { TemplateBody }),
  });
  if (created.status !== 200) return created;
  const executed = await call("ExecuteChangeSet", names);
  return executed.status === 200 ? call("DescribeStacks", { StackName }) : executed;
}
