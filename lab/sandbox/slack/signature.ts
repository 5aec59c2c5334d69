import { createHmac } from "node:crypto";

/**
 * Slack's signature v0 of a request: https://docs.slack.dev/authentication/verifying-requests-from-slack.
 * @param timestamp seconds since 1970
 */
export function signatureV0(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}

/** The headers that Slack puts on what it sends to an app. */
export function signedHeaders(
  secret: string,
  body: string,
  now: Date,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  return {
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": signatureV0(secret, timestamp, body),
    "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    accept: "application/json,*/*",
  };
}
