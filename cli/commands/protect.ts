import { existsSync } from "node:fs";
import path from "node:path";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { accountIdentities, accountProfiles } from "../aws/account-identities.ts";
import { answer, type Context } from "../context.ts";
import { type AssemblyStack, readAssembly } from "../deployment/assembly.ts";
import { type DeployedStacks, deployedStacksOf } from "../deployment/deployed-stacks.ts";
import { asAdminOrAuditor } from "../deployment/lent-on.ts";
import { entriesReaderOf, type ReadEntries } from "../deployment/managed-entries.ts";
import { demandDrained, demandNoEntries } from "../deployment/nothing-lent.ts";
import { type RunNode, runNode } from "../deployment/run-node.ts";
import { ASSEMBLY, synthesize } from "../deployment/synthesize.ts";
import { openWorkingFolder, type WorkingFolder } from "../deployment/working-folder.ts";
import { Failure } from "../failures/failure.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { type ConfirmOptions, checkConfirmable, confirm } from "../prompts/confirm.ts";

export interface ProtectOptions extends ConfirmOptions {
  /** Takes the protection off, once nothing is lent. */
  readonly off?: true;
  /** `<account>=<profile>` */
  readonly account?: readonly string[];
  /** A profile with which the API is asked. */
  readonly adminProfile?: string;
  /** The API is not asked. */
  readonly withoutApi?: true;
}

/** The parts that the command works with beside its context; a test has others. */
export interface ProtectingWith {
  readonly run: RunNode;
  readonly stacks: DeployedStacks;
  readonly entries: ReadEntries;
}

/** A stack with what became of it. */
interface Outcome {
  readonly stack: AssemblyStack;
  readonly outcome: "protected" | "unprotected" | "missing";
  readonly isChanged: boolean;
}

/**
 * `timelatch protect`: has CloudFormation refuse to delete the stacks of a deployment. Terraform has no argument for it. With
 * `--off` it takes that away again, as `timelatch destroy` does, and under the same conditions.
 *
 * @throws Failure `usage`; `faulty`; `refused`; `undeployed` where a stack is not there; with `off`, `conflict` where
 *   something is lent or could be, and those of the API; `interrupted`
 */
export async function protect(
  context: Context,
  folder: string,
  options: ProtectOptions,
  given?: ProtectingWith,
): Promise<void> {
  const on = !options.off;
  if (!on) checkConfirmable(context, options);
  const profiles = accountProfiles(options.account);
  const working = await openWorkingFolder(folder);
  const policy = await readPolicy(path.join(folder, working.config.access));
  const stacks = await assembled(context, working, given?.run ?? runNode);
  const tools = given ?? (await fromAws());
  if (!on) {
    const clusters = Object.entries(policy.clusters).map(([name, { arn }]) => ({ name, arn }));
    await demandNothingLent(context, options, stacks, tools, clusters);
    await confirm(context, options, "Let every stack of the deployment be deleted?");
  }
  const outcomes: Outcome[] = [];
  for (const stack of stacks) outcomes.push(await switched(tools.stacks, stack, on));
  report(context, outcomes);

  async function fromAws(): Promise<ProtectingWith> {
    const identityOf = await accountIdentities(working.config.region, context.env, profiles);
    const entries = entriesReaderOf(identityOf, stacks, deploymentOf(policy));
    return { run: runNode, stacks: deployedStacksOf(identityOf), entries };
  }
}

/** The stacks of the last synthesis, which are those that were deployed; where there was no synthesis, of a new one. */
async function assembled(
  context: Context,
  working: WorkingFolder,
  run: RunNode,
): Promise<readonly AssemblyStack[]> {
  const assembly = path.join(working.folder, ASSEMBLY);
  if (existsSync(path.join(assembly, "manifest.json"))) return readAssembly(assembly);
  return (await synthesize(context, working, run)).stacks;
}

async function demandNothingLent(
  context: Context,
  { withoutApi, adminProfile }: ProtectOptions,
  stacks: readonly AssemblyStack[],
  { stacks: deployed, entries }: ProtectingWith,
  clusters: readonly Parameters<ReadEntries>[0][],
): Promise<void> {
  const broker = stacks.find(({ hasCode }) => hasCode);
  const now = broker && (await deployed.read(broker));
  if (now && !withoutApi)
    await demandDrained(await context.api(adminProfile), now.outputs["ApiUrl"]).catch(
      (error: unknown) => {
        throw adminProfile === undefined ? asAdminOrAuditor(error) : error;
      },
    );
  const found = [];
  for (const cluster of clusters) found.push(await entries(cluster));
  demandNoEntries(found);
}

async function switched(
  deployed: DeployedStacks,
  stack: AssemblyStack,
  on: boolean,
): Promise<Outcome> {
  const now = await deployed.read(stack);
  if (!now) return { stack, outcome: "missing", isChanged: false };
  if (now.isProtected !== on) await deployed.protect(stack, on);
  const outcome = on ? "protected" : "unprotected";
  return { stack, outcome, isChanged: now.isProtected !== on };
}

const SAYS: Readonly<Record<Outcome["outcome"], string>> = {
  protected: "is protected from deletion",
  unprotected: "can be deleted",
  missing: "is not deployed",
};

const lineOf = ({ stack: { name, account, region }, outcome, isChanged }: Outcome): string =>
  `${name} in ${region} of ${account} ${SAYS[outcome]}${isChanged ? " now" : ""}`;

function report(context: Context, outcomes: readonly Outcome[]): void {
  const isOff = outcomes.some(({ outcome }) => outcome === "unprotected");
  const missing = outcomes.filter(({ outcome }) => outcome === "missing");
  if (missing.length > 0 && !isOff) throw stacksMissing(outcomes, missing);
  const stacks = outcomes.map(({ stack: { name, account, region }, outcome }) => ({
    name,
    account,
    region,
    outcome,
  }));
  answer(context, { stacks }, () => outcomes.map((one) => `${lineOf(one)}.\n`).join(""));
}

const stacksMissing = (outcomes: readonly Outcome[], missing: readonly Outcome[]) =>
  new Failure("undeployed", "stacks-missing", {
    what: `${missing.length} of ${outcomes.length} stacks ${missing.length === 1 ? "is" : "are"} not deployed, and cannot be protected.`,
    notDone: "Beside what is said here, nothing was changed:",
    findings: outcomes.map(lineOf),
    next: ["Next: deploy them, and run timelatch protect again."],
  });
