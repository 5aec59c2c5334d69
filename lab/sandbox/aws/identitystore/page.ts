/** A page of a list, as Identity Center gives it. */
import { AwsError, type Call } from "../service.ts";

/** https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_ListUsers.html */
const LARGEST = 100;

interface Page<Item> {
  readonly items: readonly Item[];
  readonly NextToken?: string;
}

/**
 * @throws AwsError ValidationException for an invalid size or token, and for other members than
 * `members`
 */
export function pageOf<Item>(
  all: readonly Item[],
  input: Call["input"],
  members: readonly string[],
): Page<Item> {
  refuseOthers(input, ["MaxResults", "NextToken", ...members]);
  const size = input["MaxResults"] ?? LARGEST;
  if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > LARGEST)
    throw invalid(`Value '${size}' at 'maxResults' must be between 1 and ${LARGEST}`);
  const from = offsetOf(input["NextToken"]);
  const next = from + size;
  return {
    items: all.slice(from, next),
    ...(next < all.length ? { NextToken: tokenOf(next) } : {}),
  };
}

function refuseOthers(input: Call["input"], members: readonly string[]): void {
  const other = Object.keys(input).find((member) => !members.includes(member));
  if (other !== undefined) throw invalid(`The sandbox does not emulate the parameter ${other}.`);
}

const tokenOf = (offset: number): string => Buffer.from(`page:${offset}`).toString("base64url");

function offsetOf(token: unknown): number {
  if (token === undefined) return 0;
  const [, offset] = /^page:(\d+)$/.exec(Buffer.from(String(token), "base64url").toString()) ?? [];
  if (offset === undefined) throw invalid("The provided NextToken is invalid");
  return Number(offset);
}

const invalid = (message: string) => new AwsError("ValidationException", 400, message);
