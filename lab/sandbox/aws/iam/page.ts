import { validationError } from "./role-name.ts";

/** One page of an IAM list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly isTruncated: boolean;
  readonly marker?: string;
}

/**
 * The page that `Marker` and `MaxItems` ask for; a marker is the name of the page's first item.
 * @throws AwsError `ValidationError` 400
 */
export function pageOf<Item>(
  all: readonly Item[],
  nameOf: (item: Item) => string,
  input: Record<string, unknown>,
): Page<Item> {
  const limit = Number(input["MaxItems"] ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw validationError("MaxItems is a whole number from 1 to 1000.");
  const from =
    input["Marker"] === undefined ? 0 : all.findIndex((each) => nameOf(each) === input["Marker"]);
  if (from < 0) throw validationError("Invalid Marker.");
  const next = all[from + limit];
  return {
    items: all.slice(from, from + limit),
    isTruncated: next !== undefined,
    ...(next === undefined ? {} : { marker: nameOf(next) }),
  };
}
