/** Deployments as the CDK's command makes them, with the roles and buckets of its bootstrap, and as the AWS CLI does. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { AwsClient } from "aws4fetch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Credential } from "../../../../lab/sandbox/aws/iam/state.ts";
import { codeFolders } from "../../../../lab/sandbox/stack/code-folders.ts";
import { ACCOUNT, REGION, SPOKE_ACCOUNT } from "../../../../lab/sandbox/world/account.ts";
import { profileCredential } from "../../../../lab/sandbox/world/people.ts";
import { spokeAdminKey } from "../../../../lab/sandbox/world/spoke-admin.ts";
import { awsFile } from "../../../aws-cli/shared.ts";
import { zipOf } from "../process/zip.ts";
import { bootstrappedWorld, type Call, deployed, rolesTemplate } from "./cloudformation-world.ts";

let world: Awaited<ReturnType<typeof bootstrappedWorld>>;
beforeAll(async () => {
  world = await bootstrappedWorld();
});
afterAll(() => world.close());

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const bootstrapRole = (part: string, account: string) =>
  `arn:aws:iam::${account}:role/cdk-hnb659fds-${part}-${account}-${REGION}`;
const bucketOf = (account: string) => `cdk-hnb659fds-assets-${account}-${REGION}`;

/** The session that a caller gets of one of the bootstrap's roles; undefined where it may not. */
async function sessionOf(
  call: Call,
  part: string,
  account: string,
): Promise<Credential | undefined> {
  const RoleArn = bootstrapRole(part, account);
  const answer = await call(
    "AssumeRole",
    { RoleArn, RoleSessionName: "aws-cdk", Version: "2011-06-15" },
    "sts",
  );
  return world.state.iam.state.credentials[answer.first("AccessKeyId")];
}

/** The statuses that S3 answers to a PUT, and to a GET of the same object. */
async function put(
  key: Credential | undefined,
  account: string,
  name: string,
  body: string | Buffer,
) {
  if (!key) throw new Error("There is no such session.");
  const { accessKeyId, secretAccessKey, sessionToken = "" } = key;
  const settings = { accessKeyId, secretAccessKey, sessionToken, region: REGION, service: "s3" };
  const client = new AwsClient({ ...settings, retries: 0 });
  const url = `${world.url}/${bucketOf(account)}/${name}`;
  return (await client.fetch(url, { method: "PUT", body: new Uint8Array(Buffer.from(body)) }))
    .status;
}

describe("A deployment through the bootstrap", () => {
  it("The first account's administrator deploys into the second through its roles, from its bucket", async () => {
    const publisher = await sessionOf(world.admin, "file-publishing-role", SPOKE_ACCOUNT);
    expect(await put(publisher, SPOKE_ACCOUNT, "roles.json", rolesTemplate({ Far: ROOT }))).toBe(
      200,
    );
    const deployer = world.callOf(await sessionOf(world.admin, "deploy-role", SPOKE_ACCOUNT));
    const url = `https://s3.${REGION}.amazonaws.com/${bucketOf(SPOKE_ACCOUNT)}/roles.json`;
    const more = { TemplateURL: url, RoleARN: bootstrapRole("cfn-exec-role", SPOKE_ACCOUNT) };
    const made = await deployed(deployer, "Far", "", more);
    expect(made.first("StackStatus")).toBe("CREATE_COMPLETE");
    expect(
      world.state.iam.state.roles[`arn:aws:iam::${SPOKE_ACCOUNT}:role/probe-far`],
    ).toBeDefined();
    expect((await deployer("DeleteStack", { StackName: "Far" })).status).toBe(200);
  });

  it("The second account's administrator may take none of the first's roles, and read nothing of its bucket", async () => {
    expect(await sessionOf(world.spokeAdmin, "deploy-role", SPOKE_ACCOUNT)).toBeDefined();
    expect(await sessionOf(world.spokeAdmin, "deploy-role", ACCOUNT)).toBeUndefined();
    const key = spokeAdminKey(world.state.iam.state, "spoke-admin");
    expect(await put(key, ACCOUNT, "planted.zip", "x")).toBe(403);
  });

  it("A caller with an external id takes none of the roles: they are not for third parties", async () => {
    const RoleArn = bootstrapRole("deploy-role", ACCOUNT);
    const named = { RoleArn, RoleSessionName: "aws-cdk", Version: "2011-06-15" };
    const asked = await world.admin("AssumeRole", { ...named, ExternalId: "partner" }, "sts");
    expect(asked.status).toBe(403);
  });

  it("The publishing role writes only into its own account's bucket", async () => {
    const publisher = await sessionOf(world.admin, "file-publishing-role", ACCOUNT);
    expect(await put(publisher, ACCOUNT, "own.json", "{}")).toBe(200);
    expect(await put(publisher, SPOKE_ACCOUNT, "theirs.json", "{}")).toBe(403);
  });

  it("Nobody but CloudFormation takes the role that makes resources", async () => {
    expect(await sessionOf(world.admin, "cfn-exec-role", ACCOUNT)).toBeUndefined();
  });

  it("The publishing role may not deploy, and the deploying role may not upload", async () => {
    const publisher = await sessionOf(world.admin, "file-publishing-role", ACCOUNT);
    const deployer = await sessionOf(world.admin, "deploy-role", ACCOUNT);
    const answer = await deployed(world.callOf(publisher), "No", rolesTemplate({ No: ROOT }));
    expect(answer.status).toBe(403);
    expect(await put(deployer, ACCOUNT, "x.zip", "x")).toBe(403);
  });

  it("Without the role, the deploying role makes nothing itself, and the stack says what it lacks", async () => {
    const deployer = world.callOf(await sessionOf(world.admin, "deploy-role", ACCOUNT));
    const answer = await deployed(deployer, "Lacking", rolesTemplate({ Lacking: ROOT }));
    expect(answer.first("StackStatus")).toBe("ROLLBACK_COMPLETE");
    const { text } = await deployer("DescribeStackEvents", { StackName: "Lacking" });
    expect(text).toContain(
      "is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::",
    );
  });
});

describe("Values of Parameter Store", () => {
  it("CloudFormation reads them as the caller, who needs the permission", async () => {
    const { iam } = world.state;
    const [name, arn] = ["stacks-only", `arn:aws:iam::${ACCOUNT}:role/stacks-only`];
    const key = profileCredential(iam.state, "admin");
    const admin = iam.state.roles[key?.roleArn ?? ""];
    if (!key || !admin) throw new Error("The world has no administrator.");
    const Statement = [{ Effect: "Allow", Action: "cloudformation:*", Resource: "*" }];
    const policies = { Stacks: { Version: "2012-10-17", Statement } };
    const accessKeyId = "ASIASTACKSONLY000000";
    iam.change(({ roles, credentials }) => {
      roles[arn] = { ...admin, arn, roleName: name, roleId: "AROASTACKSONLY", policies };
      credentials[accessKeyId] = { ...key, accessKeyId, roleArn: arn, roleId: "AROASTACKSONLY" };
    });
    const Type = "AWS::SSM::Parameter::Value<String>";
    const Default = "/cdk-bootstrap/hnb659fds/version";
    const template = rolesTemplate({ Any: ROOT }, { Parameters: { Version: { Type, Default } } });
    const answer = await deployed(
      world.callOf(iam.state.credentials[accessKeyId]),
      "Any",
      template,
    );
    expect(answer.first("Message")).toContain(
      `ssm:GetParameters on resource: arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${Default}`,
    );
  });
});

describe("Code of functions", () => {
  it("Uploaded code is unzipped once, and stays as it was when another is uploaded", async () => {
    const publisher = await sessionOf(world.admin, "file-publishing-role", ACCOUNT);
    const upload = (text: string) =>
      put(publisher, ACCOUNT, "code.zip", zipOf({ "index.mjs": text }));
    const folderOf = codeFolders({}, world.state);
    await upload("one");
    const first = folderOf("code.zip", bucketOf(ACCOUNT));
    await upload("two");
    const second = folderOf("code.zip", bucketOf(ACCOUNT));
    expect(folderOf("code.zip", bucketOf(ACCOUNT))).toBe(second);
    const read = (folder: string) => readFileSync(path.join(folder, "index.mjs"), "utf8");
    expect([read(first), read(second)]).toEqual(["one", "two"]);
    expect(() => folderOf("none.zip", bucketOf(ACCOUNT))).toThrow("NoSuchKey");
    expect(() => folderOf("code.zip", "no-bucket")).toThrow("NoSuchKey");
  });
});

describe("The AWS CLI", () => {
  it("aws cloudformation deploy makes a stack, and says so where nothing changes", async () => {
    const dir = mkdtempSync(path.join(tmpdir(), "aws-cli-"));
    const file = path.join(dir, "roles.json");
    writeFileSync(file, rolesTemplate({ Cli: ROOT }));
    const key = profileCredential(world.state.iam.state, "admin");
    const aws = await awsFile();
    const deploy = () =>
      promisify(execFile)(
        aws,
        [
          ...["cloudformation", "deploy", "--stack-name", "Cli", "--template-file", file],
          ...["--capabilities", "CAPABILITY_NAMED_IAM"],
        ],
        {
          env: {
            PATH: process.env["PATH"],
            HOME: dir,
            AWS_ENDPOINT_URL: world.url,
            AWS_REGION: REGION,
            AWS_DEFAULT_REGION: REGION,
            AWS_ACCESS_KEY_ID: key?.accessKeyId,
            AWS_SECRET_ACCESS_KEY: key?.secretAccessKey,
            AWS_SESSION_TOKEN: key?.sessionToken,
          },
        },
      );
    expect((await deploy()).stdout).toContain("Successfully created/updated stack - Cli");
    const { stdout, stderr } = await deploy();
    expect(stdout + stderr).toContain("No changes to deploy.");
    expect(world.state.iam.state.roles[`arn:aws:iam::${ACCOUNT}:role/probe-cli`]).toBeDefined();
  });
});
