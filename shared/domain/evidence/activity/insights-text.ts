/**
 * Puts values into queries of CloudWatch Logs Insights. Nothing that a value holds can end its text.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */

/** Whether a value needs no escape in a text: it has the characters of an ARN without a path. */
export const isPlain = (value: string): boolean => /^[\w+=,.@:/-]+$/.test(value);

/**
 * A value as a text between quotation marks. AWS does not document escapes in texts, so a value
 * that would need one is refused.
 *
 * @throws Error for a value that is not plain
 */
export function quotedText(value: string): string {
  if (!isPlain(value))
    throw new Error(`${JSON.stringify(value)} cannot stand in a query. The query was not made.`);
  return `"${value}"`;
}

/**
 * A value as part of a regular expression between slashes, as it stands in a text of a JSON event. A
 * backslash makes any sign stand for itself. Go's JSON may write three signs by their codes. The two
 * that mean something in the query language itself are written by theirs.
 */
export const patternText = (value: string): string =>
  [...JSON.stringify(value).slice(1, -1)]
    .map((one) => CODED[one] ?? (/[\w:=@,-]/.test(one) ? one : `\\${one}`))
    .join("");

/** https://pkg.go.dev/encoding/json#HTMLEscape */
const CODED: Readonly<Record<string, string>> = {
  "|": "\\x7c",
  "#": "\\x23",
  "<": "(?:\\<|\\\\u003c)",
  ">": "(?:\\>|\\\\u003e)",
  "&": "(?:\\&|\\\\u0026)",
};
