/**
 * The real CDK command, by itself and by `timelatch deploy`, in two unprepared accounts and
 * regions.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inRepository } from "../../../infra/synth/repository.ts";
import { bootstrapPlaces } from "../../../lab/sandbox/stack/bootstrap-places.ts";
import { ACCOUNT, FAR_REGION, REGION, SPOKE_ACCOUNT } from "../../../lab/sandbox/world/account.ts";
import { profileCredential } from "../../../lab/sandbox/world/people.ts";
import { spokeAdminKey } from "../../../lab/sandbox/world/spoke-admin.ts";
import {
  cloudFormationWorld,
  rolesTemplate,
} from "../../lab/sandbox/stack/cloudformation-world.ts";
import { runHere } from "../run-timelatch.ts";
import { writePolicy } from "./fake-deployment.ts";

let world: Awaited<ReturnType<typeof cloudFormationWorld>>;
beforeAll(async () => {
  world = await cloudFormationWorld();
});
afterAll(() => world.close());

const VERSION = "/cdk-bootstrap/hnb659fds/version";
const STACKS = [
  { name: "TimelatchAccount-444455556666-eu-west-1", account: SPOKE_ACCOUNT, region: FAR_REGION },
  { name: "Timelatch", account: ACCOUNT, region: REGION },
  { name: "TimelatchPeople-1", account: ACCOUNT, region: REGION },
];
/** How each is listed with one status. */
const allWith = (status: string) =>
  STACKS.map(({ name, account, region }) => `${name} ${account} ${region} ${status}`);

/** The stacks as aws-cdk-lib writes them: each one needs those before it. A role of each has the suffix. */
function assemblyFiles(suffix: string): Readonly<Record<string, string>> {
  const files: Record<string, unknown> = {};
  const artifacts: Record<string, unknown> = {};
  for (const [at, { name, account, region }] of STACKS.entries()) {
    const arn = (part: string) =>
      `arn:\${AWS::Partition}:iam::${account}:role/cdk-hnb659fds-${part}-${account}-${region}`;
    const bootstrapped = {
      requiresBootstrapStackVersion: 6,
      bootstrapStackVersionSsmParameter: VERSION,
    };
    const [bucket, key] = [`cdk-hnb659fds-assets-${account}-${region}`, `${at}${suffix}.json`];
    const assets = `${name}.assets`;
    artifacts[assets] = {
      type: "cdk:asset-manifest",
      properties: { file: `${assets}.json`, ...bootstrapped },
    };
    artifacts[name] = {
      type: "aws:cloudformation:stack",
      environment: `aws://${account}/${region}`,
      properties: {
        templateFile: `${name}.template.json`,
        terminationProtection: at === 1,
        assumeRoleArn: arn("deploy-role"),
        ...bootstrapped,
        cloudFormationExecutionRoleArn: arn("cfn-exec-role"),
        stackTemplateAssetObjectUrl: `s3://${bucket}/${key}`,
        additionalDependencies: [assets],
        lookupRole: { arn: arn("lookup-role"), ...bootstrapped },
      },
      dependencies: [...STACKS.slice(0, at).map((before) => before.name), assets],
    };
    files[`${assets}.json`] = {
      version: "55.0.0",
      files: {
        [`${at}`]: {
          source: { path: `${name}.template.json`, packaging: "file" },
          destinations: {
            here: {
              bucketName: bucket,
              objectKey: key,
              region,
              assumeRoleArn: arn("file-publishing-role"),
            },
          },
        },
      },
      dockerImages: {},
    };
    files[`${name}.template.json`] = JSON.parse(
      rolesTemplate({ [`Role${at}${suffix}`]: `arn:aws:iam::${account}:root` }),
    );
  }
  files["manifest.json"] = { version: "55.0.0", artifacts };
  return Object.fromEntries(
    Object.entries(files).map(([file, content]) => [file, JSON.stringify(content)]),
  );
}

/** A working directory whose app writes that assembly. */
function workingFolder(suffix = ""): string {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-cdk-"));
  mkdirSync(path.join(folder, "node_modules/@timelatch/cdk"), { recursive: true });
  writeFileSync(path.join(folder, "node_modules/@timelatch/cdk/package.json"), "{}");
  symlinkSync(inRepository("node_modules/aws-cdk"), path.join(folder, "node_modules/aws-cdk"));
  writeFileSync(
    path.join(folder, "timelatch.config.yaml"),
    `version: 1\naccount: "${ACCOUNT}"\nregion: ${REGION}\n`,
  );
  writePolicy(folder);
  writeFileSync(
    path.join(folder, "app.mjs"),
    `import { mkdirSync, writeFileSync } from "node:fs";
mkdirSync("cdk.out", { recursive: true });
for (const [name, text] of Object.entries(${JSON.stringify(assemblyFiles(suffix))})) writeFileSync("cdk.out/" + name, text);`,
  );
  return folder;
}

/** A shell's words for an administrator: of the broker's account, or of the second one. */
function environmentOf(folder: string, account: string) {
  const { state } = world.state.iam;
  const key =
    account === ACCOUNT ? profileCredential(state, "admin") : spokeAdminKey(state, "spoke-admin");
  return {
    HOME: folder,
    AWS_ENDPOINT_URL: world.url,
    AWS_ACCESS_KEY_ID: key?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key?.secretAccessKey,
    AWS_SESSION_TOKEN: key?.sessionToken,
  };
}

/** As the administrator of the broker's account, who may take the roles of the bootstrap in the other one. */
const timelatch = (folder: string, ...args: readonly string[]) =>
  runHere([...args, folder], { env: environmentOf(folder, ACCOUNT) });

const documentLines = () =>
  readFileSync(inRepository("docs/deploy.md"), "utf8")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");

/** The command lines of docs/deploy.md that prepare accounts, each with its account. */
const bootstrapLines = () =>
  documentLines().flatMap((line) => {
    const account = /^node_modules\/\.bin\/cdk bootstrap aws:\/\/(\d{12})\//.exec(line)?.[1];
    return account === undefined ? [] : [{ account, line: line.replace(/ +#.*$/, "") }];
  });

/** The command line of docs/deploy.md for an assembly whose spoke a stack set made. */
const exclusiveLine = () => documentLines().find((line) => line.includes("--exclusively")) ?? "";

/** Runs a line of a document in the folder, as the administrator of an account. */
async function run(folder: string, { account, line }: { account: string; line: string }) {
  const { stdout, stderr } = await promisify(execFile)(
    "sh",
    [
      "-c",
      line.replace(
        /^(node_modules\/\.bin\/cdk|npx aws-cdk@[\d.]+)/,
        `${process.execPath} node_modules/aws-cdk/bin/cdk`,
      ),
    ],
    { cwd: folder, env: { ...process.env, ...environmentOf(folder, account) } },
  );
  return stdout + stderr;
}

const stacksNow = () =>
  world.state.cloudFormation.state.stacks.map(
    ({ name, id, account, status }) => `${name} ${account} ${id.split(":")[3]} ${status}`,
  );
/** Those of the deployment, in the order in which they were made. */
const ours = () => stacksNow().slice(-STACKS.length);

it("The real CDK command prepares accounts as docs/deploy.md says, and again nothing changes", async () => {
  const folder = workingFolder();
  const lines = bootstrapLines();
  expect(lines.map(({ account }) => account)).toEqual([ACCOUNT, SPOKE_ACCOUNT]);
  for (const one of lines) expect(await run(folder, one)).toContain("bootstrapped");
  const prepared = stacksNow();
  expect(prepared).toEqual(
    lines.map(({ account }) => `CDKToolkit ${account} us-west-2 CREATE_COMPLETE`),
  );
  const [first] = lines;
  if (first) expect(await run(folder, first)).toContain("(no changes)");
  expect(stacksNow()).toEqual(prepared);
});

it("Nothing is deployed where a place is not prepared, which is named with the line of docs/deploy.md", async () => {
  const { code, err } = await timelatch(workingFolder(), "deploy", "--yes");
  expect(code).not.toBe(0);
  expect(err).toContain(
    `${SPOKE_ACCOUNT}/${FAR_REGION}: Account ${SPOKE_ACCOUNT} cannot be reached`,
  );
  const named = [...err.matchAll(/^ +(node_modules\/\.bin\/cdk bootstrap .*)$/gm)];
  const [, ofSpoke] = bootstrapLines();
  expect(named.map(([, line]) => line)).toEqual([ofSpoke?.line.replace(REGION, FAR_REGION)]);
});

it("The real CDK command deploys the stacks of two accounts and regions in their order", async () => {
  await bootstrapPlaces(world.accounts.contexts);
  const folder = workingFolder();
  const first = await timelatch(folder, "deploy", "--yes");
  expect(first.err).toContain("Deployment time");
  expect(first.code).toBe(0);
  for (const { name, account } of STACKS)
    expect(first.out).toContain(`${name} in ${account} is deployed (CREATE_COMPLETE).`);
  expect(ours()).toEqual(allWith("CREATE_COMPLETE"));
  const difference = await run(folder, {
    account: ACCOUNT,
    line: "node_modules/.bin/cdk diff --app cdk.out",
  });
  expect(difference).toContain("Number of stacks with differences: 0");
  const stacks = world.state.cloudFormation.state.stacks.slice(-STACKS.length);
  expect(stacks.map(({ isProtected }) => isProtected)).toEqual([false, true, false]);
});

it("The real CDK command leaves the spoke out, as docs/deploy.md says for one of a stack set", async () => {
  const folder = workingFolder("Later");
  await promisify(execFile)(process.execPath, ["app.mjs"], { cwd: folder });
  await run(folder, { account: ACCOUNT, line: `${exclusiveLine()} --require-approval never` });
  const [spoke] = allWith("CREATE_COMPLETE");
  expect(ours()).toEqual([spoke, ...allWith("UPDATE_COMPLETE").slice(1)]);
});
