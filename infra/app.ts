/**
 * `npm run synth`: writes the CloudFormation template and the bundles. It needs no network, no AWS
 * credentials and no CDK command.
 */
import path from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { runScript } from "../tools/command-line.ts";
import { clusterAccounts, grantorAccount } from "./permissions/grantor-account.ts";
import { BrokerStack } from "./stacks/broker-stack.ts";
import { compileAccessFile, readAccessFile } from "./synth/access-file.ts";
import { clearOutputFolder } from "./synth/output-folder.ts";
import { inRepository } from "./synth/repository.ts";
import { variantOf } from "./synth/variants.ts";

const HELP = `npm run synth

Writes the CloudFormation template and the bundles into cdk.out, and prints cdk-nag's findings.

  --help                       print this

Environment:
  TIMELATCH_ACCESS             the access policy's file (default: access.yaml)
  TIMELATCH_SETTINGS           production or sandbox (default: production)
  TIMELATCH_READ_LAG_SECONDS   sandbox settings: how far reads of EKS may be behind
  CDK_OUTDIR                   where to write (default: cdk.out)
`;

/** @returns one line that says what was written */
function synthesize(env: NodeJS.ProcessEnv): string {
  const variant = variantOf(env);
  const outdir = path.resolve(env["CDK_OUTDIR"] || inRepository("cdk.out"));
  const app = new App({ outdir, analyticsReporting: false });
  const named = env["TIMELATCH_ACCESS"] || app.node.tryGetContext("access");
  const access = readAccessFile(named ? path.resolve(named) : inRepository("access.yaml"));
  clearOutputFolder(outdir);
  const stack = new BrokerStack(app, "Timelatch", {
    description: "Timelatch: just-in-time access to Amazon EKS clusters",
    access,
    accessFile: compileAccessFile(access, outdir),
    settings: variant.settings,
    ...(variant.env ? { env: variant.env } : {}),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
  const unreached = clusterAccounts(access).filter(
    (account) => account !== grantorAccount(access, stack.account),
  );
  if (unreached.length > 0)
    process.stderr.write(
      `Clusters in account ${unreached.join(", ")}: this stack makes grantor roles in its own account alone. Make timelatch-grantor there, or take these clusters out of the policy; until then nothing can be lent there.\n`,
    );
  return `Synthesized ${stack.stackName} (${variant.name} settings, ${access.rules.length} rules for ${Object.keys(access.clusters).length} clusters) into ${path.relative(process.cwd(), outdir) || "."}`;
}

await runScript({ script: "synth", help: HELP, options: {} }, () => {
  process.stdout.write(`${synthesize(process.env)}\n`);
  return 0;
});
