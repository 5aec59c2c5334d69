/** The workflow of the module's README, whose named steps are run as GitHub runs them. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect } from "vitest";
import { parse } from "yaml";
import { MODULE } from "../terraform/root-module.ts";
import { commandFolder } from "./bundled-command.ts";
import { clientSettings } from "./function-session.ts";
import { profileKeys, type SandboxProcess } from "./sandbox-process.ts";

interface Job {
  readonly steps: readonly {
    readonly name?: string;
    readonly run?: string;
    readonly env?: Readonly<Record<string, string>>;
  }[];
}

const [, TEXT = ""] =
  /```yaml\n([\s\S]*?)```/.exec(readFileSync(path.join(MODULE, "README.md"), "utf8")) ?? [];
const JOBS = parse(TEXT).jobs as Readonly<Record<"plan" | "apply", Job>>;

/** `gh pr comment NUMBER --body-file FILE` keeps the file. */
const GH = `#!/bin/sh
[ "$1 $2 $3 $4" = "pr comment 7 --body-file" ] && cp "$5" "$HOME/comment.md"
`;
const CONTEXT: Readonly<Record<string, string>> = {
  "github.token": "no-token",
  "github.event.pull_request.number": "7",
};
const HUB_MAY = {
  ...{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" } },
  Action: "sts:AssumeRole",
};
const ALL = { Effect: "Allow", Action: "*", Resource: "*" };
const policyOf = (Statement: object) => JSON.stringify({ Version: "2012-10-17", Statement });

/** The role by which the example's provider deploys into the other account. */
async function makeTerraformRole(sandbox: SandboxProcess): Promise<void> {
  const credentials = profileKeys(sandbox, "spoke-admin");
  const iam = new IAMClient({ ...clientSettings(sandbox), credentials });
  const RoleName = "terraform";
  const AssumeRolePolicyDocument = policyOf(HUB_MAY);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = policyOf(ALL);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "all", PolicyDocument }));
}

/** Takes the folder as what main has, so that a pull request can change it. @param terraform the folder of `tofu` */
export async function terraformWorkflow(
  sandbox: SandboxProcess,
  folder: string,
  terraform: string,
) {
  await makeTerraformRole(sandbox);
  const home = mkdtempSync(path.join(tmpdir(), "runner-"));
  for (const name of ["bin", "temp"]) mkdirSync(path.join(home, name));
  writeFileSync(path.join(home, "bin/gh"), GH, { mode: 0o755 });
  const keys = profileKeys(sandbox, "admin");
  const env = {
    ...{ HOME: home, RUNNER_TEMP: path.join(home, "temp"), GITHUB_BASE_REF: "main" },
    PATH: `${home}/bin:${terraform}:${commandFolder()}:${process.env["PATH"]}`,
    // As actions/configure-aws-credentials sets them, beside the sandbox's address.
    ...{ AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey },
    ...{ AWS_SESSION_TOKEN: keys.sessionToken, AWS_REGION: "us-west-2" },
    ...{ AWS_DEFAULT_REGION: "us-west-2", AWS_ENDPOINT_URL: sandbox.awsUrl },
  };
  const run = async (script: string, more: Readonly<Record<string, string>> = {}) => {
    const args = ["-e", "-o", "pipefail", "-c", script];
    const ran = promisify(execFile)("bash", args, { cwd: folder, env: { ...env, ...more } });
    return await ran.catch((error: Error & { readonly stdout: string; readonly stderr: string }) =>
      expect.fail(`${script}\n${error.stdout}${error.stderr}`),
    );
  };
  const as = "git -c user.name=t -c user.email=t@example.com";
  await run(
    `git init -q -b main && git add . && ${as} commit -qm all && git update-ref refs/remotes/origin/main HEAD`,
  );
  return {
    /** Runs the named steps of a job; the others prepare the machine. @returns what each printed */
    async play(job: "plan" | "apply"): Promise<Readonly<Record<string, string>>> {
      const printed: Record<string, string> = {};
      for (const { name, run: script, env: more = {} } of JOBS[job].steps) {
        if (name === undefined || script === undefined) continue;
        const values = Object.entries(more).map(([key, value]) => [
          key,
          value.replace(/\$\{\{ (\S+) \}\}/g, (text, what: string) => CONTEXT[what] ?? text),
        ]);
        printed[name] = (await run(script, Object.fromEntries(values))).stdout;
      }
      return printed;
    },
    /** The comment on the pull request. */
    comment: () => readFileSync(path.join(home, "comment.md"), "utf8"),
  };
}
