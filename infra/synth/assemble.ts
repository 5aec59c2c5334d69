import { statSync } from "node:fs";
import type { App } from "aws-cdk-lib";
import type { CloudAssembly, CloudFormationStackArtifact } from "aws-cdk-lib/cx-api";
import { clearOutputFolder } from "./output-folder.ts";

/**
 * Writes the stacks of an app, unless a check of theirs finds something: then nothing of them is left.
 *
 * @returns what constructs warn of, and which templates are too large for some ways to deploy them
 * @throws Error with each finding
 */
export function assemble(app: App, outdir: string): readonly string[] {
  try {
    return warningsOf(app.synth());
  } catch (error) {
    // A finding is thrown once everything is written.
    clearOutputFolder(outdir);
    throw error;
  }
}

/**
 * Bytes of a template that a call of CloudFormation may carry; a larger one has to be in S3.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const INLINE_TEMPLATE = 51_200;

/**
 * Warnings of constructs, which the CDK's own command prints and synthesis by itself does not. They
 * also name the templates that CloudFormation takes only from S3, among those that do without the
 * CDK command.
 */
export const warningsOf = ({ stacks }: CloudAssembly): readonly string[] =>
  stacks.flatMap((stack) => [
    ...stack.messages
      .filter(({ level }) => level === "warning")
      .map(({ entry }) => String(entry.data)),
    ...largeTemplate(stack),
  ]);

function largeTemplate({
  stackName,
  templateFullPath,
  template,
}: CloudFormationStackArtifact): readonly string[] {
  const { size } = statSync(templateFullPath);
  if (size <= INLINE_TEMPLATE || hasCode(template)) return [];
  return [
    `The template of ${stackName} has ${size} bytes. CloudFormation takes more than ${INLINE_TEMPLATE} from S3 alone: cdk deploy puts it there, and aws cloudformation deploy with --s3-bucket.`,
  ];
}

/** Only the broker's stack has functions, and only the CDK command brings their code. */
const hasCode = ({ Resources = {} }: { readonly Resources?: Record<string, { Type: string }> }) =>
  Object.values(Resources).some(({ Type }) => Type === "AWS::Lambda::Function");
