/** The sandbox's AWS accounts and regions. */

/** The account and region of the broker. */
export const ACCOUNT = "111122223333";
export const REGION = "us-west-2";
/** A second account, with clusters and nothing else until a policy names those. */
export const SPOKE_ACCOUNT = "444455556666";
/** Another region, of both accounts. */
export const FAR_REGION = "eu-west-1";

/**
 * The region in which CloudTrail has IAM's events, in every account. The sandbox has nothing else
 * there.
 */
export const GLOBAL_REGION = "us-east-1";

/** An account in one region: what has queues, schedules, clusters, events and stacks of its own. */
export interface AccountRegion {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

export const ACCOUNTS: readonly string[] = [ACCOUNT, SPOKE_ACCOUNT];
export const REGIONS: readonly string[] = [REGION, FAR_REGION];

/** The broker's account and region. */
export const HOME: AccountRegion = { account: ACCOUNT, region: REGION };

/** Each account in each region; the broker's first. */
export const PLACES: readonly AccountRegion[] = REGIONS.flatMap((region) =>
  ACCOUNTS.map((account) => ({ account, region })),
);

export const isSamePlace = (one: AccountRegion, other: AccountRegion): boolean =>
  one.account === other.account && one.region === other.region;
