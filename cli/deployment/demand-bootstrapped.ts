import { Failure } from "../failures/failure.ts";
import type { StackPlace } from "./assembly.ts";
import { bootstrapCommand } from "./bootstrap-command.ts";
import type { DeployedStacks } from "./deployed-stacks.ts";

/**
 * Every account and region that gets a stack is prepared for the CDK.
 *
 * @param deployer the account that deploys, which the others have to trust
 * @throws Failure `refused` for all places that are not, with the command line for each
 */
export async function demandBootstrapped(
  stacks: readonly StackPlace[],
  deployed: DeployedStacks,
  deployer: string,
): Promise<void> {
  const places = new Map(stacks.map((one) => [`${one.account}/${one.region}`, one]));
  const hindrances: (readonly [StackPlace, string])[] = [];
  for (const place of places.values()) {
    const hindrance = await deployed.hindrance(place);
    if (hindrance !== undefined) hindrances.push([place, hindrance]);
  }
  if (hindrances.length > 0) throw notBootstrapped(hindrances, places.size, deployer);
}

const notBootstrapped = (
  hindrances: readonly (readonly [StackPlace, string])[],
  places: number,
  deployer: string,
) =>
  new Failure("refused", "not-bootstrapped", {
    what: `${hindrances.length} of ${places} accounts and regions that get a stack cannot be deployed to.`,
    findings: hindrances.map(([{ account, region }, why]) => `${account}/${region}: ${why}`),
    notDone: "Nothing was changed in AWS.",
    next: [
      "Next: prepare each for the CDK, with credentials of its own account:",
      ...hindrances.map(
        ([place]) =>
          `  ${bootstrapCommand(place, place.account === deployer ? undefined : deployer, place)}`,
      ),
      "Prepared already?  Use credentials that may assume the roles named above.",
    ],
  });
