/** CloudFormation's schemas, held against templates that were not found sound before. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import path from "node:path";
import {
  CloudFormationValidatePlugin,
  type IPolicyValidationContext,
  type PolicyValidationPluginReport,
} from "aws-cdk-lib";

type StackTemplate = IPolicyValidationContext["stackTemplates"][number];

/**
 * The engine takes two seconds to load and one to judge, and most syntheses have the templates of the one before. So it
 * notes which templates are sound, in `~/.cache/timelatch`. Where nothing can be written there, it judges again.
 */
export class SchemaChecks extends CloudFormationValidatePlugin {
  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const stackTemplates = context.stackTemplates.filter((one) => !existsSync(noteOf(one)));
    if (stackTemplates.length === 0) return { success: true, violations: [] };
    const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
    const report = super.validate({ ...context, stackTemplates, templatePaths });
    if (report.success && report.violations.length === 0) stackTemplates.forEach(note);
    return report;
  }
}

/** A file whose name says the template, where it is for, and the release whose schemas it fits. */
function noteOf({ templatePath, accountId, region }: StackTemplate): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([schemasVersion(), accountId, region]))
    .update(readFileSync(templatePath));
  return path.join(homedir(), ".cache", "timelatch", "sound-templates", hash.digest("hex"));
}

/** The release of the CDK, which brings the schemas. */
const schemasVersion = (): string =>
  (createRequire(import.meta.url)("aws-cdk-lib/package.json") as { version: string }).version;

function note(template: StackTemplate): void {
  const file = noteOf(template);
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, "");
  } catch {
    // The next synthesis judges it again.
  }
}
