import { PRODUCTION, SANDBOX, type StackSettings } from "./settings.ts";

/** One way to synthesize the stack. All variants make the same resources. */
export interface Variant {
  readonly name: string;
  readonly settings: StackSettings;
  /** Without it, the template fits any account and region. */
  readonly env?: { readonly account: string; readonly region: string };
}

/**
 * @param process `TIMELATCH_SETTINGS` names the variant: `production` if it is not set, or
 *   `sandbox`. `TIMELATCH_READ_LAG_SECONDS` is how far the sandbox's broker expects reads to lag.
 *   CDK sets the other two from the AWS profile in use.
 * @throws Error where the variables do not make a variant
 */
export function variantOf(process: {
  readonly TIMELATCH_SETTINGS?: string | undefined;
  readonly TIMELATCH_READ_LAG_SECONDS?: string | undefined;
  readonly CDK_DEFAULT_ACCOUNT?: string | undefined;
  readonly CDK_DEFAULT_REGION?: string | undefined;
}): Variant {
  const name = process.TIMELATCH_SETTINGS || "production";
  if (name === "sandbox")
    return {
      name,
      settings: withReadLag(SANDBOX, process.TIMELATCH_READ_LAG_SECONDS),
      env: { account: "111122223333", region: "us-west-2" },
    };
  if (name !== "production")
    throw new Error(
      `TIMELATCH_SETTINGS is ${JSON.stringify(name)}; it can be "production" or "sandbox". Nothing was synthesized.`,
    );
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process;
  if (account && !region)
    throw new Error(
      "CDK_DEFAULT_ACCOUNT is set, and CDK_DEFAULT_REGION is not. Nothing was synthesized. Set both, or neither for a template that fits any account and region.",
    );
  return {
    name,
    settings: PRODUCTION,
    ...(account && region ? { env: { account, region } } : {}),
  };
}

const withReadLag = (settings: StackSettings, seconds: string | undefined): StackSettings =>
  seconds
    ? { ...settings, broker: { ...settings.broker, readLagSeconds: Number(seconds) } }
    : settings;
