/** Stacks of an account that are deployed, and that the assembly has no more. */
import { DEFAULT_DEPLOYMENT } from "../../shared/domain/values/deployment.ts";
import { STACK_KINDS, type StackKindName } from "../../shared/domain/values/stack-kinds.ts";
import type { AssemblyRecord } from "../../shared/policy-file/assembly-record.ts";
import { spokeStackName } from "../doctor/expected-names.ts";
import type { AssemblyStack, StackPlace } from "./assembly.ts";
import type { DeployedStack, DeployedStacks } from "./deployed-stacks.ts";

export interface LeftStack {
  readonly place: StackPlace;
  readonly deployed: DeployedStack;
}

export interface LeftAccount {
  /** Twelve digits. */
  readonly account: string;
  readonly deployment: string;
  /** Regions that have a stack of the account, or may have one. */
  readonly regions: readonly string[];
}

/** A place of another account or region, with the roles that CDK's bootstrap made there as where the broker is. */
export function placeBeside(broker: StackPlace, account: string, region: string): StackPlace {
  const there = (role: string | undefined) =>
    role?.replaceAll(broker.account, account).replaceAll(broker.region, region);
  return {
    name: "",
    account,
    region,
    deployRole: there(broker.deployRole),
    lookupRole: there(broker.lookupRole),
    executionRole: there(broker.executionRole),
  };
}

/**
 * The order of deletion, which is that of deployment from its end: a later stack names an older
 * one. The account's own roles go last.
 *
 * @param stacks of the assembly, which keeps its own
 * @throws Failure `refused` where the account cannot be reached
 */
export async function leftStacks(
  { account, deployment, regions }: LeftAccount,
  stacks: readonly AssemblyStack[],
  broker: StackPlace,
  { people }: Pick<AssemblyRecord, "people">,
  deployed: DeployedStacks,
): Promise<readonly LeftStack[]> {
  const own = spokeStackName(deployment, { account, region: "" }, "");
  const numbers = Array.from({ length: Math.max(1, ...Object.values(people)) }, (_, at) => at + 1);
  const parts = deployment === DEFAULT_DEPLOYMENT ? [account] : [deployment, account];
  const named: Readonly<Record<StackKindName, readonly (readonly [string, string])[]>> = {
    TimelatchForward: regions.map((region) => [
      ["TimelatchForward", ...parts, region].join("-"),
      region,
    ]),
    TimelatchPeople: [...new Set([broker.region, ...regions])].flatMap((region) =>
      numbers.map((number) => [["TimelatchPeople", ...parts, number].join("-"), region] as const),
    ),
    // They are where no account leaves.
    Timelatch: [],
    TimelatchFuses: [],
    TimelatchAccount: [
      ...regions.map((region) => [`${own}-${region}`, region] as const),
      ...regions.map((region) => [own, region] as const),
    ],
  };
  const candidates = STACK_KINDS.toReversed().flatMap(({ kind }) => named[kind]);
  const found: LeftStack[] = [];
  for (const [name, region] of candidates) {
    if (stacks.some((stack) => stack.name === name && stack.region === region)) continue;
    const place = { ...placeBeside(broker, account, region), name };
    const now = await deployed.read(place);
    if (now) found.push({ place, deployed: now });
  }
  return found;
}
