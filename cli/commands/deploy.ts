import { awsIdentity } from "../api/aws-identity.ts";
import { answer, type Context, remark } from "../context.ts";
import { withLostCharacters } from "../deployment/answered-template.ts";
import { type ArchiveChange, archiveChange, archiveText } from "../deployment/archive-keeping.ts";
import { assembledIn } from "../deployment/assembled-clusters.ts";
import type { AssemblyStack } from "../deployment/assembly.ts";
import type { BothRestoredOptions } from "../deployment/both-restored.ts";
import { cdkCommand } from "../deployment/cdk-command.ts";
import { demandBootstrapped } from "../deployment/demand-bootstrapped.ts";
import { demandExpected, type ExpectedOptions } from "../deployment/demand-expected.ts";
import { demandFusesApart } from "../deployment/demand-fuses-apart.ts";
import { demandUnstuck, isStuck, nextWhereStuck } from "../deployment/demand-unstuck.ts";
import {
  type Departing,
  type DepartureOptions,
  demandNothingLentWhereLeaving,
  endWhereLeaving,
  leftPlaces,
} from "../deployment/departing-clusters.ts";
import { type DeployedStacks, deployedStacks } from "../deployment/deployed-stacks.ts";
import { demandNothingForgottenByDeploying } from "../deployment/exchanged-tables.ts";
import {
  deleteFailed,
  failedCreations,
  failedText,
  wasNeverMade,
} from "../deployment/failed-creations.ts";
import { differenceText } from "../deployment/iam/difference-text.ts";
import { rightsDifference, type SubjectChanges } from "../deployment/iam/rights-difference.ts";
import { templateRights } from "../deployment/iam/template-rights.ts";
import { grantLines } from "../deployment/lent-on.ts";
import { type Outlived, outlivingGrants, outlivingText } from "../deployment/outliving-grants.ts";
import { type RunNode, runNode } from "../deployment/run-node.ts";
import { outcomeOf, outcomeText, type StackOutcome } from "../deployment/stack-outcomes.ts";
import { synthesize } from "../deployment/synthesize.ts";
import { openWorkingFolder, type WorkingFolder } from "../deployment/working-folder.ts";
import { Failure, type NextSteps } from "../failures/failure.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { wrapLines } from "../terminal/text-layout.ts";

/** The parts that the command works with beside its context; a test has others. */
export interface DeployingWith {
  readonly run: RunNode;
  readonly stacks: DeployedStacks;
  /** Waits between two looks at the API. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

export type DeployOptions = ConfirmOptions &
  ExpectedOptions &
  DepartureOptions &
  BothRestoredOptions;

const fromAws = async ({ env }: Context, { config }: WorkingFolder): Promise<DeployingWith> => ({
  run: runNode,
  stacks: deployedStacks(await awsIdentity(config.region, env)),
});

/**
 * `timelatch deploy`: tests the policy, says what a deployment changes in IAM, asks, and has the CDK command deploy
 * it. Then it says of each stack what became of it. Where a cluster leaves, it asks the API first what is lent there.
 *
 * @throws Failure `usage` without a confirmation or outside of a working directory; `faulty` where an expectation of
 *   the policy does not hold, or nothing can be synthesized; `refused` where an account cannot be reached; `conflict` where a stack takes no update, or something is lent, or may be, on a cluster that
 *   leaves, and any failure of the API that is asked; `undeployed` where a stack is not as it was to be;
 *   `interrupted`
 */
export async function deploy(
  context: Context,
  folder: string,
  options: DeployOptions,
  given?: DeployingWith,
): Promise<void> {
  checkConfirmable(context, options);
  const working = await openWorkingFolder(folder);
  await demandExpected(context, working, options);
  const { run, stacks: deployed, pause } = given ?? (await fromAws(context, working));
  const { stacks, remarks } = await synthesize(context, working, run);
  if (remarks !== "") remark(context, `${remarks}\n`);
  await demandBootstrapped(stacks, deployed, working.config.account);
  await demandUnstuck(stacks, deployed);
  await demandFusesApart(stacks, deployed);
  await demandNothingForgottenByDeploying(context, stacks, deployed, options);
  const leaving = await demandNothingLentWhereLeaving(context, stacks, deployed, options);
  const outlived = await outlivingGrants(context, working, { stacks, deployed }, options);
  const failed = await failedCreations(stacks, deployed);
  const { iam, archive } = await differenceOf(stacks, deployed);
  showBeforeAsking(context, options, `${differenceText(iam, context.screen.err)}\n`);
  showBeforeAsking(context, options, wrapLines(archiveText(archive), context.screen.err.columns));
  const access = leavingText(leaving) + outlivingText(outlived) + failedText(failed);
  showBeforeAsking(context, options, wrapLines(access, context.screen.err.columns));
  await confirm(context, options, questionOf(stacks));
  await endWhereLeaving(context, leaving, pause);
  await deleteFailed(failed, deployed);
  const { code } = await cdkCommand(context, working, run, "deploy");
  const outcomes: StackOutcome[] = [];
  for (const stack of stacks) outcomes.push(outcomeOf(stack, await deployed.read(stack)));
  const isDone = outcomes.every(({ outcome }) => outcome === "deployed");
  if (code !== 0 || !isDone) throw notDeployed(outcomes);
  report(context, { outcomes, iam, archive, leaving, outlived });
}

interface Difference {
  readonly iam: readonly SubjectChanges[];
  /** Undefined where the archive is kept as before. */
  readonly archive: ArchiveChange | undefined;
}

async function differenceOf(
  stacks: readonly AssemblyStack[],
  deployed: DeployedStacks,
): Promise<Difference> {
  const before = [];
  const archives: ArchiveChange[] = [];
  for (const stack of stacks) {
    const now = await deployed.read(stack);
    // IAM has no roles of a stack that was never made.
    const answered = now && !wasNeverMade(now) ? now.template : undefined;
    const template = answered && withLostCharacters(answered, stack.template);
    if (template) before.push(...templateRights(template, stack));
    const archive = archiveChange(template, stack.template);
    if (archive) archives.push(archive);
  }
  const after = stacks.flatMap((stack) => templateRights(stack.template, stack));
  return { iam: rightsDifference(before, after), archive: archives[0] };
}

/** The clusters that leave, and the people whose access ends now. */
function leavingText({ clusters, grants }: Departing): string {
  if (clusters.length === 0) return "";
  const ended = grantLines(grants).map((line) => `  ${line}\n`);
  return [
    `These clusters leave, and nothing is lent there${grants.length > 0 ? " but this, which ends now" : ""}:\n`,
    ...clusters.map((arn) => `  ${arn}\n`),
    ...ended,
    "\n",
  ].join("");
}

function questionOf(stacks: readonly AssemblyStack[]): string {
  const accounts = new Set(stacks.map(({ account }) => account)).size;
  const where = accounts === 1 ? "one account" : `${accounts} accounts`;
  return `Deploy ${stacks.length} stacks into ${where}?`;
}

interface Report extends Difference {
  readonly outcomes: readonly StackOutcome[];
  readonly leaving: Departing;
  readonly outlived: Outlived;
}

function report(context: Context, { outcomes, iam, archive, leaving, outlived }: Report): void {
  const api = outcomes.map(({ deployed }) => deployed?.outputs["ApiUrl"]).find((url) => url);
  const stacks = outcomes.map(({ stack: { name, account, region }, deployed, outcome }) => ({
    name,
    account,
    region,
    outcome,
    status: deployed?.status,
  }));
  const broker = outcomes.find(({ stack }) => stack.hasCode)?.stack.template ?? {};
  const left = leftPlaces(leaving, assembledIn(broker));
  const leftText = left.map((command) => `Its stacks stay until you delete them: ${command}\n`);
  const outliving = outlived.grants.map(({ grant: { id }, why }) => ({ id, why }));
  const compared = outlived.unread === undefined ? { outliving } : { unread: outlived.unread };
  const changes = { iam, archive: archive ?? null };
  answer(context, { stacks, api: api ?? null, ...changes, left, ...compared }, () =>
    wrapLines(
      `${outcomes.map((one) => `${outcomeText(one)}.\n`).join("")}${leftText.join("")}${api ? `\nNext: timelatch config set api ${api}\n` : ""}`,
      context.screen.out.columns,
    ),
  );
}

const NEXT: NextSteps = [
  "Next: correct what the CDK command names above, and run timelatch deploy again.",
  "It goes on where it stopped. Access that is lent still ends on time.",
];

function notDeployed(outcomes: readonly StackOutcome[]): Failure {
  const left = outcomes.filter(({ outcome }) => outcome !== "deployed");
  const stuck = left.filter(({ deployed }) => isStuck(deployed?.status)).map(({ stack }) => stack);
  return new Failure("undeployed", "not-deployed", {
    what:
      left.length === 0
        ? "The CDK command failed, although every stack is deployed."
        : `${left.length} of ${outcomes.length} stacks ${left.length === 1 ? "is" : "are"} not deployed.`,
    notDone: "Beside what is said here, nothing was changed:",
    findings: outcomes.map(outcomeText),
    next: stuck.length > 0 ? nextWhereStuck(stuck) : NEXT,
    facts: { stacks: outcomes.map(({ stack: { name }, outcome }) => ({ name, outcome })) },
  });
}
