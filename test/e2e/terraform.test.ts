/**
 * The Terraform module in empty accounts, carried out from its files: by its README from nothing to grants in two accounts,
 * through a change of the policy by its workflow, an account that leaves, and away again.
 */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { awsDrivers } from "../terraform/aws-drivers.ts";
import { MODULE, SOURCE } from "../terraform/root-module.ts";
import { type StandIn, terraformStandIn } from "../terraform/stand-in.ts";
import { newFolder } from "./abuse-sandbox.ts";
import { commandFolder } from "./bundled-command.ts";
import { installSandboxApp } from "./deployment-folder.ts";
import { READERS, writing } from "./documents/deploy-page-scripts.ts";
import { playDocument, type Script } from "./documents/play.ts";
import { openShell, type Shell } from "./documents/shell.ts";
import { awsJson } from "./real-clients.ts";
import { profileKeys, type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import { terraformWorkflow } from "./terraform-workflow.ts";

const [HUB, SPOKE] = ["111122223333", "444455556666"];
/** A synthesis, and every stack, on a busy machine. */
const LIMIT_MS = 6 * 60_000;
const document = "terraform/README.md";
/** As the module's README has it. */
const [, REMOVED = ""] =
  /```hcl(\n\s+removed \{[\s\S]*?)```/.exec(readFileSync(path.join(MODULE, "README.md"), "utf8")) ??
  [];
const HOME = mkdtempSync(path.join(tmpdir(), "terraform-reader-"));
const FOLDER = path.join(HOME, "timelatch");

let sandbox: SandboxProcess;
let terraform: StandIn;
let shell: Shell;
beforeAll(async () => {
  sandbox = await startSandboxProcess(["--dir", newFolder(), "--empty", "--minute-seconds", "3"]);
  const drivers = awsDrivers((account) => ({
    endpoint: sandbox.awsUrl,
    credentials: profileKeys(sandbox, account === SPOKE ? "spoke-admin" : "admin"),
  }));
  terraform = await terraformStandIn(
    (root) => ({ root, sources: { [SOURCE]: MODULE }, drivers }),
    new Map(),
  );
  shell = openShell(HOME, LIMIT_MS);
  await ran(
    `PATH=${terraform.folder}:${commandFolder()}:$PATH AWS_CONFIG_FILE=${sandbox.awsConfigFile} AWS_SHARED_CREDENTIALS_FILE=${sandbox.awsCredentialsFile}`,
  );
  // A role that was just made is not lent to at once.
  await ran('again() { for _ in $(seq 20); do "$@" && return; sleep 1; done; return 1; }');
}, LIMIT_MS);
afterAll(async () => {
  await shell.close();
  terraform.close();
  await sandbox.stop();
});

async function ran(command: string): Promise<string> {
  const { status, printed } = await shell.run(command);
  expect({ command, status, printed }).toEqual({ command, status: 0, printed });
  return printed.trim();
}
async function refused(command: string, words: string): Promise<void> {
  const { status, printed } = await shell.run(command);
  expect(printed.replace(/\s+/g, " ")).toContain(words);
  expect({ command, failed: status !== 0 }).toEqual({ command, failed: true });
}
const play = async (script: Script) => expect(await playDocument(script, shell)).toEqual([]);

const stackNames = async (profile: string, region: string): Promise<readonly string[]> => {
  const { Stacks } = await awsJson(
    ...([sandbox, profile, "cloudformation", "describe-stacks", "--region", region] as const),
  );
  return Stacks.map(({ StackName }: { StackName: string }) => StackName).toSorted();
};

/** Changes a file of the folder. */
function rewrite(name: string, ...changes: readonly (readonly [string | RegExp, string])[]): void {
  const file = path.join(FOLDER, name);
  let text = readFileSync(file, "utf8");
  for (const [before, after] of changes) {
    expect(text).toMatch(before);
    text = text.replace(before, after);
  }
  writeFileSync(file, text);
}
const withoutCalls = () => rewrite("main.tf", [/\nmodule [\s\S]*$/, ""]);
/** The changes of the commands that come next. */
async function changesOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = terraform.changes.length;
  await act();
  return terraform.changes.slice(before);
}
const isStack = (one: string) => one.includes("aws_cloudformation_stack");
const SYNTH = "timelatch synth --terraform";
const APPLY = "terraform apply -auto-approve";
const AS_ALICE = "AWS_PROFILE=alice timelatch";

const LENDING = (cluster: string): Script => ({
  document: "docs/deploy.md",
  section: "4. Lend the first access",
  before: "cd; AWS_PROFILE=alice",
  values: {
    "https://<id>.execute-api.<region>.amazonaws.com": "$API",
    "timelatch request -c prod": `again timelatch request -c ${cluster}`,
    "--wait": "--wait --yes",
    "kubeconfig prod": `kubeconfig ${cluster}`,
    "timelatch-prod": `timelatch-${cluster}`,
  },
  stages: {
    "timelatch whoami": { prints: "alice" },
    "timelatch request": { prints: "active" },
    "kubectl --context": { prints: "default namespace" },
  },
});

describe("By Terraform, in empty accounts", () => {
  it(
    "Each command of the README does what it says, from an empty folder to the first grants in two accounts",
    async () => {
      const reader = READERS["two accounts and three places"] ?? expect.fail();
      await play(writing(reader));
      installSandboxApp(FOLDER);
      cpSync(path.join(MODULE, "examples/spokes"), FOLDER, { recursive: true });
      await play({
        ...{ document, section: "From nothing to the first grant" },
        before: "cd ~/timelatch; AWS_PROFILE=admin",
        values: { "=spoke": "=spoke-admin" },
        stages: {
          "terraform apply": { prints: "create module.hub.module.broker.aws_cloudformation_stack" },
          "timelatch protect": {
            prints: `TimelatchPeople-1 in us-west-2 of ${HUB} is protected from deletion now.`,
          },
        },
      });
      expect(await ran("API=$(terraform output api_url | jq -r .); echo $API")).toBe(
        sandbox.apiUrl,
      );
      expect(await stackNames("admin", "us-west-2")).toEqual([
        ...["Timelatch", "TimelatchFuses", "TimelatchPeople-1"],
      ]);
      expect(await stackNames("spoke-admin", "eu-west-1")).toEqual([
        ...[`TimelatchAccount-${SPOKE}-eu-west-1`, `TimelatchForward-${SPOKE}-eu-west-1`],
      ]);
      expect(await ran("cd ~/timelatch; terraform plan")).toBe("");
      for (const cluster of ["prod", "overseas"]) await play(LENDING(cluster));
    },
    LIMIT_MS,
  );

  it(
    "A policy that changed is refused by a plan until the assembly is made again; the workflow's steps compare, plan and apply it",
    async () => {
      await ran("cd ~/timelatch; AWS_PROFILE=admin");
      const job = await terraformWorkflow(sandbox, FOLDER, terraform.folder);
      rewrite("access.yaml", ["max: 1h", "max: 45m"]);
      await refused("terraform plan", "timelatch synth --terraform");
      const planned = await job.play("plan");
      expect(planned["Plan"]).toContain("update module.hub.module.broker.aws_cloudformation_stack");
      expect(job.comment()).toContain("for up to 45m (before: for up to 1h)");
      expect(terraform.changes.filter((one) => one.startsWith("update"))).toEqual([]);
      const changes = await changesOf(() => job.play("apply"));
      expect(changes.filter(isStack)).toEqual([
        'update module.hub.module.broker.aws_cloudformation_stack.this["Timelatch"]',
      ]);
      expect(JSON.parse(await ran(`${AS_ALICE} grants --json`)).requests).toHaveLength(2);
      await refused(
        `${AS_ALICE} preview -c prod -p view --cluster-scope -d 50m -r "too long"`,
        "view lends for at most 45m",
      );
    },
    LIMIT_MS,
  );

  it(
    "Once protected, no stack goes although its call left the files",
    async () => {
      const main = readFileSync(path.join(FOLDER, "main.tf"), "utf8");
      withoutCalls();
      await refused(APPLY, "TerminationProtection is enabled");
      writeFileSync(path.join(FOLDER, "main.tf"), main);
      expect(await ran("terraform plan")).toBe("");
    },
    LIMIT_MS,
  );

  it(
    "An account leaves: its clusters are retired, its call is forgotten, and a command deletes its stacks",
    async () => {
      const left = ["overseas", "ireland"];
      rewrite(
        "access.yaml",
        ...left.map((name) => [`/${name}" }`, `/${name}", retired: true }`] as const),
      );
      await ran(`${SYNTH} && ${APPLY}`);
      const far = `${AS_ALICE} list --json | jq -er '.requests[] | select(.cluster == "overseas" and .state == "active").id'`;
      await ran(`${AS_ALICE} return "$(${far})" --yes --wait`);
      rewrite("access.yaml", ...left.map((name) => [new RegExp(`\n  ${name}: .*`), ""] as const), [
        /clusters: \[.*\]/,
        "clusters: [prod]",
      ]);
      rewrite(
        "main.tf",
        [/\nmodule "spoke" \{[\s\S]*?\n\}\n/, REMOVED],
        [/\n {2}deployed = module.spoke.grantors/, ""],
      );
      const changes = await changesOf(() => ran(`${SYNTH} && ${APPLY}`));
      expect(changes.filter((one) => one.startsWith("delete module.spoke"))).toEqual([]);
      await ran(`timelatch destroy --account ${SPOKE}=spoke-admin --admin-profile alice --yes`);
      for (const region of ["us-west-2", "eu-west-1"])
        expect(await stackNames("spoke-admin", region)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "They leave as the README says: drained, unprotected, and no stack is there after the last apply",
    async () => {
      const off = "timelatch protect --off --admin-profile alice --yes";
      await refused(off, "The broker is not drained");
      await play({
        ...{ document, section: "Leave", before: "AWS_PROFILE=alice" },
        values: {
          " --account 444455556666=spoke --admin-profile admin": " --admin-profile alice --yes",
          "--even-if-nobody-can-lift": "--even-if-nobody-can-lift --yes",
        },
        stages: {
          "timelatch grants": {
            before: `for _ in $(seq 60); do [ "$(timelatch grants --json | jq '.requests | length')" = 0 ] && break; sleep 1; done`,
          },
          "timelatch protect --off": { before: "AWS_PROFILE=admin" },
        },
      });
      withoutCalls();
      const changes = await changesOf(() => ran(APPLY));
      expect(changes.filter(isStack)).toEqual(
        ["people", "broker", "fuses"].map((kind) => expect.stringContaining(`module.${kind}.`)),
      );
      expect(await stackNames("admin", "us-west-2")).toEqual([]);
    },
    LIMIT_MS,
  );
});
