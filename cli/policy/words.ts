import { visible } from "../../shared/domain/values/visible-text.ts";

/** How a name of the policy is written in a sentence: plain, or as code in Markdown. */
export type Mark = (text: string) => string;

export const plain: Mark = visible;

/** As code, with more backticks around it than are in it. */
export const asCode: Mark = (text) => {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${fence}${space}${visible(text)}${space}${fence}`;
};

const MOST = 8;

/** `a`, `a and b`, `a, b and c`; of many, the first and how many more. */
export function listed(names: readonly string[], mark: Mark): string {
  const shown = names.length <= MOST + 1 ? names : names.slice(0, MOST);
  const words = shown.map(mark);
  const left = names.length - shown.length;
  const all = left > 0 ? [...words, `${left} more`] : words;
  const last = all.at(-1) ?? "";
  return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} and ${last}`;
}

/** The same of several; in full where two of them are the same but for their accounts. */
export const shortArns = (arns: readonly string[]): readonly string[] =>
  arns.map((arn) => {
    const short = shortArn(arn);
    return arns.some((other) => other !== arn && shortArn(other) === short) ? arn : short;
  });

/** `arn:…:role/people/alice` as `role/people/alice`; `arn:…:cluster/prod` as `cluster/prod`. */
export const shortArn = (arn: string): string => arn.split(":").slice(5).join(":") || arn;
