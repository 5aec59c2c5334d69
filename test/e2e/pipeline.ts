/** A pipeline in the sandbox: the workflow and the trust of docs/agents.md, played as GitHub plays them. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { parse } from "yaml";
import { commandFolder } from "./bundled-command.ts";
import { profileKeys, type SandboxProcess } from "./sandbox-process.ts";

const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../docs/agents.md"), "utf8");

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly if?: string;
}

const [, workflow = ""] = /^```yaml\n(name: deploy\n[\s\S]*?)^```/m.exec(PAGE) ?? [];
const { env, steps, environment } = parse(workflow).jobs.deploy as {
  readonly env: Readonly<Record<string, string>>;
  readonly environment: string;
  readonly steps: readonly Step[];
};
const [, trusted = ""] =
  /^```json\n(\{\n {2}"Effect": "Allow",\n {2}"Principal"[\s\S]*?)^```/m.exec(PAGE) ?? [];

/** The role that the workflow takes, which is the machine's identity. */
export const PIPELINE_ROLE =
  steps.find(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials"))?.with?.[
    "role-to-assume"
  ] ?? "";

/** The job of GitHub's that the trust policy of the page names. */
const JOB = { repository: "example/payments", environment, audience: "sts.amazonaws.com" };

/** Makes what the page has an operator make: the provider, and the role that trusts the workflow. */
export async function makePipelineRole(sandbox: SandboxProcess): Promise<void> {
  const iam = new IAMClient({
    ...{ endpoint: sandbox.awsUrl, region: "us-west-2", maxAttempts: 1 },
    credentials: profileKeys(sandbox, "admin"),
  });
  const document = (statement: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: "https://token.actions.githubusercontent.com",
      ClientIDList: ["sts.amazonaws.com"],
    }),
  );
  await iam.send(
    new CreateRoleCommand({
      ...{ RoleName: "deploy-bot", Path: "/pipelines/" },
      AssumeRolePolicyDocument: document(JSON.parse(trusted)),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      ...{ RoleName: "deploy-bot", PolicyName: "Deploy" },
      PolicyDocument: document({
        Effect: "Allow",
        Action: ["execute-api:Invoke", "eks:DescribeCluster"],
        Resource: "*",
      }),
    }),
  );
}

/** The token that GitHub gives to a job. */
export async function jobToken({ outsideUrl }: SandboxProcess, job: object): Promise<string> {
  const body = JSON.stringify({ ...JOB, ...job });
  const answer = await fetch(`${outsideUrl}/_sandbox/id-tokens`, { method: "POST", body });
  return ((await answer.json()) as { readonly value: string }).value;
}

/** The environment of a job that has a token: nothing of it is a key. */
function signedIn(sandbox: SandboxProcess, folder: string, token: string, sessionName: string) {
  const file = path.join(folder, "token");
  writeFileSync(file, token);
  return {
    ...{ HOME: folder, PATH: `${commandFolder()}:${process.env["PATH"]}` },
    ...{ TIMELATCH_API: sandbox.apiUrl, AWS_ENDPOINT_URL: sandbox.awsUrl },
    ...{ AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: PIPELINE_ROLE },
    ...{ AWS_ROLE_SESSION_NAME: sessionName, AWS_REGION: "us-west-2" },
    ...{ AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" },
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

export interface Life {
  readonly run: string;
  /** The script deploy.sh. */
  readonly deploy: string;
  /** How long the workflow waits, in place of its own limit. */
  readonly limit?: string;
  /** The token of its job, where it is not the right one. */
  readonly token?: string;
  readonly sessionName?: string;
}

export interface Played {
  /** The exit status of each step that ran, by its name. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The words of all steps on standard error. */
  readonly words: string;
  readonly hasDeployed: boolean;
}

/** The variables of the job, as GitHub works them out; the API is the sandbox's. */
function variables(run: string): Readonly<Record<string, string>> {
  const context = { "github.run_id": run, "github.run_attempt": "1" };
  const { TIMELATCH_API: _, ...others } = env;
  return Object.fromEntries(
    Object.entries(others).map(([name, value]) => [
      name,
      value.replace(
        /\$\{\{ (\S+) \}\}/g,
        (text, key: keyof typeof context) => context[key] ?? text,
      ),
    ]),
  );
}

/** Runs a script as GitHub does. @returns its exit status and its words on standard error */
const runStep = (script: string, cwd: string, inherited: NodeJS.ProcessEnv) =>
  new Promise<readonly [number, string]>((resolve) => {
    let words = "";
    const args = ["-e", "-o", "pipefail", "-c", script];
    const child = execFile("bash", args, { cwd, env: inherited });
    child.stderr?.on("data", (text) => {
      words += text;
    });
    child.once("close", (code) => resolve([code ?? -1, words]));
  });

/** Plays the steps of the workflow in a folder of its own. */
export async function play(sandbox: SandboxProcess, life: Life): Promise<Played> {
  const { run, deploy, limit = "2m", sessionName = "GitHubActions" } = life;
  const folder = mkdtempSync(path.join(tmpdir(), "pipeline-"));
  writeFileSync(path.join(folder, "deploy.sh"), `#!/bin/sh -e\n${deploy}\ntouch deployed\n`, {
    mode: 0o755,
  });
  const token = life.token ?? (await jobToken(sandbox, {}));
  const known = {
    ...signedIn(sandbox, folder, token, sessionName),
    ...{ ...variables(run), GITHUB_SHA: run, RUNNER_TEMP: folder },
  };
  const statuses: Record<string, number> = {};
  let words = "";
  for (const step of steps) {
    const isRun = step.if === "always()" || Object.values(statuses).every((one) => one === 0);
    if (step.run === undefined || !isRun) continue;
    const [status, said] = await runStep(step.run.replace("20m", limit), folder, known);
    statuses[step.name ?? ""] = status;
    words += said;
  }
  return { statuses, words, hasDeployed: existsSync(path.join(folder, "deployed")) };
}
