import { page } from "../sqs/page.ts";
import type { Input } from "./constraints.ts";
import { validation } from "./errors.ts";

const MOST_RESULTS = 100;

/**
 * The page that a call asks for, of what is named as it wishes.
 *
 * @param entries by the key that orders them
 * @throws ValidationException for a token that was not given out
 */
export function pageOf<Item extends { readonly name: string }>(
  input: Input,
  entries: readonly (readonly [string, Item])[],
): { readonly items: readonly Item[]; readonly nextToken?: string } {
  const { NamePrefix: prefix, MaxResults: max, NextToken: token } = input;
  const named = entries.filter(([, { name }]) => name.startsWith(String(prefix ?? "")));
  const { items, ...rest } = page(named, ([key]) => key, {
    maxResults: typeof max === "number" ? max : MOST_RESULTS,
    nextToken: typeof token === "string" ? token : undefined,
    refuse: () => validation("The NextToken was not given out by this operation."),
  });
  return { items: items.map(([, item]) => item), ...rest };
}
