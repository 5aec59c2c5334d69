/** The CDK command of a working directory, which its package.json pins. */
import type { Context } from "../context.ts";
import type { Ended, RunNode } from "./run-node.ts";
import { ASSEMBLY } from "./synthesize.ts";
import type { WorkingFolder } from "./working-folder.ts";

const SCRIPT = "node_modules/aws-cdk/bin/cdk";

/** It deploys what was synthesized and shown, and never asks: whoever runs it was asked before. */
const ARGUMENTS = {
  deploy: ["deploy", "--all", "--require-approval", "never", "--progress", "events"],
  destroy: ["destroy", "--all", "--force"],
} as const;

/** Runs it for every stack of the assembly. Its output goes to standard error, as it comes. */
export const cdkCommand = (
  { env, screen }: Pick<Context, "env" | "screen">,
  { folder }: WorkingFolder,
  run: RunNode,
  verb: keyof typeof ARGUMENTS,
): Promise<Ended> =>
  run({
    folder,
    script: SCRIPT,
    args: [...ARGUMENTS[verb], "--app", ASSEMBLY, "--no-notices", "--no-version-reporting"],
    env: { ...env, CDK_DISABLE_CLI_TELEMETRY: "true" },
    hear: (text) => screen.err.write(text),
  });
