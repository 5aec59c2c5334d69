/**
 * Settings of the SDK clients in a function that has only seconds. Times in milliseconds. Without
 * `throwOnRequestTimeout`, the SDK only warns about a request that takes too long.
 * https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-smithy-node-http-handler/
 */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: 2_000,
  throwOnRequestTimeout: true,
};

/** For calls that are recorded one by one, and retried by `awsCaller`. */
export const ONE_ATTEMPT = { maxAttempts: 1, requestHandler };

/** For calls that are safe to repeat and need no record. */
export const FEW_ATTEMPTS = { maxAttempts: 3, requestHandler };

/** For calls that move megabytes, in a function that has minutes. */
export const LARGE_BODIES = {
  maxAttempts: 3,
  requestHandler: { ...requestHandler, requestTimeout: 30_000 },
};
