/** The AWS account and region of the broker. */
export const ACCOUNT = "111122223333";
export const REGION = "us-west-2";
/** A second account, with a cluster and nothing else until a policy names that. */
export const SPOKE_ACCOUNT = "444455556666";
