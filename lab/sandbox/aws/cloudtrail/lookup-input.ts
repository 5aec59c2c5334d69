/** Reads what LookupEvents is asked. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
import { AwsError, type Call } from "../service.ts";

export interface Lookup {
  readonly attribute?: { readonly key: AttributeKey; readonly value: string };
  /** Epoch seconds; either end is included. */
  readonly from: number;
  readonly to: number;
  readonly maxResults: number;
  readonly nextToken?: string;
}

const KEYS = [
  "EventId",
  "EventName",
  "ReadOnly",
  "Username",
  "ResourceType",
  "ResourceName",
  "EventSource",
  "AccessKeyId",
] as const;

export type AttributeKey = (typeof KEYS)[number];

/** How far back the event history reaches. */
const HISTORY_SECONDS = 90 * 86_400;
const MOST_RESULTS = 50;
const MEMBERS = ["LookupAttributes", "StartTime", "EndTime", "MaxResults", "NextToken"];

/**
 * @throws AwsError InvalidLookupAttributesException, InvalidTimeRangeException,
 *   InvalidMaxResultsException, InvalidNextTokenException, InvalidEventCategoryException
 */
export function lookupOf({ input, now }: Call): Lookup {
  // The one category, `insight`, belongs to CloudTrail Insights.
  if (input["EventCategory"] !== undefined)
    throw refusal("InvalidEventCategory", "The sandbox does not emulate EventCategory.");
  const unknown = Object.keys(input).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined)
    throw new AwsError("ValidationException", 400, `The sandbox does not emulate ${unknown}.`);
  const attribute = attributeOf(input["LookupAttributes"]);
  const nextToken = input["NextToken"];
  if (nextToken !== undefined && typeof nextToken !== "string") throw invalidNextToken();
  return {
    ...(attribute === undefined ? {} : { attribute }),
    ...rangeOf(input, now),
    maxResults: maxResultsOf(input["MaxResults"]),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

function attributeOf(value: unknown): Lookup["attribute"] {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw invalidAttributes("LookupAttributes is a list.");
  if (value.length === 0) return undefined;
  if (value.length > 1) throw invalidAttributes("Only one lookup attribute can be specified.");
  const { AttributeKey: name, AttributeValue: text } = value[0] as Record<string, unknown>;
  const key = KEYS.find((each) => each === name);
  if (key === undefined) throw invalidAttributes(`The lookup attribute key ${name} is not valid.`);
  if (typeof text !== "string" || text.length === 0 || text.length > 2000)
    throw invalidAttributes("A lookup attribute value has 1 to 2000 characters.");
  if (key === "ReadOnly" && text !== "true" && text !== "false")
    throw invalidAttributes("The value of ReadOnly is true or false.");
  return { key, value: text };
}

function rangeOf(input: Readonly<Record<string, unknown>>, now: Date) {
  const present = now.getTime() / 1000;
  const oldest = present - HISTORY_SECONDS;
  const instant = (name: string) => {
    const value = input[name];
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isFinite(value))
      throw invalidRange(`${name} is not a number of seconds since 1970.`);
    return value;
  };
  const start = instant("StartTime");
  const end = instant("EndTime");
  if (start !== undefined && end !== undefined && start > end)
    throw invalidRange("The start time is after the end time.");
  if (end !== undefined && end < oldest)
    throw invalidRange("The time range is outside the range of possible values: 90 days.");
  return { from: Math.max(start ?? oldest, oldest), to: end ?? present };
}

function maxResultsOf(value: unknown): number {
  if (value === undefined) return MOST_RESULTS;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > MOST_RESULTS)
    throw refusal("InvalidMaxResults", `MaxResults is a number from 1 to ${MOST_RESULTS}.`);
  return value;
}

const refusal = (name: string, message: string) => new AwsError(`${name}Exception`, 400, message);

const invalidAttributes = (message: string) => refusal("InvalidLookupAttributes", message);
const invalidRange = (message: string) => refusal("InvalidTimeRange", message);

export const invalidNextToken = () =>
  refusal(
    "InvalidNextToken",
    "The token is not valid, or it was passed with other parameters than those that it belongs to.",
  );
