import type { App } from "aws-cdk-lib";
import { clearOutputFolder } from "./output-folder.ts";
import { warningsOf } from "./warnings.ts";

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
