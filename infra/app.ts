/**
 * `npm run synth`: writes the CloudFormation template and the bundles. It needs no network, no AWS
 * credentials and no CDK command.
 */
import path from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { deploymentOf } from "../shared/domain/values/deployment.ts";
import { accountFaults } from "../shared/policy-file/account-faults.ts";
import { sharedPrincipalWarnings } from "../shared/policy-file/shared-principals.ts";
import { runScript } from "../tools/command-line.ts";
import { demandThatGrantorsFit } from "./permissions/grantor-policies.ts";
import { BrokerStack } from "./stacks/broker-stack.ts";
import { compileAccessFile, locateAccessFile } from "./synth/access-file.ts";
import { assemble, STRICT } from "./synth/assemble.ts";
import { addClusterAccounts } from "./synth/cluster-accounts.ts";
import { stackNameOf } from "./synth/deployment-names.ts";
import { clearOutputFolder } from "./synth/output-folder.ts";
import { addPeopleStacks, peopleWithRoles, roleQuotaWarnings } from "./synth/people.ts";
import {
  assignStacks,
  readStackRecord,
  stackRecordFile,
  writeStackRecord,
} from "./synth/people-stacks.ts";
import { inRepository } from "./synth/repository.ts";
import { topologyOf } from "./synth/topology.ts";
import { variantOf } from "./synth/variants.ts";

const HELP = `npm run synth

Writes the CloudFormation template and the bundles into cdk.out, and prints cdk-nag's findings.

  --help                         print this

Environment:
  TIMELATCH_ACCESS               the access policy's file (default: access.yaml)
  TIMELATCH_SETTINGS             production or sandbox (default: production)
  TIMELATCH_READ_LAG_SECONDS     sandbox settings: how far reads of EKS may be behind
  CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION
                                 where the stack is for (default: any account and region)
  CDK_OUTDIR                     where to write (default: cdk.out)
`;

/** A number with its noun: "1 rule", "2 rules". */
const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

/** @returns one line that says what was written */
function synthesize(env: NodeJS.ProcessEnv): string {
  const variant = variantOf(env);
  const outdir = path.resolve(env["CDK_OUTDIR"] || inRepository("cdk.out"));
  const app = new App({
    ...{ outdir, analyticsReporting: false },
    // With CDK_OUTDIR set, the CDK would write half a stack after a failure.
    autoSynth: false,
    postCliContext: STRICT,
  });
  const named = env["TIMELATCH_ACCESS"] || app.node.tryGetContext("access");
  const file = named ? path.resolve(named) : inRepository("access.yaml");
  const { policy: access, refuse } = locateAccessFile(file);
  for (const warning of sharedPrincipalWarnings(access))
    process.stderr.write(`Warning: ${warning}\n`);
  const topology = topologyOf(access, variant.env?.account);
  if (variant.env) refuse(accountFaults(access, variant.env.account));
  for (const warning of roleQuotaWarnings(access)) process.stderr.write(`Warning: ${warning}\n`);
  const recorded = readStackRecord(stackRecordFile(file));
  const record = assignStacks(recorded, peopleWithRoles(access));
  demandThatGrantorsFit(access);
  clearOutputFolder(outdir);
  const stack = new BrokerStack(app, stackNameOf(deploymentOf(access), "Timelatch"), {
    description: "Timelatch: just-in-time access to Amazon EKS clusters",
    access,
    accessFile: compileAccessFile(access, outdir),
    settings: variant.settings,
    grantorAccount: topology.own,
    ...(variant.env ? { env: variant.env } : {}),
  });
  addClusterAccounts(app, stack, access, topology);
  addPeopleStacks(app, stack, access, record, variant.env);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  for (const warning of assemble(app, outdir)) process.stderr.write(`Warning: ${warning}\n`);
  if (variant.name === "production" && writeStackRecord(stackRecordFile(file), recorded, record))
    process.stderr.write(
      `Wrote who is in which stack into ${path.relative(process.cwd(), stackRecordFile(file))}. Commit it with the policy.\n`,
    );
  const rules = `${counted(access.rules.length, "rule")} for ${counted(Object.keys(access.clusters).length, "cluster")}`;
  const roles = counted(Object.keys(record).length, "personal role");
  return `Synthesized ${stack.stackName} (${variant.name} settings, ${rules}) and ${roles} into ${path.relative(process.cwd(), outdir) || "."}`;
}

await runScript({ script: "synth", help: HELP, options: {} }, () => {
  process.stdout.write(`${synthesize(process.env)}\n`);
  return 0;
});
