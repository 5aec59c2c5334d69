/** `timelatch deploy` with the real CDK command and the emulated CloudFormation of two accounts and regions. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inRepository } from "../../../infra/synth/repository.ts";
import { ACCOUNT, FAR_REGION, REGION, SPOKE_ACCOUNT } from "../../../sandbox/world/account.ts";
import { profileCredential } from "../../../sandbox/world/people.ts";
import { cloudFormationWorld, rolesTemplate } from "../../sandbox/stack/cloudformation-world.ts";
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
];

/** Two stacks as aws-cdk-lib writes them: the second one needs the first. */
function assemblyFiles(): Readonly<Record<string, string>> {
  const files: Record<string, unknown> = {};
  const artifacts: Record<string, unknown> = {};
  for (const [at, { name, account, region }] of STACKS.entries()) {
    const arn = (part: string) =>
      `arn:\${AWS::Partition}:iam::${account}:role/cdk-hnb659fds-${part}-${account}-${region}`;
    const bootstrapped = {
      requiresBootstrapStackVersion: 6,
      bootstrapStackVersionSsmParameter: VERSION,
    };
    const [bucket, key] = [`cdk-hnb659fds-assets-${account}-${region}`, `${at}.json`];
    const assets = `${name}.assets`;
    artifacts[assets] = {
      type: "cdk:asset-manifest",
      properties: { file: `${assets}.json`, ...bootstrapped },
    };
    artifacts[name] = {
      type: "aws:cloudformation:stack",
      environment: `aws://${account}/${region}`,
      properties: {
        ...{ templateFile: `${name}.template.json`, terminationProtection: at === 1 },
        ...{ assumeRoleArn: arn("deploy-role"), ...bootstrapped },
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
              ...{ bucketName: bucket, objectKey: key, region },
              assumeRoleArn: arn("file-publishing-role"),
            },
          },
        },
      },
      dockerImages: {},
    };
    files[`${name}.template.json`] = JSON.parse(
      rolesTemplate({ [`Role${at}`]: `arn:aws:iam::${account}:root` }),
    );
  }
  files["manifest.json"] = { version: "55.0.0", artifacts };
  return Object.fromEntries(
    Object.entries(files).map(([file, content]) => [file, JSON.stringify(content)]),
  );
}

/** A working directory whose app writes that assembly. */
function workingFolder(): string {
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
for (const [name, text] of Object.entries(${JSON.stringify(assemblyFiles())})) writeFileSync("cdk.out/" + name, text);`,
  );
  return folder;
}

/** As the administrator of the broker's account, who may take the roles of the bootstrap in the other one. */
function timelatch(folder: string, ...args: readonly string[]) {
  const key = profileCredential(world.state.iam.state, "admin");
  return runHere([...args, folder], {
    env: {
      ...{ HOME: folder, AWS_ENDPOINT_URL: world.url },
      AWS_ACCESS_KEY_ID: key?.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key?.secretAccessKey,
      AWS_SESSION_TOKEN: key?.sessionToken,
    },
  });
}

const statuses = () =>
  world.state.cloudFormation.state.stacks.map(
    ({ id, account, status }) => `${account} ${id.split(":")[3]} ${status}`,
  );

it("The real CDK command deploys the stacks of two accounts and regions in their order", async () => {
  const folder = workingFolder();
  const first = await timelatch(folder, "deploy", "--yes");
  expect(first.err).toContain("Deployment time");
  expect(first.code).toBe(0);
  for (const { name, account } of STACKS)
    expect(first.out).toContain(`${name} in ${account} is deployed (CREATE_COMPLETE).`);
  expect(statuses()).toEqual([
    `${SPOKE_ACCOUNT} eu-west-1 CREATE_COMPLETE`,
    `${ACCOUNT} us-west-2 CREATE_COMPLETE`,
  ]);
  expect(world.state.cloudFormation.state.stacks.map(({ isProtected }) => isProtected)).toEqual([
    ...[false, true],
  ]);
});
