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
import { policyFiles } from "../deployment/terraform/policy-files.ts";
import { openWorkingFolder, type WorkingFolder } from "../deployment/working-folder.ts";
import { readPolicy } from "../policy/read-policy.ts";

export interface SynthOptions {
  /** Also writes what the Terraform module deploys. */
  readonly terraform?: true;
  /** The folder for that. */
  readonly out?: string;
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
  options: SynthOptions = {},
  run: RunNode = runNode,
): Promise<void> {
  const { executionPolicies } = options;
  const working = await openWorkingFolder(folder);
  const files = options.terraform ? await policyFiles(working) : [];
  const { stacks, remarks } = await synthesize(context, working, run);
  const { out, err } = context.screen;
  const terraform = options.terraform
    ? await terraformOf(working, stacks, files, options.out)
    : undefined;
  const written =
    executionPolicies === undefined
      ? undefined
      : await executionPoliciesOf(working, stacks, executionPolicies);
  if (remarks !== "") remark(context, `${remarks}\n`);
  remark(context, largeTemplates(stacks, err.columns));
  const policies = written?.map(({ text: _text, ...file }) => file);
  const document = { folder, assembly: ASSEMBLY, stacks: stacks.map(stackDocument) };
  const more = { ...(policies ? { executionPolicies: policies } : {}), ...(terraform ?? {}) };
  answer(context, { ...document, ...more }, () => stacksText(stacks, out));
  remark(context, writtenText(path.join(folder, ASSEMBLY), terraform?.terraform.folder));
  for (const { account, file, commands } of written ?? [])
    remark(
      context,
      `Wrote ${visible(file)}. Before the first deployment, with credentials of account ${account}:\n${commands.map((line) => `  ${visible(line)}\n`).join("")}`,
    );
}

const writtenText = (assembly: string, terraform: string | undefined): string =>
  terraform === undefined
    ? `Wrote ${visible(assembly)}. Next: timelatch deploy\n`
    : `Wrote ${visible(terraform)} for the Terraform module. Next: terraform plan, or tofu plan\n`;

/** Writes what the Terraform module deploys. @throws Failure as `writeTerraform` does */
async function terraformOf(
  { folder, config }: WorkingFolder,
  stacks: readonly AssemblyStack[],
  policy: Awaited<ReturnType<typeof policyFiles>>,
  given: string | undefined,
) {
  const assembly = path.join(folder, ASSEMBLY);
  // Version control ignores it there, so that nobody commits the code of functions.
  const out = given ?? path.join(assembly, "terraform");
  const { writeTerraform } = await import("../deployment/terraform/write-terraform.ts");
  const deployment = deploymentOf(await readPolicy(path.join(folder, config.access)));
  const manifest = await writeTerraform({ out, assembly, stacks, deployment, policy });
  return { terraform: { folder: out, manifest } };
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
