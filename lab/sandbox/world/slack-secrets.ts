import { randomBytes } from "node:crypto";
import type { SsmState } from "../aws/ssm/state.ts";
import { initialTokens } from "./outside-tokens.ts";

/**
 * The names under which the stack's functions look for the app's secrets; docs/slack.md has an
 * operator put them.
 */
export const BOT_TOKEN_PARAMETER = "/timelatch/slack/bot-token";
export const SIGNING_SECRET_PARAMETER = "/timelatch/slack/signing-secret";

/** The parameters that an operator would have put: secrets of this sandbox's own Slack app, and of its services. */
export function initialParameters(at: Date): SsmState {
  const secret = (value: string) => ({
    type: "SecureString" as const,
    value,
    version: 1,
    modifiedAt: at.getTime(),
  });
  return {
    parameters: {
      [BOT_TOKEN_PARAMETER]: secret(`xoxb-sandbox-${randomBytes(12).toString("hex")}`),
      [SIGNING_SECRET_PARAMETER]: secret(randomBytes(16).toString("hex")),
      ...Object.fromEntries(
        Object.entries(initialTokens()).map(([name, value]) => [name, secret(value)]),
      ),
    },
  };
}
