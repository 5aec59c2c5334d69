/**
 * The real CDK command deploys a spoke in a landing zone: every role bounded, under the policies that `timelatch synth`
 * computes, and nothing more.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inRepository } from "../../../infra/synth/repository.ts";
import { ACCOUNT, REGION, SPOKE_ACCOUNT } from "../../../lab/sandbox/world/account.ts";
import { spokeAdminKey } from "../../../lab/sandbox/world/spoke-admin.ts";
import { cloudFormationWorld, deployed } from "../../lab/sandbox/stack/cloudformation-world.ts";
import { runHere } from "../run-timelatch.ts";

const CONTEXT = {
  "@aws-cdk/core:permissionsBoundary": { name: "landing-zone" },
  // Only the broker has bundles.
  "aws:cdk:bundling-stacks": [],
};

/** The landing zone's own stack. */
const ZONE = JSON.stringify({
  Resources: {
    Boundary: {
      Type: "AWS::IAM::ManagedPolicy",
      Properties: {
        ManagedPolicyName: "landing-zone",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
        },
      },
    },
  },
});

const SPOKE_STACK = `TimelatchAccount-${SPOKE_ACCOUNT}`;

let world: Awaited<ReturnType<typeof cloudFormationWorld>>;
let folder: string;
beforeAll(async () => {
  world = await cloudFormationWorld();
  folder = workingFolder();
});
afterAll(() => world.close());

/** As `timelatch init` makes it, with the library of this checkout, and a cluster in another account. */
function workingFolder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "timelatch-scoped-"));
  const library = inRepository("infra/library.ts");
  mkdirSync(path.join(made, "node_modules/@timelatch/cdk"), { recursive: true });
  symlinkSync(inRepository("node_modules/aws-cdk"), path.join(made, "node_modules/aws-cdk"));
  const files = {
    "node_modules/@timelatch/cdk/package.json": "{}",
    "timelatch.config.yaml": `version: 1\naccount: "${ACCOUNT}"\nregion: ${REGION}\n`,
    "cdk.json": JSON.stringify({ app: "node app.mjs", context: CONTEXT }),
    "access.yaml": `version: 1
clusters:
  near: { arn: "arn:aws:eks:${REGION}:${ACCOUNT}:cluster/near" }
  other: { arn: "arn:aws:eks:${REGION}:${SPOKE_ACCOUNT}:cluster/other" }
people: {}
identity: { account: "${ACCOUNT}" }
rules: []
`,
    "app.mjs": `import { createRequire } from "node:module";
const { App } = createRequire(${JSON.stringify(library)})("aws-cdk-lib");
const { readDeployment, Timelatch } = await import(${JSON.stringify(library)});
const app = new App({ builtinCloudFormationValidation: false, analyticsReporting: false });
new Timelatch(app, readDeployment("timelatch.config.yaml"));
app.synth();
`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(made, name), text);
  return made;
}

/** A line of the command, as the administrator of the other account. */
async function run(line: string): Promise<string> {
  const key = spokeAdminKey(world.state.iam.state, "spoke-admin");
  const env = {
    ...process.env,
    HOME: folder,
    AWS_ENDPOINT_URL: world.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: key?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key?.secretAccessKey,
    AWS_SESSION_TOKEN: key?.sessionToken,
    CDK_DISABLE_CLI_TELEMETRY: "true",
  };
  const cdk = line.replace(
    /^node_modules\/\.bin\/cdk/,
    `${process.execPath} node_modules/aws-cdk/bin/cdk`,
  );
  const ran = await promisify(execFile)("sh", ["-c", `${cdk} 2>&1`], { cwd: folder, env }).catch(
    (error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? "" }),
  );
  return ran.stdout;
}

const DEPLOY = `node_modules/.bin/cdk deploy --app cdk.out --exclusively ${SPOKE_STACK} --require-approval never`;
const statusOf = async (StackName: string) =>
  (await world.spokeAdmin("DescribeStacks", { StackName })).first("StackStatus");
const remove = async () => {
  const StackName = SPOKE_STACK;
  await world.spokeAdmin("UpdateTerminationProtection", {
    StackName,
    EnableTerminationProtection: "false",
  });
  await world.spokeAdmin("DeleteStack", { StackName });
};

it("A spoke is bootstrapped with the policies, and deployed; with one statement less it is refused", async () => {
  const synth = await runHere(
    ["synth", "--execution-policies", path.join(folder, "scoped"), folder, "--json"],
    {
      env: { HOME: folder, PATH: process.env["PATH"] },
    },
  );
  expect(synth.code).toBe(0);
  const { executionPolicies } = JSON.parse(synth.out) as {
    readonly executionPolicies: readonly {
      readonly account: string;
      readonly file: string;
      readonly policies: readonly string[];
      readonly commands: readonly string[];
    }[];
  };
  await deployed(world.spokeAdmin, "Zone", ZONE);
  const spoke = executionPolicies.find(({ account }) => account === SPOKE_ACCOUNT);
  const text = readFileSync(spoke?.file ?? "", "utf8");
  const made = await deployed(world.spokeAdmin, "TimelatchExecution", text);
  expect(made.first("StackStatus")).toBe("CREATE_COMPLETE");
  const [, bootstrap = ""] = spoke?.commands ?? [];
  expect(bootstrap).toContain(`--trust ${ACCOUNT}`);
  expect(bootstrap).toContain(`arn:aws:iam::${SPOKE_ACCOUNT}:policy/timelatch-execution-1`);
  expect(await run(bootstrap)).toContain("bootstrapped");

  await run(DEPLOY);
  expect(await statusOf(SPOKE_STACK)).toBe("CREATE_COMPLETE");
  const roles = Object.values(world.state.iam.state.roles).filter(({ arn }) =>
    arn.startsWith(`arn:aws:iam::${SPOKE_ACCOUNT}:role/timelatch-`),
  );
  expect(roles.map(({ roleName }) => roleName)).toContain("timelatch-grantor");
  for (const { boundary, roleName } of roles)
    expect(boundary?.arn, roleName).toBe(`arn:aws:iam::${SPOKE_ACCOUNT}:policy/landing-zone`);
  await remove();
  expect(await statusOf(SPOKE_STACK)).toBe("");

  const less = JSON.parse(text);
  const { Statement } = less.Resources.Policy1.Properties.PolicyDocument;
  const without = (action: string) =>
    Statement.filter(({ Action }: { Action: readonly string[] }) => !Action.includes(action));
  less.Resources.Policy1.Properties.PolicyDocument.Statement = without(
    "scheduler:CreateScheduleGroup",
  );
  await deployed(world.spokeAdmin, "TimelatchExecution", JSON.stringify(less));
  expect(await run(DEPLOY)).toContain(
    "is not authorized to perform: scheduler:CreateScheduleGroup",
  );
  expect(await statusOf(SPOKE_STACK)).toBe("ROLLBACK_COMPLETE");
});
