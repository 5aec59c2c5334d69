/** The policies of CloudFormation's role as templates, which each account deploys before its bootstrap. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { DEFAULT_DEPLOYMENT } from "../../../shared/domain/values/deployment.ts";
import { Failure } from "../../failures/failure.ts";
import { fileErrorWords } from "../../failures/file-error.ts";
import type { AssemblyStack } from "../assembly.ts";
import { bootstrapCommand } from "../bootstrap-command.ts";
import { executionStatements, packedPolicies } from "./execution-policies.ts";
import { arnIn } from "./named-resource.ts";

export interface ExecutionFile {
  /** Twelve digits. */
  readonly account: string;
  /** With the folder. */
  readonly file: string;
  readonly text: string;
  /** ARNs of the policies that it makes. */
  readonly policies: readonly string[];
  /** Command lines, in their order, for whoever has credentials of the account. */
  readonly commands: readonly string[];
}

/**
 * One file for each account, with the rights that all its stacks need.
 *
 * @param deployer the account that deploys, which the others have to trust
 * @throws Failure `faulty` for a type of which nothing is known
 */
export const executionFiles = (
  stacks: readonly AssemblyStack[],
  { folder, deployment, deployer }: Asked,
): readonly ExecutionFile[] =>
  [...Map.groupBy(stacks, ({ account }) => account)].flatMap(([account, own]) => {
    const [stack] = own;
    if (!stack) return [];
    const documents = packedPolicies(executionStatements(own));
    const nameAt = (at: number) => `${deployment}-execution-${at + 1}`;
    const policies = documents.map((_, at) =>
      arnIn({ stack }, "iam", `policy/${nameAt(at)}`, { region: "" }),
    );
    const file = path.join(folder, `${account}.template.json`);
    const trusted = account === deployer ? undefined : deployer;
    return [
      {
        account,
        file,
        policies,
        text: `${JSON.stringify(templateOf(documents, nameAt), null, 2)}\n`,
        commands: [
          `aws cloudformation deploy --stack-name ${stackNameOf(deployment)} --region ${stack.region} --template-file ${file} --capabilities CAPABILITY_NAMED_IAM`,
          ...bootstrapLines(own, trusted, policies),
        ],
      },
    ];
  });

interface Asked {
  readonly folder: string;
  readonly deployment: string;
  readonly deployer: string;
}

const stackNameOf = (deployment: string): string =>
  deployment === DEFAULT_DEPLOYMENT ? "TimelatchExecution" : `TimelatchExecution-${deployment}`;

const templateOf = (
  documents: readonly object[],
  nameAt: (at: number) => string,
): Readonly<Record<string, unknown>> => ({
  Description: "What CloudFormation may do for Timelatch, as the role with which the CDK deploys",
  Resources: Object.fromEntries(
    documents.map((PolicyDocument, at) => [
      `Policy${at + 1}`,
      {
        Type: "AWS::IAM::ManagedPolicy",
        Properties: { ManagedPolicyName: nameAt(at), PolicyDocument },
      },
    ]),
  ),
});

/** One for each region of the account's stacks. */
const bootstrapLines = (
  stacks: readonly AssemblyStack[],
  trusted: string | undefined,
  policies: readonly string[],
): readonly string[] =>
  [...new Map(stacks.map((stack) => [stack.region, stack])).values()].map((stack) =>
    bootstrapCommand(stack, trusted, { ...stack, policies }),
  );

/** Writes them, over those of an earlier time. @throws Failure `unwritten` */
export async function writeExecutionFiles(files: readonly ExecutionFile[]): Promise<void> {
  for (const { file, text } of files)
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    } catch (error) {
      throw new Failure(
        "unwritten",
        "execution-unwritten",
        {
          what: `Cannot write ${file}: ${fileErrorWords(error)}.`,
          notDone: "Nothing was changed in AWS.",
          next: ["Next: name a folder that you may write to."],
        },
        { cause: error },
      );
    }
}
