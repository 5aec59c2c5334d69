/**
 * docs/deploy.md, followed by readers without a checkout: from the packed files, an empty folder and empty accounts to the
 * first access, and away again. Every command is the page's own, or printed by a command of the page.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packCdk } from "../../tools/package/cdk-package.ts";
import { commandFolder, packedCommand } from "./bundled-command.ts";
import { commandsIn } from "./documents/commands.ts";
import {
  deploying,
  INSTALLING,
  leaving,
  lending,
  preparing,
  READERS,
  type Reader,
  writing,
} from "./documents/deploy-page-scripts.ts";
import { type InstalledRegistry, installedRegistry } from "./documents/installed-registry.ts";
import { playDocument, type Script } from "./documents/play.ts";
import { openShell, type Shell } from "./documents/shell.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

/** Several syntheses and deployments by the CDK command, on a busy machine. */
const LIMIT_MS = 15 * 60_000;
const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../docs/deploy.md"), "utf8");
const FOLDER = mkdtempSync(path.join(tmpdir(), "deploy-page-"));
/** The same for each reader, one after another: Node.js keeps what it compiled by path. */
const HOME = path.join(FOLDER, "home");
const [HUB, SPOKE] = ["111122223333", "444455556666"] as const;
const PROFILES = { [HUB]: "admin", [SPOKE]: "spoke-admin" } as const;

let registry: InstalledRegistry;
let packed: readonly string[];
beforeAll(async () => {
  registry = await installedRegistry();
  packed = [packedCommand(), await packCdk(path.join(FOLDER, "packed-cdk"))];
}, LIMIT_MS);

let sandbox: SandboxProcess | undefined;
let shell: Shell | undefined;
afterAll(async () => {
  await shell?.close();
  await sandbox?.stop();
  registry.close();
});

/** A home with what somebody handed over, a registry, and profiles of AWS: nothing of a checkout. */
async function newReader({ awsConfigFile, awsCredentialsFile }: SandboxProcess) {
  rmSync(HOME, { recursive: true, force: true });
  for (const folder of ["Downloads", "bin"])
    mkdirSync(path.join(HOME, folder), { recursive: true });
  for (const file of packed) symlinkSync(file, path.join(HOME, "Downloads", path.basename(file)));
  symlinkSync(process.execPath, path.join(HOME, "bin/node"));
  // The AWS CLI that is loaded already, and where it listens. `timelatch` is the reader's own to install.
  for (const file of ["aws", "aws.socket"])
    symlinkSync(path.join(commandFolder(), file), path.join(HOME, "bin", file));
  const opened = openShell(HOME, LIMIT_MS);
  for (const line of [
    `PATH=$HOME/bin:$HOME/npm/bin:$(printf %s "$PATH" | tr : '\\n' | grep -v node_modules | paste -sd :)`,
    `npm_config_prefix=$HOME/npm npm_config_cache=${FOLDER}/cache npm_config_registry=${registry.url}`,
    "npm_config_audit=false npm_config_fund=false CDK_DISABLE_CLI_TELEMETRY=true",
    `NODE_COMPILE_CACHE=${FOLDER}/compiled`,
    `AWS_CONFIG_FILE=${awsConfigFile} AWS_SHARED_CREDENTIALS_FILE=${awsCredentialsFile}`,
  ])
    await opened.run(line);
  return opened;
}

async function ran(command: string): Promise<string> {
  if (!shell) throw new Error("Nobody has a shell.");
  const { status, printed } = await shell.run(command);
  expect({ command, status, printed }).toEqual({ command, status: 0, printed });
  return printed.trim();
}

const play = async (script: Script) =>
  expect(shell && (await playDocument(script, shell))).toEqual([]);

/** A command that stands in a sentence of the page. */
function inline(start: string): string {
  const sentences = PAGE.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "").replaceAll("\n", " ");
  const found = sentences.match(/`[^`]+`/g) ?? [];
  const command = found.find((one) => one.startsWith(`\`${start}`));
  if (command === undefined) throw new Error(`The page has no command ${start}.`);
  return command.slice(1, -1);
}

/** The line that prepares another account, for each of its regions but the page's own. */
const moreBootstraps = ({ regions }: Reader): readonly string[] =>
  commandsIn(PAGE)
    .filter((line) => line.startsWith(`node_modules/.bin/cdk bootstrap aws://${SPOKE}/us-west-2`))
    .flatMap((line) =>
      regions
        .filter((region) => region !== "us-west-2")
        .map((region) => line.replace("us-west-2", region)),
    );

/** The landing zone that is there already: a boundary in each account. */
const BOUNDARY = JSON.stringify({
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

async function inLandingZone(): Promise<void> {
  writeFileSync(path.join(HOME, "zone.json"), BOUNDARY);
  for (const profile of Object.values(PROFILES))
    await ran(
      `AWS_PROFILE=${profile} aws cloudformation deploy --region us-west-2 --stack-name Zone --template-file ~/zone.json --capabilities CAPABILITY_NAMED_IAM`,
    );
  const [, context = ""] = /```json\n(\{\n {2}"app"[\s\S]*?)```/.exec(PAGE) ?? [];
  writeFileSync(path.join(HOME, "timelatch/cdk.json"), context);
}

/** The lines that the page's command printed, each with credentials of its account. */
async function bootstrapZone(): Promise<void> {
  const { executionPolicies } = JSON.parse(
    await ran("timelatch synth --execution-policies execution --json 2>/dev/null"),
  ) as {
    readonly executionPolicies: readonly {
      readonly account: keyof typeof PROFILES;
      readonly commands: readonly string[];
    }[];
  };
  for (const { account, commands } of executionPolicies)
    for (const line of commands) await ran(`AWS_PROFILE=${PROFILES[account]} ${line}`);
}

/** Does what the doctor names, until it finds nothing: one of the sandbox's clusters takes no access entries at first. */
async function examine({ regions }: Reader): Promise<void> {
  const doctor = (
    regions.length > 0 ? inline("timelatch doctor --account") : inline("timelatch doctor")
  ).replace("<profile>", "spoke-admin");
  const { findings } = JSON.parse(await ran(`{ ${doctor} --json 2>&- || [ $? = 13 ]; }`)) as {
    readonly findings: readonly { readonly ok: boolean; readonly says: string; next: string }[];
  };
  const ill = findings.filter(({ ok }) => !ok);
  expect(ill.map(({ says }) => says)).toEqual([
    "authentication mode CONFIG_MAP: EKS takes no access entries",
  ]);
  for (const { next } of ill) await ran(next);
  await ran(`for _ in $(seq 60); do ${doctor} && break; sleep 4; done`);
}

describe.each(Object.entries(READERS))("docs/deploy.md, followed by %s", (name, reader) => {
  const folder = path.join(FOLDER, name.replaceAll(/\W+/g, "-"));
  let isThere = false;

  it(
    "Each command does what the page says, from an empty folder to the first access",
    async () => {
      await shell?.close();
      await sandbox?.stop();
      const args = ["--dir", folder, "--empty", "--minute-seconds", "5"];
      sandbox = await startSandboxProcess(args);
      shell = await newReader(sandbox);
      await play(INSTALLING);
      await play(writing(reader));
      if (reader.isZone) await inLandingZone();
      await play(preparing(reader));
      for (const line of moreBootstraps(reader)) await ran(line);
      if (reader.isZone) await bootstrapZone();
      await play(deploying);
      await examine(reader);
      await ran(
        `API=$(AWS_PROFILE=admin aws cloudformation describe-stacks --region us-west-2 --stack-name Timelatch --output text --query "Stacks[0].Outputs[?OutputKey=='ApiUrl'].OutputValue")`,
      );
      for (const cluster of reader.lent) await play(lending(reader, cluster));
      isThere = true;
    },
    LIMIT_MS,
  );

  it(
    "It leaves as the page says, and nothing is left that lends",
    async () => {
      expect(isThere).toBe(true);
      await play(leaving(reader));
      for (const profile of Object.values(PROFILES))
        for (const region of ["us-west-2", "eu-west-1"])
          expect(
            await ran(
              `AWS_PROFILE=${profile} aws cloudformation describe-stacks --region ${region} --output text --query "Stacks[?starts_with(StackName, 'Timelatch') && StackName!='TimelatchExecution'].StackName"`,
            ),
          ).toBe("");
    },
    LIMIT_MS,
  );
});
