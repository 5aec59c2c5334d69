/** Proof that nothing is lent in an account, before what takes access away there is deleted. */
import { clusterOf } from "../../shared/domain/values/arn.ts";
import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { assembledIn } from "./assembled-clusters.ts";
import type { StackPlace } from "./assembly.ts";
import type { DeployedStacks } from "./deployed-stacks.ts";
import { type LeftStack, placeBeside } from "./left-stacks.ts";
import { asAdminOrAuditor, demandSameApi, grantLines, lentOn } from "./lent-on.ts";
import type { ClustersIn, ManagedEntries, ReadEntries } from "./managed-entries.ts";
import { demandNoEntries, NOT_DONE, type NoGrants, noGrants } from "./nothing-lent.ts";

/** The account, and what is to be deleted there. */
export interface LeavingAccount {
  /** Twelve digits. */
  readonly account: string;
  /** All that have a stack of the account, or may have one. */
  readonly regions: readonly string[];
  readonly left: readonly LeftStack[];
  readonly broker: StackPlace;
}

/** The reads of AWS for it. */
export interface SeenInAccount {
  readonly stacks: DeployedStacks;
  readonly clusters: ClustersIn;
  readonly entries: ReadEntries;
}

/**
 * The deployed broker has no cluster there, and its API knows of no grant there. No cluster of the
 * account has an entry with the deployment's tag. Without a broker, the entries only can say it.
 *
 * @returns undefined where there is no API to ask
 * @param adminProfile with which the API is asked
 * @throws Failure `conflict`; those of the API, also where it does not answer
 */
export async function demandNothingLentIn(
  context: Context,
  leaving: LeavingAccount,
  seen: SeenInAccount,
  { adminProfile }: { readonly adminProfile?: string },
): Promise<NoGrants | undefined> {
  const { account, broker } = leaving;
  const regions = regionsReached(leaving);
  const isThere = (arn: string) => {
    const cluster = clusterOf(arn);
    return cluster.account === account && regions.includes(cluster.region);
  };
  const now = await seen.stacks.read(broker);
  const inBroker = Object.keys(assembledIn(now?.template ?? {}).clusters).filter(isThere);
  if (inBroker.length > 0) throw inDeployedBroker(account, inBroker);
  const address = now?.outputs["ApiUrl"];
  let proof: NoGrants | undefined;
  if (address !== undefined) {
    const grants = await lentThere(context, address, isThere, adminProfile);
    proof = noGrants(grants);
    if (!proof) throw stillLent(account, grantLines(grants));
  }
  demandNoEntries(await entriesIn(leaving, regions, seen));
  return proof;
}

/** A resource named after a region is only needed there; roles serve all regions. */
export function regionsReached({
  regions,
  left,
}: Pick<LeavingAccount, "regions" | "left">): readonly string[] {
  const isRegional = ({ place: { name, region } }: LeftStack) => name.endsWith(`-${region}`);
  return left.every(isRegional) ? [...new Set(left.map(({ place }) => place.region))] : regions;
}

async function lentThere(
  context: Context,
  address: string,
  isThere: (arn: string) => boolean,
  adminProfile: string | undefined,
) {
  try {
    const api = await context.api(adminProfile);
    demandSameApi(api, address, NOT_DONE);
    return await lentOn(api, isThere);
  } catch (error) {
    throw adminProfile === undefined ? asAdminOrAuditor(error) : error;
  }
}

/**
 * Reads the entries of all clusters of the account there, also those that never were in the policy.
 */
async function entriesIn(
  { account, broker }: LeavingAccount,
  regions: readonly string[],
  { clusters, entries }: SeenInAccount,
): Promise<readonly ManagedEntries[]> {
  const found: ManagedEntries[] = [];
  for (const region of regions)
    for (const cluster of await clusters(placeBeside(broker, account, region)))
      found.push(await entries(cluster));
  return found;
}

const inDeployedBroker = (account: string, findings: readonly string[]) =>
  new Failure("conflict", "account-in-broker", {
    what: `The deployed broker has clusters that need these stacks of account ${account}.`,
    notDone: NOT_DONE,
    findings,
    next: ["Next: deploy the policy without them, and run it again: timelatch deploy"],
  });

const stillLent = (account: string, findings: readonly string[]) =>
  new Failure("conflict", "lent-in-account", {
    what: `${findings.length} ${findings.length === 1 ? "grant has" : "grants have"} not ended in account ${account}.`,
    notDone: NOT_DONE,
    findings,
    next: [
      "Next: write their clusters again in access.yaml with retired: true, and deploy. Then end them:",
      "  timelatch revoke <id>",
    ],
  });
