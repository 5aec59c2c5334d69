/** Values that the intruder gives to a field of a record. */
import type { Item } from "../../../test/e2e/table-intruder.ts";
import type { ForgeryScene } from "./forgery.ts";

/** Values of types that no field expects, and one that some field does. */
const ODD: readonly unknown[] = [
  null,
  "",
  "x",
  -1,
  Number.MAX_SAFE_INTEGER,
  true,
  [],
  [null],
  {},
  undefined,
];
const TIMES = ["revokeAt", "expiresAt", "approvedAt", "startsAt", "until"] as const;
const OTHERS = [
  ...["id", "version", "state", "requester", "cluster", "principalArn", "access", "rule"],
  ...["durationSeconds", "reason", "breakGlass", "review", "requirements", "extends"],
  ...["createdAt", "updatedAt", "lapsesAt", "digest", "earlierTerms", "escalatedFrom"],
  ...["approvals", "effectiveAt", "outcome", "lastHash"],
] as const;
const STATES = ["pending", "approved", "active", "ending", "ended"] as const;

const HOUR_SECONDS = 3_600;

/** A field, and its value to be; undefined for none. Often an end that is hours away. */
export function valueFor({
  random,
  now,
  remembered,
}: Pick<ForgeryScene, "random" | "now" | "remembered">): readonly [string, unknown] {
  const isTime = random.chance(0.45);
  const field = random.pick<string>(isTime ? TIMES : OTHERS);
  if (random.chance(0.25)) return [field, random.pick(ODD)];
  const seconds = random.whole(-HOUR_SECONDS, 10 * HOUR_SECONDS);
  if (isTime) return [field, new Date(Date.parse(now) + seconds * 1_000).toISOString()];
  if (field === "state") return [field, random.pick(STATES)];
  if (field === "durationSeconds") return [field, random.whole(1, 10 * HOUR_SECONDS)];
  const from = remembered.length > 0 ? (random.pick(remembered).item["request"] as Item) : {};
  return [field, (from as Item | null)?.[field]];
}

/** DynamoDB stores no value of undefined. */
export function withField(record: Item, field: string, value: unknown): Item {
  const { [field]: _before, ...rest } = record;
  return value === undefined ? rest : { ...rest, [field]: value };
}
