import { accountUnreached } from "../../cli/aws/bootstrap-keys.ts";
import type { StackPlace } from "../../cli/deployment/assembly.ts";
import {
  type DeployedStack,
  type DeployedStacks,
  type KeptResource,
  notRead,
} from "../../cli/deployment/deployed-stacks.ts";

/** A stack in memory. Without a place, it is wherever it is asked for. */
export interface MemoryStack extends DeployedStack {
  /** The resources that remain after its creation was undone. */
  readonly kept?: readonly KeptResource[];
  readonly at?: Pick<StackPlace, "account" | "region">;
}

/**
 * CloudFormation of several accounts in memory.
 *
 * @param deployed by name
 * @param unreachable accounts that the caller's keys do not reach
 * @param unprepared regions that nobody has bootstrapped
 */
export function memoryDeployedStacks(
  deployed: Map<string, MemoryStack>,
  unreachable: readonly string[] = [],
  unprepared: readonly string[] = [],
): DeployedStacks {
  const find = (place: StackPlace): MemoryStack | undefined => {
    const { name, account, region, deployRole: role } = place;
    if (unreachable.includes(account))
      throw accountUnreached({ account, region, role }, new Error("Access denied."));
    const stack = deployed.get(name);
    const at = stack?.at ?? place;
    return at.account === account && at.region === region ? stack : undefined;
  };
  return {
    async read(place) {
      const { at: _at, kept: _kept, ...stack } = find(place) ?? {};
      return "status" in stack ? stack : undefined;
    },
    async kept(place) {
      return find(place)?.kept ?? [];
    },
    async protect(place, isProtected) {
      const stack = find(place);
      if (!stack) throw notRead(place, new Error(`Stack [${place.name}] does not exist.`));
      deployed.set(place.name, { ...stack, isProtected });
    },
    async remove(place) {
      const stack = find(place);
      if (stack?.isProtected)
        throw notRead(
          place,
          new Error(
            `Stack [${place.name}] cannot be deleted while TerminationProtection is enabled`,
          ),
        );
      if (stack) deployed.delete(place.name);
    },
    async hindrance({ account, region, versionParameter }) {
      if (unreachable.includes(account))
        return `Account ${account} cannot be reached: Access denied.`;
      return unprepared.includes(region) && versionParameter !== undefined
        ? `Parameter Store has no ${versionParameter}.`
        : undefined;
    },
  };
}
