/** The command's reads and changes of stacks, in accounts on paper. */
import type { StackPlace, Template } from "../../../../cli/deployment/assembly.ts";
import { type DeployedStacks, notRead } from "../../../../cli/deployment/deployed-stacks.ts";
import type { PaperAccounts } from "./paper-accounts.ts";
import { deleteOnPaper, PaperCdkError, stackNow } from "./paper-cdk.ts";

export function paperDeployedStacks(accounts: PaperAccounts): DeployedStacks {
  const find = (place: StackPlace) => stackNow(accounts, place);
  return {
    async read(place) {
      const stack = find(place);
      if (!stack) return undefined;
      const { status, statusReason: reason, isProtected, outputs, input } = stack;
      return {
        status,
        isProtected,
        ...(reason === undefined ? {} : { reason }),
        outputs: Object.fromEntries(outputs.map(({ key, value }) => [key, value])),
        template: input && (JSON.parse(input.template) as Template),
      };
    },
    async kept(place) {
      const skipped = find(place)?.events.filter(({ status }) => status === "DELETE_SKIPPED") ?? [];
      return skipped.map(({ type, physicalId: name }) => ({ type, name }));
    },
    async protect(place, on) {
      const stack = find(place);
      if (!stack) throw notRead(place, new Error("It does not exist."));
      stack.isProtected = on;
    },
    async remove(place) {
      try {
        await deleteOnPaper(accounts, place);
      } catch (error) {
        // Readers of the stack then see that it is still there.
        if (!(error instanceof PaperCdkError) || find(place)?.isProtected)
          throw notRead(place, error);
      }
    },
    hindrance: async () => undefined,
  };
}
