import type { App } from "aws-cdk-lib";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { clearOutputFolder } from "./output-folder.ts";
import { templateFaults } from "./template-faults.ts";
import { warningsOf } from "./warnings.ts";

/** Makes what CloudFormation's schemas refuse an error. https://docs.aws.amazon.com/cdk/v2/guide/featureflags.html */
export const STRICT = { "@aws-cdk/core:validateAgainstDefaultRules": true } as const;

/**
 * Writes the stacks of an app, unless AWS would refuse one of them: then nothing of them is left.
 *
 * @returns what constructs warn of
 * @throws Error with each finding of CloudFormation's schemas and of cdk-nag that nobody explained, or
 *   with each limit that a template passes, and the numbers
 */
export function assemble(app: App, outdir: string): readonly string[] {
  const assembly = synthesized(app, outdir);
  const faults = assembly.stacks.flatMap(({ stackName, template }) =>
    templateFaults(template).map((fault) => `${stackName}: ${fault}`),
  );
  if (faults.length === 0) return warningsOf(assembly);
  clearOutputFolder(outdir);
  throw new Error(
    `AWS would refuse the stacks. Nothing was synthesized. ${faults.join(" ")} Name fewer clusters or people in access.yaml, or give people roles of their own.`,
  );
}

/** A finding is thrown once everything is written. */
function synthesized(app: App, outdir: string): CloudAssembly {
  try {
    return app.synth();
  } catch (error) {
    clearOutputFolder(outdir);
    throw error;
  }
}
