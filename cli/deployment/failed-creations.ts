/** Stacks whose first deployment failed, so that they never were there. */
import { Failure } from "../failures/failure.ts";
import type { AssemblyStack } from "./assembly.ts";
import type { DeployedStack, DeployedStacks, KeptResource } from "./deployed-stacks.ts";

export interface FailedCreation {
  readonly stack: AssemblyStack;
  readonly deployed: DeployedStack;
  /** Resources that CloudFormation kept, since the template says so. */
  readonly kept: readonly KeptResource[];
}

/**
 * CloudFormation can do nothing with such a stack but delete it. In any other state, a stack may have lent something.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
const NEVER_MADE = /^ROLLBACK_(?:COMPLETE|FAILED)$/;

export const wasNeverMade = ({ status }: Pick<DeployedStack, "status">): boolean =>
  NEVER_MADE.test(status);

export async function failedCreations(
  stacks: readonly AssemblyStack[],
  deployed: DeployedStacks,
): Promise<readonly FailedCreation[]> {
  const found: FailedCreation[] = [];
  for (const stack of stacks) {
    const now = await deployed.read(stack);
    if (now && wasNeverMade(now))
      found.push({ stack, deployed: now, kept: await deployed.kept(stack) });
  }
  return found;
}

/** The fate of failed creations, before anybody is asked. Empty if no creation failed. */
export function failedText(failed: readonly FailedCreation[]): string {
  if (failed.length === 0) return "";
  const kept = failed.flatMap((one) => one.kept);
  return [
    "The first deployment of these stacks failed, and CloudFormation undid it. They are deleted, and made again:\n",
    ...failed.map(
      ({ stack: { name, account }, deployed: { status } }) =>
        `  ${name} in ${account} (${status})\n`,
    ),
    ...(kept.length === 0 ? [] : [KEPT, ...kept.map((one) => `  ${keptText(one)}\n`)]),
    "\n",
  ].join("");
}

const KEPT =
  "CloudFormation kept this of them. No stack has it or will have it, so look into it, and delete it by hand:\n";

const keptText = ({ type, name }: KeptResource): string => `${name} (${type})`;

/**
 * Deletes them, those first that were deployed last. Termination protection is off for no other stack.
 *
 * @throws Failure `undeployed` for the first that stays
 */
export async function deleteFailed(
  failed: readonly FailedCreation[],
  deployed: DeployedStacks,
): Promise<void> {
  for (const { stack } of failed.toReversed()) {
    const before = await deployed.read(stack);
    // Somebody may have made it meanwhile.
    if (!before || !wasNeverMade(before)) continue;
    if (before.isProtected) await deployed.protect(stack, false);
    await deployed.remove(stack);
    const left = await deployed.read(stack);
    if (left) throw notDeleted(stack, left);
  }
}

const notDeleted = ({ name, account }: AssemblyStack, { status, reason }: DeployedStack) =>
  new Failure("undeployed", "failed-stack-left", {
    what: `${name} in ${account}, whose first deployment failed, cannot be deleted (${status})${reason ? `: ${reason.replace(/\.?\s*$/, "")}` : ""}.`,
    notDone:
      "The deletion was not completed. Beside its termination protection, nothing was changed.",
    next: [
      "Next: correct what CloudFormation names in the stack's events, and delete the stack:",
      `  aws cloudformation delete-stack --stack-name ${name}    # in account ${account}`,
      "Then:   timelatch deploy",
    ],
  });
