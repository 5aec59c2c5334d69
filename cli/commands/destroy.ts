import path from "node:path";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import type { AssemblyRecord } from "../../shared/policy-file/assembly-record.ts";
import { type AwsIdentity, awsIdentity } from "../api/aws-identity.ts";
import { answer, type Context, remark } from "../context.ts";
import type { AssemblyStack } from "../deployment/assembly.ts";
import { cdkCommand } from "../deployment/cdk-command.ts";
import {
  type DeployedStack,
  type DeployedStacks,
  deployedStacks,
} from "../deployment/deployed-stacks.ts";
import { asAdminOrAuditor } from "../deployment/lent-on.ts";
import {
  entriesReader,
  type ListedCluster,
  type ManagedEntries,
  type ReadEntries,
} from "../deployment/managed-entries.ts";
import {
  demandDrained,
  demandNoEntries,
  entryLines,
  lentText,
  type NoGrants,
} from "../deployment/nothing-lent.ts";
import { type RunNode, runNode } from "../deployment/run-node.ts";
import { keptResources } from "../deployment/stack-outcomes.ts";
import { synthesize } from "../deployment/synthesize.ts";
import { openWorkingFolder, type WorkingFolder } from "../deployment/working-folder.ts";
import { Failure } from "../failures/failure.ts";
import { lastAssembly } from "../policy/last-assembly.ts";
import { readPolicy } from "../policy/read-policy.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { wrapLines } from "../terminal/text-layout.ts";

export interface DestroyOptions extends ConfirmOptions {
  /** The API is not asked: only the clusters' entries say whether something is lent. */
  readonly withoutApi?: true;
  /** A profile of AWS with which the API is asked: whoever may delete stacks is often nobody of the policy. */
  readonly adminProfile?: string;
  /** The stacks of this account only, twelve digits, which left the policy; with a profile as `<account>=<profile>`. */
  readonly account?: string;
  /** Regions that may have stacks of it, beside those on record. */
  readonly region?: readonly string[];
}

/** The parts that the command works with beside its context; a test has others. */
export interface DestroyingWith {
  readonly run: RunNode;
  readonly stacks: DeployedStacks;
  readonly entries: ReadEntries;
}

/** A stack that is there. */
interface Present {
  readonly stack: AssemblyStack;
  readonly deployed: DeployedStack;
}

/**
 * `timelatch destroy`: deletes every stack of a deployment, spokes last, once nothing is lent. It
 * ends with the access entries that carry the deployment's tag: no such entry should be left.
 *
 * @throws Failure `usage`; `faulty`; `refused`; `conflict` where something is lent or could be, or an account left whose
 *   stacks may be there; `undeployed` where a stack is still there, or an entry; `interrupted`
 */
export async function destroy(
  context: Context,
  folder: string,
  options: DestroyOptions,
  given?: DestroyingWith,
): Promise<void> {
  checkConfirmable(context, options);
  const working = await openWorkingFolder(folder);
  const policy = await readPolicy(path.join(folder, working.config.access));
  const { accounts } = await lastAssembly(path.join(folder, working.config.access));
  const clusters = Object.entries(policy.clusters).map(([name, { arn }]) => ({ name, arn }));
  const identity = given ? undefined : await awsIdentity(working.config.region, context.env);
  const { stacks } = await synthesize(context, working, given?.run ?? runNode);
  demandNoneLeft(accounts, stacks);
  const tools = given ?? fromAws(identity, stacks, deploymentOf(policy));
  const present = await presentOf(stacks, tools.stacks);
  if (present.length === 0) return nothingThere(context);
  const proof = await demandNothingLent(context, options, present, clusters, tools.entries);
  showBeforeAsking(context, options, planText(present, context.screen.err.columns, proof));
  await confirm(context, options, `Delete ${counted(present.length, "stack")}?`);
  await deleteAll(context, working, present, tools);
  const entries = await entriesOf(clusters, tools.entries);
  report(context, present, entries);
}

const fromAws = (
  identity: AwsIdentity | undefined,
  stacks: readonly AssemblyStack[],
  tag: string,
): DestroyingWith => {
  if (!identity) throw new Error("Without credentials there is no AWS.");
  const entries = entriesReader(identity, stacks, tag);
  return { run: runNode, stacks: deployedStacks(identity), entries };
};

async function presentOf(
  stacks: readonly AssemblyStack[],
  deployed: DeployedStacks,
): Promise<readonly Present[]> {
  const found: Present[] = [];
  for (const stack of stacks) {
    const now = await deployed.read(stack);
    if (now) found.push({ stack, deployed: now });
  }
  return found;
}

/** @throws Failure `conflict` where an account or region left, and its stacks may be there: nothing here knows them */
function demandNoneLeft(
  accounts: AssemblyRecord["accounts"],
  stacks: readonly AssemblyStack[],
): void {
  const findings = Object.entries(accounts).flatMap(([account, regions]) => {
    const left = regions.filter(
      (region) => !stacks.some((one) => one.account === account && one.region === region),
    );
    return left.length > 0 ? [`timelatch destroy --account ${account}   # ${left.join(", ")}`] : [];
  });
  if (findings.length > 0)
    throw new Failure("conflict", "accounts-left", {
      what: "Accounts or regions left the policy, and their stacks may still be there.",
      notDone: "Nothing was changed, and nothing was deleted.",
      findings,
      next: ["Next: run each of these first, while the broker can say what is lent there."],
    });
}

async function entriesOf(clusters: readonly ListedCluster[], read: ReadEntries) {
  const found: ManagedEntries[] = [];
  for (const cluster of clusters) found.push(await read(cluster));
  return found;
}

/** Without a broker nothing answers, and nothing lends; only the entries can say what is left. */
async function demandNothingLent(
  context: Context,
  { withoutApi, adminProfile }: DestroyOptions,
  present: readonly Present[],
  clusters: readonly ListedCluster[],
  read: ReadEntries,
): Promise<NoGrants | undefined> {
  const broker = present.find(({ stack }) => stack.hasCode);
  const asked = async ({ deployed }: Present) =>
    demandDrained(await context.api(adminProfile), deployed.outputs["ApiUrl"]);
  const proof =
    broker && !withoutApi
      ? await asked(broker).catch((error: unknown) => {
          throw adminProfile === undefined ? asAdminOrAuditor(error) : error;
        })
      : undefined;
  demandNoEntries(await entriesOf(clusters, read));
  return proof;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

const inOrder = (present: readonly Present[]) => present.toReversed().map(({ stack }) => stack);

function planText(present: readonly Present[], columns: number, proof?: NoGrants): string {
  const kept = keptResources(present.map(({ stack }) => stack));
  return wrapLines(
    [
      `${lentText(proof)} These stacks are deleted, the broker after people's roles, and spokes last:\n`,
      ...inOrder(present).map(
        ({ name, account, region }) => `  ${name} in ${region} of ${account}\n`,
      ),
      kept.length > 0 ? "These stay, since they hold what happened; delete them by hand:\n" : "",
      ...kept.map((one) => `  ${one}\n`),
    ].join(""),
    columns,
  );
}

/** Termination protection is off while it runs, and on again for what is still there. */
async function deleteAll(
  context: Context,
  working: WorkingFolder,
  present: readonly Present[],
  { run, stacks }: DestroyingWith,
): Promise<void> {
  const guarded = present.filter(({ deployed }) => deployed.isProtected);
  for (const { stack } of guarded) await stacks.protect(stack, false);
  await cdkCommand(context, working, run, "destroy");
  const left = await presentOf(
    present.map(({ stack }) => stack),
    stacks,
  );
  if (left.length === 0) return;
  for (const { stack } of left)
    if (guarded.some((one) => one.stack === stack)) await stacks.protect(stack, true);
  throw notDestroyed(left);
}

function nothingThere(context: Context): void {
  answer(context, { deleted: [], entries: [] }, () => "No stack of this deployment is there.\n");
  remark(context, "Nothing was changed.\n");
}

/** @throws Failure `undeployed` where entries are left: they are access that nothing takes away any more */
function report(
  context: Context,
  present: readonly Present[],
  clusters: readonly ManagedEntries[],
): void {
  const lines = entryLines(clusters);
  if (lines.length > 0) throw entriesLeft(lines);
  const deleted = inOrder(present).map(({ name, account, region }) => ({ name, account, region }));
  const columns = context.screen.out.columns;
  answer(
    context,
    { deleted, kept: keptResources(present.map(({ stack }) => stack)), entries: [] },
    () =>
      wrapLines(
        `${deleted.map(({ name, account }) => `${name} in ${account} is deleted.\n`).join("")}No access entry of this deployment is on its ${counted(clusters.length, "cluster")}.\n`,
        columns,
      ),
  );
}

const notDestroyed = (left: readonly Present[]) =>
  new Failure("undeployed", "not-destroyed", {
    what: `${counted(left.length, "stack")} of the deployment ${left.length === 1 ? "is" : "are"} still there.`,
    notDone: "Beside what the CDK command names above, nothing was changed.",
    findings: left.map(
      ({ stack: { name, account }, deployed: { status, reason } }) =>
        `${name} in ${account} (${status})${reason ? `: ${reason}` : ""}`,
    ),
    next: ["Next: correct what the CDK command names, and run timelatch destroy again."],
  });

const entriesLeft = (findings: readonly string[]) =>
  new Failure("undeployed", "entries-left", {
    what: "The stacks are deleted, but access entries of this deployment may be left.",
    notDone: "Nothing was changed on the clusters, and nothing takes this access away any more.",
    findings,
    next: ["Next: delete each of them by hand, with credentials of its account."],
  });
