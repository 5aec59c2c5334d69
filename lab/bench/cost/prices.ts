/**
 * AWS's list prices in us-east-1, on demand, in USD. Free tiers and discounts are not in them.
 *
 * They were looked up in November 2026, in copies of AWS's price list that others publish. `page`
 * is AWS's own page: look there before you rely on a figure. One fact is from memory only: a custom
 * metric is billed by the hour.
 */
export interface Price {
  readonly service: string;
  /** The unit that the price is for. */
  readonly unit: string;
  readonly usd: number;
  /** AWS's page with the price. */
  readonly page: string;
}

const MILLION = 1_000_000;

const DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/";
const LAMBDA = "https://aws.amazon.com/lambda/pricing/";
const SQS = "https://aws.amazon.com/sqs/pricing/";
const EVENTBRIDGE = "https://aws.amazon.com/eventbridge/pricing/";
const S3 = "https://aws.amazon.com/s3/pricing/";
const KMS = "https://aws.amazon.com/kms/pricing/";
const CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/";
const API_GATEWAY = "https://aws.amazon.com/api-gateway/pricing/";

export const PRICES = {
  writeUnits: {
    service: "DynamoDB",
    unit: "write request unit",
    page: DYNAMODB,
    usd: 0.625 / MILLION,
  },
  readUnits: {
    service: "DynamoDB",
    unit: "read request unit",
    page: DYNAMODB,
    usd: 0.125 / MILLION,
  },
  invocations: { service: "Lambda", unit: "invocation", page: LAMBDA, usd: 0.2 / MILLION },
  gigabyteSeconds: {
    service: "Lambda",
    unit: "GB-second on Arm",
    page: LAMBDA,
    usd: 0.0000133334,
  },
  apiRequests: {
    service: "API Gateway",
    unit: "request of an HTTP API",
    page: API_GATEWAY,
    usd: 1 / MILLION,
  },
  fifoRequests: {
    service: "SQS",
    unit: "request to a FIFO queue",
    page: SQS,
    usd: 0.5 / MILLION,
  },
  queueRequests: {
    service: "SQS",
    unit: "request to a standard queue",
    page: SQS,
    usd: 0.4 / MILLION,
  },
  scheduleInvocations: {
    service: "EventBridge Scheduler",
    unit: "invocation",
    page: EVENTBRIDGE,
    usd: 1 / MILLION,
  },
  customEvents: {
    service: "EventBridge",
    unit: "event put on a bus",
    page: EVENTBRIDGE,
    usd: 1 / MILLION,
  },
  /** Rules that run by the clock, and what AWS's services send to the default bus, CloudTrail among them. */
  serviceEvents: {
    service: "EventBridge",
    unit: "event of an AWS service",
    page: EVENTBRIDGE,
    usd: 0,
  },
  objectPuts: {
    service: "S3",
    unit: "PUT or LIST request",
    page: S3,
    usd: 0.005 / 1_000,
  },
  objectGets: { service: "S3", unit: "GET request", page: S3, usd: 0.0004 / 1_000 },
  keys: { service: "KMS", unit: "key for a month", page: KMS, usd: 1 },
  signatures: {
    service: "KMS",
    unit: "signature or public key of ECC",
    page: KMS,
    usd: 0.15 / 10_000,
  },
  alarms: { service: "CloudWatch", unit: "alarm for a month", page: CLOUDWATCH, usd: 0.1 },
  /** By the hour in which it has data, so one with data in every hour costs this. */
  metrics: { service: "CloudWatch", unit: "custom metric for a month", page: CLOUDWATCH, usd: 0.3 },
  dashboards: { service: "CloudWatch", unit: "dashboard for a month", page: CLOUDWATCH, usd: 3 },
  logGigabytes: { service: "CloudWatch Logs", unit: "GB written", page: CLOUDWATCH, usd: 0.5 },
  logGigabyteMonths: {
    service: "CloudWatch Logs",
    unit: "GB kept for a month",
    page: CLOUDWATCH,
    usd: 0.03,
  },
} as const satisfies Readonly<Record<string, Price>>;

/** The names of everything with a price. */
export type Priced = keyof typeof PRICES;
