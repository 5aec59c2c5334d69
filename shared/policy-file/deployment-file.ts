/** `timelatch.config.yaml`: where a deployment is, and what it has of its account. */
import * as z from "zod/mini";
import { IncludeName } from "./people/people-file.ts";
import { readAs, readLocatedYaml } from "./yaml/located-yaml.ts";

const text = (form: RegExp, error: string) => z.string(error).check(z.regex(form, error));

const AccountId = text(/^\d{12}$/, "Write the account's twelve digits in quotes.");

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
export const Region = text(
  /^[a-z]{2}(?:-[a-z]+)+-\d$/,
  "Write a region such as us-west-2, in lower case.",
);

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const Concurrency = z
  .int("Write a whole number, such as 1000.")
  .check(z.minimum(1, "Write a whole number from 1 on, such as 1000."));

const Topic = text(
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
  "Write the ARN of a standard SNS topic.",
);

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const TableName = text(/^[\w.-]{3,255}$/, "Write the name of a DynamoDB table.");

const Tables = z.strictObject({
  requests: z.exactOptional(TableName),
  audit: z.exactOptional(TableName),
  ledger: z.exactOptional(TableName),
});

const DeploymentFile = z.strictObject({
  version: z.literal(1),
  account: AccountId,
  region: Region,
  access: z.exactOptional(IncludeName),
  alarmTopics: z.exactOptional(z.array(Topic)),
  lambdaConcurrency: z.exactOptional(Concurrency),
  dashboard: z.exactOptional(z.boolean("Write true or false.")),
  tables: z.exactOptional(Tables),
});

/** The content of the file; the library decides what is left out. */
export interface DeploymentConfig {
  /** The broker's account, twelve digits, and its region. */
  readonly account: string;
  readonly region: string;
  /** The policy's file, beside this one. */
  readonly access: string;
  readonly options: {
    /** ARNs of SNS topics. Synthesis knows where there are alarms, and refuses others. */
    readonly alarmTopics?: readonly string[];
    /** Unreserved concurrent executions of Lambda in the account and region. */
    readonly lambdaConcurrency?: number;
    readonly dashboard?: boolean;
    /** Names of restored tables, which take the place of the stack's own. */
    readonly tables?: {
      readonly requests?: string;
      readonly audit?: string;
      readonly ledger?: string;
    };
  };
}

/** @throws FileFaults with each fault and its place */
export function parseDeploymentFile(content: string): DeploymentConfig {
  const yaml = readLocatedYaml(content);
  const { version, account, region, access, ...options } = readAs(yaml, DeploymentFile);
  return { account, region, access: access ?? "access.yaml", options };
}
