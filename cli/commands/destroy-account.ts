import { writeFile } from "node:fs/promises";
import path from "node:path";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import {
  type AssemblyRecord,
  assemblyRecordFile,
  recordText,
} from "../../shared/policy-file/assembly-record.ts";
import { accountIdentities, accountProfiles } from "../aws/account-identities.ts";
import { answer, type Context, remark } from "../context.ts";
import type { AssemblyStack } from "../deployment/assembly.ts";
import { deployedStacksOf } from "../deployment/deployed-stacks.ts";
import { type LeftStack, leftStacks, placeBeside } from "../deployment/left-stacks.ts";
import { clustersIn, entriesReaderOf } from "../deployment/managed-entries.ts";
import { lentText, NOT_DONE, type NoGrants } from "../deployment/nothing-lent.ts";
import {
  demandNothingLentIn,
  type LeavingAccount,
  regionsReached,
  type SeenInAccount,
} from "../deployment/nothing-lent-in-account.ts";
import { type RunNode, runNode } from "../deployment/run-node.ts";
import { synthesize } from "../deployment/synthesize.ts";
import { openWorkingFolder, type WorkingFolder } from "../deployment/working-folder.ts";
import { Failure } from "../failures/failure.ts";
import { lastAssembly } from "../policy/last-assembly.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { checkConfirmable, confirm, showBeforeAsking } from "../prompts/confirm.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import type { DestroyOptions } from "./destroy.ts";

/** The parts that the command works with beside its context; a test has others. */
export interface DestroyingAccountWith extends SeenInAccount {
  readonly run: RunNode;
}

/** The facts about the account before anything is deleted. */
interface Leaving extends LeavingAccount {
  readonly working: WorkingFolder;
  readonly record: AssemblyRecord;
  readonly stacks: readonly AssemblyStack[];
  readonly tools: DestroyingAccountWith;
}

/**
 * `timelatch destroy --account`: deletes the stacks of an account, or of regions of it, that left the policy. It reads
 * every access entry of every cluster there, and asks the API what is lent.
 *
 * @throws Failure `usage`; `faulty`; `refused`; `conflict` where the policy or the broker still has clusters there, or
 *   something is lent or could be; `undeployed` where a stack is still there; `interrupted`; those of the API
 */
export async function destroyAccount(
  context: Context,
  folder: string,
  options: DestroyOptions & { readonly account: string },
  given?: DestroyingAccountWith,
): Promise<void> {
  checkConfirmable(context, options);
  const leaving = await examine(context, folder, options, given);
  const { account, left, tools } = leaving;
  if (left.length > 0) {
    const proof = await demandNothingLentIn(context, leaving, tools, options);
    showBeforeAsking(context, options, planText(leaving, context.screen.err.columns, proof));
    await confirm(context, options, `Delete ${counted(left.length)} of account ${account}?`);
    await deleteAll(leaving);
  } else if (leaving.stacks.some((stack) => stack.account === account)) throw inFile(account);
  report(context, leaving, await forget(leaving));
}

async function examine(
  context: Context,
  folder: string,
  { account: asked, region: regions = [] }: DestroyOptions & { readonly account: string },
  given: DestroyingAccountWith | undefined,
): Promise<Leaving> {
  const profiles = asked.includes("=") ? accountProfiles([asked]) : new Map<string, string>();
  const [account = asked] = profiles.keys();
  const working = await openWorkingFolder(folder);
  const file = path.join(folder, working.config.access);
  const deployment = deploymentOf(await readPolicy(file));
  const record = await lastAssembly(file);
  const { stacks } = await synthesize(context, working, given?.run ?? runNode);
  const broker = stacks.find(({ hasCode }) => hasCode);
  const all = [...new Set([...(record.accounts[account] ?? []), ...regions])];
  if (!broker || all.length === 0) throw unknownAccount(account);
  const places = all.map((region) => placeBeside(broker, account, region));
  const tools = given ?? (await fromAws(context, working, { places, deployment, profiles }));
  const known = { account, deployment, regions: all };
  const left = await leftStacks(known, stacks, broker, record, tools.stacks);
  return { account, regions: all, working, record, stacks, broker, left, tools };
}

interface Reached {
  readonly places: Parameters<typeof entriesReaderOf>[1];
  readonly deployment: string;
  readonly profiles: ReadonlyMap<string, string>;
}

async function fromAws(
  { env }: Context,
  { config }: WorkingFolder,
  { places, deployment, profiles }: Reached,
): Promise<DestroyingAccountWith> {
  const identityOf = await accountIdentities(config.region, env, profiles);
  return {
    run: runNode,
    stacks: deployedStacksOf(identityOf),
    clusters: (place) => clustersIn(identityOf(place.account))(place),
    entries: entriesReaderOf(identityOf, places, deployment),
  };
}

const counted = (count: number) => `${count} stack${count === 1 ? "" : "s"}`;

const planText = (leaving: Leaving, columns: number, proof: NoGrants | undefined): string =>
  wrapLines(
    [
      `${lentText(proof, ` in ${regionsReached(leaving).join(" and ")} of account ${leaving.account}`)} These stacks are deleted, in this order:\n`,
      ...leaving.left.map(
        ({ place: { name, region, account } }) => `  ${name} in ${region} of ${account}\n`,
      ),
    ].join(""),
    columns,
  );

/** Termination protection is off only for the stack that is being deleted, and on again where it is still there. */
async function deleteAll({ left, tools: { stacks } }: Leaving): Promise<void> {
  for (const { place, deployed } of left) {
    if (deployed.isProtected) await stacks.protect(place, false);
    await stacks.remove(place);
    const now = await stacks.read(place);
    if (!now) continue;
    if (deployed.isProtected) await stacks.protect(place, true);
    throw notDeleted({ place, deployed: now });
  }
}

/** Takes regions off the record that have no stack of the account any more. @returns those that stay */
async function forget({ account, working, record, stacks }: Leaving): Promise<readonly string[]> {
  const { [account]: _gone, ...others } = record.accounts;
  const kept = (record.accounts[account] ?? []).filter((region) =>
    stacks.some((stack) => stack.account === account && stack.region === region),
  );
  const accounts = kept.length > 0 ? { ...others, [account]: kept } : others;
  const file = assemblyRecordFile(path.join(working.folder, working.config.access));
  await writeFile(file, recordText({ ...record, accounts }));
  return kept;
}

/** @param kept regions of the account that are still on record */
function report(context: Context, { account, left }: Leaving, kept: readonly string[]): void {
  const deleted = left.map(({ place: { name, region } }) => ({ name, account, region }));
  const lines = deleted.map(({ name, region }) => `${name} in ${region} is deleted.\n`);
  const none = `No stack of account ${account} is there that could be deleted.\n`;
  answer(context, { deleted }, () =>
    wrapLines(lines.length > 0 ? lines.join("") : none, context.screen.out.columns),
  );
  const record =
    kept.length > 0
      ? `the record has only ${kept.join(", ")} of the account now`
      : "the account is no longer on record";
  remark(context, `Commit access.stacks.json: ${record}.\n`);
}

const unknownAccount = (account: string) =>
  new Failure("usage", "account-not-on-record", {
    what: `access.stacks.json knows no stack of account ${account}.`,
    notDone: NOT_DONE,
    next: [
      "Next: name each region that has a stack of it, with --region.",
      `Check:  aws cloudformation list-stacks, with credentials of account ${account}`,
    ],
  });

const inFile = (account: string) =>
  new Failure("conflict", "account-in-policy", {
    what: `Account ${account} has clusters in access.yaml, and all of its stacks belong to them.`,
    notDone: NOT_DONE,
    next: [
      "Next: write retired: true at its clusters, and deploy. Once nothing is lent there, take them out, and deploy.",
      "Then run it again. The whole way: timelatch docs deploy",
    ],
  });

const notDeleted = ({ place: { name, account }, deployed: { status, reason } }: LeftStack) =>
  new Failure("undeployed", "account-not-destroyed", {
    what: `${name} in ${account} is still there (${status})${reason ? `: ${reason}` : "."}`,
    notDone:
      "The deletion was not completed. It is protected again, and stacks after it were not touched.",
    next: ["Next: correct what CloudFormation names, and run it again."],
  });
