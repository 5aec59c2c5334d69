import { Failure } from "../failures/failure.ts";
import type { AssemblyStack } from "./assembly.ts";
import type { DeployedStacks } from "./deployed-stacks.ts";

const GROUP = "AWS::Scheduler::ScheduleGroup";

/**
 * An early release had the schedule group in the broker's stack. CloudFormation makes no second one
 * of that name, and moves none.
 *
 * @throws Failure `conflict` where the deployed broker has it, and the assembly has it elsewhere
 */
export async function demandFusesApart(
  stacks: readonly AssemblyStack[],
  deployed: DeployedStacks,
): Promise<void> {
  const broker = stacks.find(({ hasCode }) => hasCode);
  if (!broker || hasGroup(broker.template)) return;
  if (!hasGroup((await deployed.read(broker))?.template)) return;
  throw new Failure("conflict", "fuses-not-apart", {
    what: `${broker.name} is deployed by an early release, with the schedule group in it. A stack of its own has that now, and AWS makes no second one.`,
    notDone: "Nothing was changed.",
    next: [
      "Next: with that release, drain and destroy: timelatch docs deploy#leave. Then deploy again.",
      "The tables stay: name them under tables in timelatch.config.yaml before you deploy.",
    ],
    facts: { stack: broker.name },
  });
}

const hasGroup = (template: AssemblyStack["template"] | undefined): boolean =>
  Object.values(template?.Resources ?? {}).some(({ Type }) => Type === GROUP);
