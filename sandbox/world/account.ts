/** The AWS account and region of the sandbox. */
export const ACCOUNT = "111122223333";
export const REGION = "us-west-2";
