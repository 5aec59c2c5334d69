/**
 * How the SDK's clients behave inside a function that has seconds to live. Times in milliseconds.
 * `throwOnRequestTimeout`, since the SDK otherwise only warns of a request that takes too long.
 * https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-smithy-node-http-handler/
 */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: 2_000,
  throwOnRequestTimeout: true,
};

/** For calls that are recorded one by one, and retried by `awsCaller`. */
export const ONE_ATTEMPT = { maxAttempts: 1, requestHandler };

/** For calls that may be repeated without anyone knowing. */
export const FEW_ATTEMPTS = { maxAttempts: 3, requestHandler };
