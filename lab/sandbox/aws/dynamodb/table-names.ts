import { invalid } from "./errors.ts";

/** The account and region of tables. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** How the account's ARNs of tables begin. */
export const arnsOf = ({ region, account }: Place): string =>
  `arn:aws:dynamodb:${region}:${account}:`;

export const tableArn = (place: Place, name: string): string => `${arnsOf(place)}table/${name}`;

/**
 * The name of a table of this account and region, from its name or ARN. Another ARN is answered as
 * it is, and is no table's name.
 */
export function tableNameOf(place: Place, named: unknown): string {
  if (typeof named !== "string") throw invalid("A table is named by a string.");
  const start = tableArn(place, "");
  return named.startsWith(start) ? named.slice(start.length) : named;
}
