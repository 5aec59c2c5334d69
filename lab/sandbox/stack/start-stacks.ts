/** Deploys at the sandbox's start: the stacks of an assembly, and those of earlier deployments. */
import { regionOf } from "../aws/accounts.ts";
import type { CloudFormationContext } from "../aws/cloudformation/context.ts";
import { parameterValues } from "../aws/cloudformation/parameters.ts";
import { deleteStackNow } from "../aws/cloudformation/run-stack.ts";
import { isMade, type StackInput, type StackState } from "../aws/cloudformation/state.ts";
import { parseTemplate } from "../aws/cloudformation/template-text.ts";
import type { SandboxState } from "../process/state.ts";
import { type AssemblyStack, localCode, templateText } from "../template/assembly.ts";
import { deploymentOrder } from "../template/deployment-order.ts";
import {
  ACCOUNT,
  ACCOUNTS,
  type AccountRegion,
  isSamePlace,
  REGION,
  REGIONS,
} from "../world/account.ts";
import { bootstrapPlaces } from "./bootstrap-places.ts";
import type { CloudFormationAccounts } from "./cloudformation-accounts.ts";
import { deployNow, ownRun, resumeStack } from "./deploy-now.ts";

/**
 * Starts what is deployed: with an assembly, its stacks as they are there; without, what earlier deployments left.
 *
 * @param dir the assembly
 * @param broker the stack that comes last where nothing else says so
 * @throws Error for the first stack that fails
 */
export async function startStacks(
  accounts: CloudFormationAccounts,
  state: SandboxState,
  dir: string | undefined,
  broker: string,
): Promise<void> {
  if (dir === undefined) await resumeStacks(accounts, state.cloudFormation.state.stacks);
  else await deployAssembly(accounts, state, dir, broker);
}

/**
 * Prepares every place, and deploys every stack of the assembly as an operator would. Starts the
 * resources of other stacks that were deployed before. It deletes stacks of its own that the
 * assembly no longer has, unless they are protected: no deployment in AWS deletes such a stack.
 */
async function deployAssembly(
  accounts: CloudFormationAccounts,
  state: SandboxState,
  dir: string,
  broker: string,
): Promise<void> {
  const deployed = [...(await bootstrapPlaces(accounts.contexts))];
  for (const stack of deploymentOrder(dir, broker))
    deployed.push(await deployOne(accounts, dir, stack));
  const others = state.cloudFormation.state.stacks.filter(
    (one) => isMade(one) && !deployed.includes(one),
  );
  for (const stack of others)
    if (stack.input?.localCode && !stack.isProtected)
      await deleteStackNow(ownRun(contextOf(accounts, placeOfStack(stack))), stack);
  await resumeStacks(accounts, others);
}

/** Starts what stacks declare, as it was when the sandbox stopped. @throws Error for the first that fails */
async function resumeStacks(
  accounts: CloudFormationAccounts,
  stacks: readonly StackState[],
): Promise<void> {
  for (const stack of stacks)
    if (isMade(stack) && stack.input)
      await resumeStack(contextOf(accounts, placeOfStack(stack)), stack, stack.input);
}

const placeOfStack = ({ account, id }: StackState): AccountRegion => ({
  account,
  region: regionOf(id),
});

/** @throws Error for an account or a region that the sandbox does not have */
function contextOf(
  { contexts }: CloudFormationAccounts,
  place: AccountRegion,
): CloudFormationContext {
  const context = contexts.find((one) => isSamePlace(one, place));
  if (context) return context;
  const missing = ACCOUNTS.includes(place.account)
    ? `region ${place.region}. The sandbox has ${REGIONS.join(" and ")}`
    : `account ${place.account}. The sandbox has ${ACCOUNTS.join(" and ")}`;
  throw new Error(`A stack is for ${missing} alone. Nothing was started.`);
}

async function deployOne(
  accounts: CloudFormationAccounts,
  dir: string,
  { name, account = ACCOUNT, region = REGION, isProtected }: AssemblyStack,
): Promise<StackState> {
  const context = contextOf(accounts, { account, region });
  return await deployNow(context, name, inputOf(context, dir, name), isProtected);
}

/** An operator's input for the stack. Its code is in the assembly, and goes through no bucket. */
function inputOf(context: CloudFormationContext, dir: string, name: string): StackInput {
  const template = templateText(dir, name);
  return {
    template,
    parameters: parameterValues(context, parseTemplate(template).Parameters ?? {}, {}, {}),
    capabilities: ["CAPABILITY_NAMED_IAM"],
    tags: [],
    localCode: localCode(dir, name),
  };
}
