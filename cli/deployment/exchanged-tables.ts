/** Tables that a deployment exchanges for others: the broker then knows what those hold, and no more. */
import type { Context } from "../context.ts";
import type { AssemblyStack, Template } from "./assembly.ts";
import { type BothRestoredOptions, demandKnown } from "./both-restored.ts";
import type { DeployedStacks } from "./deployed-stacks.ts";
import { HOLDS, type Holds, TABLE_VARIABLES } from "./table-needs.ts";

/**
 * A folder may name other tables than the deployed broker has: some that `timelatch restore` took one by one, or none.
 *
 * @throws Failure `conflict` where ledger and requests table both are exchanged, and the API does not say that the broker
 *   is drained and nothing is lent
 */
export async function demandNothingForgottenByDeploying(
  context: Context,
  stacks: readonly AssemblyStack[],
  deployed: DeployedStacks,
  options: BothRestoredOptions,
): Promise<void> {
  const broker = stacks.find(({ hasCode }) => hasCode);
  const now = broker && (await deployed.read(broker));
  // A broker whose first deployment failed has no outputs, and has lent nothing.
  const address = now?.outputs["ApiUrl"];
  if (!broker || address === undefined) return;
  const exchanged = exchangedTables(now?.template ?? {}, broker.template);
  await demandKnown(context, exchanged, options, {
    address,
    because: "The ledger and the requests table are others than those of the deployed broker.",
    next: "If they should stay the same, write them under tables in timelatch.config.yaml. timelatch doctor --restored names them.",
  });
}

/** Pure. @returns what each table holds that is another one afterwards */
const exchangedTables = (before: Template, after: Template): readonly Holds[] =>
  HOLDS.filter((holds) => {
    const [was, is] = [tableIn(before, holds), tableIn(after, holds)];
    return was !== undefined && was !== is;
  });

/** A table as the functions get it, as text that compares; undefined where no function does. */
function tableIn({ Resources = {} }: Template, holds: Holds): string | undefined {
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    if (Type !== "AWS::Lambda::Function") continue;
    const { Variables } = (Properties["Environment"] ?? {}) as {
      readonly Variables?: Readonly<Record<string, unknown>>;
    };
    const value = Variables?.[TABLE_VARIABLES[holds]];
    if (value !== undefined) return JSON.stringify(value);
  }
  return undefined;
}
