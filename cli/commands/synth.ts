import path from "node:path";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { answer, type Context, remark } from "../context.ts";
import type { AssemblyStack } from "../deployment/assembly.ts";
import {
  type ExecutionFile,
  executionFiles,
  writeExecutionFiles,
} from "../deployment/execution/execution-files.ts";
import { type RunNode, runNode } from "../deployment/run-node.ts";
import { largeTemplates, stackDocument, stacksText } from "../deployment/stacks-text.ts";
import { ASSEMBLY, synthesize } from "../deployment/synthesize.ts";
import { openWorkingFolder, type WorkingFolder } from "../deployment/working-folder.ts";
import { readPolicy } from "../policy/read-policy.ts";

export interface SynthOptions {
  /** A folder for the policies of CloudFormation's role. */
  readonly executionPolicies?: string;
}

/**
 * `timelatch synth`: makes the stacks of a working directory, and says what they are. It needs no network and no
 * credentials. It can also write the policies that CloudFormation needs for them.
 *
 * @throws Failure `usage` where it is no such directory; `faulty` where the stacks cannot be synthesized; `unwritten`
 */
export async function synth(
  context: Context,
  folder: string,
  { executionPolicies }: SynthOptions = {},
  run: RunNode = runNode,
): Promise<void> {
  const working = await openWorkingFolder(folder);
  const { stacks, remarks } = await synthesize(context, working, run);
  const { out, err } = context.screen;
  const written =
    executionPolicies === undefined
      ? undefined
      : await executionPoliciesOf(working, stacks, executionPolicies);
  if (remarks !== "") remark(context, `${remarks}\n`);
  remark(context, largeTemplates(stacks, err.columns));
  const policies = written?.map(({ text: _text, ...file }) => file);
  const document = { folder, assembly: ASSEMBLY, stacks: stacks.map(stackDocument) };
  answer(context, { ...document, ...(policies ? { executionPolicies: policies } : {}) }, () =>
    stacksText(stacks, out),
  );
  remark(context, `Wrote ${visible(path.join(folder, ASSEMBLY))}. Next: timelatch deploy\n`);
  for (const { account, file, commands } of written ?? [])
    remark(
      context,
      `Wrote ${visible(file)}. Before the first deployment, with credentials of account ${account}:\n${commands.map((line) => `  ${visible(line)}\n`).join("")}`,
    );
}

/** Writes what CloudFormation needs in each account. @throws Failure as `executionFiles` and `writeExecutionFiles` do */
async function executionPoliciesOf(
  { folder: root, config }: WorkingFolder,
  stacks: readonly AssemblyStack[],
  folder: string,
): Promise<readonly ExecutionFile[]> {
  const policy = await readPolicy(path.join(root, config.access));
  const asked = { folder, deployment: deploymentOf(policy), deployer: config.account };
  const files = executionFiles(stacks, asked);
  await writeExecutionFiles(files);
  return files;
}
