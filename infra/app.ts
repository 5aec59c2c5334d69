/**
 * `npm run synth`: writes the CloudFormation template and the bundles. It needs no network, no AWS
 * credentials and no CDK command.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { App } from "aws-cdk-lib";
import { MADE_BUNDLES } from "./constructs/function-code.ts";
import { addTimelatch, checkPolicy } from "./synth/add-timelatch.ts";
import { assemble } from "./synth/assemble.ts";
import { clearOutputFolder } from "./synth/output-folder.ts";
import { inRepository } from "./synth/repository.ts";
import { variantOf } from "./synth/variants.ts";

const HELP = `npm run synth

Writes the CloudFormation template and the bundles into cdk.out, and prints cdk-nag's findings.

  --help                         print this

Environment:
  TIMELATCH_ACCESS               the access policy's file (default: access.yaml)
  TIMELATCH_SETTINGS             production or sandbox (default: production)
  TIMELATCH_READ_LAG_SECONDS     sandbox settings: how far reads of EKS may be behind
  TIMELATCH_ALARM_TOPICS         ARNs of SNS topics for all alarms, separated by commas (default: none)
  TIMELATCH_LAMBDA_CONCURRENCY   the account's unreserved Lambda concurrency; from 110 on, what ends
                                 access reserves its own (default: 10)
  TIMELATCH_TABLES               restored tables in place of the stack's own, such as ledger=NAME,requests=NAME
  TIMELATCH_DASHBOARD            on or off: a CloudWatch dashboard (default: off)
  CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION
                                 where the stack is for (default: any account and region)
  CDK_OUTDIR                     where to write (default: cdk.out)
  TIMELATCH_BUNDLES              bundles that 'infra/synth/bundle-functions.ts FOLDER' made from the same
                                 sources (default: made now)
`;

/** A number with its noun: "1 rule", "2 rules". */
const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

/** @returns one line that says what was written */
function synthesize(env: NodeJS.ProcessEnv): string {
  const variant = variantOf(env);
  const outdir = path.resolve(env["CDK_OUTDIR"] || inRepository("cdk.out"));
  const app = new App({
    outdir,
    analyticsReporting: false,
    // With CDK_OUTDIR set, the CDK would write half a stack after a failure.
    autoSynth: false,
    // The stacks have a check of their own, which also finds these faults.
    builtinCloudFormationValidation: false,
    context: { [MADE_BUNDLES]: env["TIMELATCH_BUNDLES"] },
  });
  const named = env["TIMELATCH_ACCESS"] || app.node.tryGetContext("access");
  const file = named ? path.resolve(named) : inRepository("access.yaml");
  const checked = checkPolicy(file, variant, (warning) =>
    process.stderr.write(`Warning: ${warning}\n`),
  );
  clearOutputFolder(outdir);
  const stack = addTimelatch(app, checked, variant, outdir);
  for (const warning of assemble(app, outdir)) process.stderr.write(`Warning: ${warning}\n`);
  const kept = variant.name === "production" ? checked.keepRecord() : undefined;
  if (kept !== undefined)
    process.stderr.write(
      `Wrote what the assembly has into ${path.relative(process.cwd(), kept)}. Commit it with the policy.\n`,
    );
  const { access, record } = checked;
  const rules = `${counted(access.rules.length, "rule")} for ${counted(Object.keys(access.clusters).length, "cluster")}`;
  const roles = counted(Object.keys(record).length, "personal role");
  return `Synthesized ${stack.stackName} (${variant.name} settings, ${rules}) and ${roles} into ${path.relative(process.cwd(), outdir) || "."}`;
}

/** The command line takes only `--help`. @returns undefined, having said why, for anything else */
function parseOptions(): { readonly help?: boolean } | undefined {
  try {
    return parseArgs({ options: { help: { type: "boolean", short: "h" } } }).values;
  } catch (error) {
    // Node.js adds advice on how to pass such an argument on, which this script does not take.
    const [sentence = ""] = (error as Error).message.split(/\. |\n/);
    const why = sentence.replace(/\.$/, "");
    process.stderr.write(`${why}. Nothing was run. Usage: npm run synth -- --help\n`);
    return undefined;
  }
}

/** @returns the exit code */
function run(): number {
  const options = parseOptions();
  if (options === undefined) return 2;
  try {
    process.stdout.write(options.help ? HELP : `${synthesize(process.env)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

process.exitCode = run();
