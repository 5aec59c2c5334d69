import { isTopic } from "./alarm-topics.ts";
import { type AdoptedTables, PRODUCTION, SANDBOX, type StackSettings } from "./settings.ts";

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
 *   `TIMELATCH_ALARM_TOPICS` lists SNS topics, separated by commas. `TIMELATCH_LAMBDA_CONCURRENCY` is the
 *   account's unreserved concurrency, and `TIMELATCH_DASHBOARD` is `on` or `off`. `TIMELATCH_TABLES` names
 *   restored tables, also for the sandbox. CDK sets the other two from the AWS profile in use.
 * @throws Error where the variables do not make a variant
 */
export function variantOf(process: {
  readonly TIMELATCH_SETTINGS?: string | undefined;
  readonly TIMELATCH_READ_LAG_SECONDS?: string | undefined;
  readonly TIMELATCH_ALARM_TOPICS?: string | undefined;
  readonly TIMELATCH_LAMBDA_CONCURRENCY?: string | undefined;
  readonly TIMELATCH_DASHBOARD?: string | undefined;
  readonly TIMELATCH_TABLES?: string | undefined;
  readonly CDK_DEFAULT_ACCOUNT?: string | undefined;
  readonly CDK_DEFAULT_REGION?: string | undefined;
}): Variant {
  const name = process.TIMELATCH_SETTINGS || "production";
  const tables = adoptedIn(process.TIMELATCH_TABLES);
  if (name === "sandbox")
    return {
      name,
      settings: { ...withReadLag(SANDBOX, process.TIMELATCH_READ_LAG_SECONDS), tables },
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
    settings: {
      ...PRODUCTION,
      alarmTopics: topicsIn(process.TIMELATCH_ALARM_TOPICS),
      lambdaConcurrency: concurrencyIn(process.TIMELATCH_LAMBDA_CONCURRENCY),
      dashboard: isDashboardOn(process.TIMELATCH_DASHBOARD),
      tables,
    },
    ...(account && region ? { env: { account, region } } : {}),
  };
}

function concurrencyIn(written: string | undefined): number {
  if (!written) return PRODUCTION.lambdaConcurrency;
  if (/^[1-9]\d{0,6}$/.test(written)) return Number(written);
  throw new Error(
    `TIMELATCH_LAMBDA_CONCURRENCY is ${JSON.stringify(written)}, which is no whole number from 1. Nothing was synthesized. Write what "aws lambda get-account-settings --query AccountLimit.UnreservedConcurrentExecutions" answers.`,
  );
}

function isDashboardOn(written: string | undefined): boolean {
  if (!written) return PRODUCTION.dashboard;
  if (written === "on" || written === "off") return written === "on";
  throw new Error(
    `TIMELATCH_DASHBOARD is ${JSON.stringify(written)}; it can be "on" or "off". Nothing was synthesized.`,
  );
}

const TABLE = /^(requests|audit|ledger)=([\w.-]{3,255})$/;

function adoptedIn(list: string | undefined): AdoptedTables {
  const named = (list ?? "").split(",").filter((one) => one.trim() !== "");
  return Object.fromEntries(
    named.map((one) => {
      const [, table, name] = TABLE.exec(one.trim()) ?? [];
      if (table === undefined)
        throw new Error(
          `TIMELATCH_TABLES has ${JSON.stringify(one)}, which names no table. Nothing was synthesized. Write requests=NAME, audit=NAME or ledger=NAME, separated by commas.`,
        );
      return [table, name];
    }),
  );
}

function topicsIn(list: string | undefined): readonly string[] {
  const topics = (list ?? "").split(",").map((one) => one.trim());
  const listed = topics.filter((one) => one !== "");
  const wrong = listed.find((one) => !isTopic(one));
  if (wrong !== undefined)
    throw new Error(
      `TIMELATCH_ALARM_TOPICS has ${JSON.stringify(wrong)}, which is no SNS topic. Nothing was synthesized. Write ARNs of standard topics, separated by commas.`,
    );
  return listed;
}

const withReadLag = (settings: StackSettings, seconds: string | undefined): StackSettings =>
  seconds
    ? { ...settings, broker: { ...settings.broker, readLagSeconds: Number(seconds) } }
    : settings;
