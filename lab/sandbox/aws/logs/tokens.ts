/** The words of CloudWatch Logs Insights' query language. */
import { malformed } from "./errors.ts";

export interface Token {
  readonly kind: "word" | "field" | "text" | "number" | "pattern" | "sign";
  readonly text: string;
}

/**
 * Words may hold `@`, dots and digits: `@timestamp`, `user.extra.arn.0`. Any other name stands in
 * backticks. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
const TOKENS: readonly (readonly [kind: Token["kind"] | "space", pattern: RegExp])[] = [
  ["space", /\s+|#[^\n]*/y],
  ["number", /-?\d+(?:\.\d+)?(?![\w.])/y],
  ["field", /`[^`]+`/y],
  ["text", /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/sy],
  ["pattern", /\/(?:[^/\\\n]|\\.)+\/i?/y],
  ["sign", /!=|<=|>=|=~|[=<>()[\],|*]/y],
  ["word", /[@\w][\w@]*(?:\.[\w@]+)*/y],
];

/** @throws AwsError MalformedQueryException for what is no word of the language */
export function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const [kind, text] = tokenAt(query, at);
    if (kind !== "space") tokens.push({ kind, text });
    at += text.length;
  }
  return tokens;
}

function tokenAt(query: string, at: number): readonly [Token["kind"] | "space", string] {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at;
    const text = pattern.exec(query)?.[0];
    if (text !== undefined) return [kind, text];
  }
  throw malformed(`unexpected symbol found ${query.charAt(at)} at character ${at + 1}`);
}

/** The value of a text in quotation marks. */
export const unquoted = (text: string): string => text.slice(1, -1).replace(/\\(.)/gs, "$1");
