/** The updates of a binding's head that are not steps: parking, and mending what others wrote there. */

import { plusSeconds } from "../../../domain/values/instant.ts";
import type { BindingView, NextTimes, ParkedFrom } from "../../../ports/binding-store.ts";
import {
  driftCheckIndex,
  dueIndex,
  headKey,
  REVISION_HOLDS_SECONDS,
  removalIndex,
  SCHEMA,
} from "../keys.ts";
import { DUE_WITH_REMOVAL, RESERVED } from "./binding-view.ts";
import { DUE_ATTRIBUTES } from "./due-items.ts";

/** The attributes that say when a head is due. */
const TIMES: readonly string[] = [...DUE_ATTRIBUTES, DUE_WITH_REMOVAL];

/** The update that parks a head. A time that is null leaves its index. */
export function parking(binding: string, from: ParkedFrom, next: NextTimes, now: string) {
  const set = parkedAttributes(binding, from, next, now);
  const gone = TIMES.filter((attribute) => !(attribute in set));
  const entries = Object.entries(set);
  const { condition, values } = parkedOnly(from, now);
  return {
    Key: headKey(binding),
    ConditionExpression: condition,
    UpdateExpression: [
      `SET ${entries.map(([attribute]) => `#${attribute} = :${attribute}`).join(", ")}`,
      ...(gone.length > 0 ? [`REMOVE ${gone.join(", ")}`] : []),
    ].join(" "),
    // `schema` is a reserved word.
    ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])),
      ...values,
    },
  };
}

function parkedAttributes(
  binding: string,
  from: ParkedFrom,
  next: NextTimes,
  now: string,
): Readonly<Record<string, unknown>> {
  const { attempts, dueFor, dueAt, removeAt, driftCheckAt, reservedBytes } = next;
  const { ledgerRevision, ledgerHolds = false, address } = from;
  const isWithRemoval = dueAt !== null && dueAt === removeAt;
  return {
    attempts,
    dueFor,
    ledgerRevision,
    ledgerHolds,
    parkedAt: now,
    [RESERVED]: reservedBytes,
    ...(address ? { schema: SCHEMA, version: from.version, ...address } : {}),
    ...(isWithRemoval ? { [DUE_WITH_REMOVAL]: true } : {}),
    ...(dueAt === null || isWithRemoval ? {} : dueIndex(binding, dueAt)),
    ...(removeAt === null ? {} : removalIndex(binding, removeAt)),
    ...(driftCheckAt === null ? {} : driftCheckIndex(binding, driftCheckAt)),
  };
}

/**
 * The condition on a head that may be parked. A later revision keeps earlier runs out while it is
 * recent. Others may have written a revision or an instant of any kind: only a number and an
 * instant near now keep anybody out.
 */
function parkedOnly({ version, ledgerRevision, behind, address }: ParkedFrom, now: string) {
  const isOurs = [
    "NOT (ledgerRevision > :ledgerRevision AND parkedAt BETWEEN :held AND :ahead)",
    ...(behind === undefined ? [] : ["ledgerRevision = :behind"]),
  ].join(" OR ");
  const isThere = address ? "attribute_not_exists(version)" : "attribute_exists(pk)";
  const isAsSeen =
    version === 0
      ? `(version = :version OR (${isThere} AND attribute_not_exists(version)))`
      : "version = :version";
  return {
    condition: `${isAsSeen} AND (${isOurs})`,
    values: {
      ":version": version,
      ":ledgerRevision": ledgerRevision,
      ":held": plusSeconds(now, -REVISION_HOLDS_SECONDS),
      ":ahead": plusSeconds(now, REVISION_HOLDS_SECONDS),
      ...(behind === undefined ? {} : { ":behind": behind }),
    },
  };
}

/**
 * How many attributes one update removes: the text of an update has at most 4 KB.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters
 */
const REMOVED_AT_ONCE = 100;
/** How many updates one run makes. Others can put tens of thousands of attributes on a head. */
const MOST_UPDATES = 10;

/** The updates that remove what is broken on a head: one after the other, and the rest in the next run. */
export const mendings = ({ broken, ...view }: BindingView) =>
  Array.from({ length: Math.ceil(broken.length / REMOVED_AT_ONCE) }, (_, n) =>
    broken.slice(n * REMOVED_AT_ONCE, (n + 1) * REMOVED_AT_ONCE),
  )
    .slice(0, MOST_UPDATES)
    .map((names) => mending(view, names, broken.includes("version")));

/** Each step changes when the head is due, so a step since the view is seen there. */
function mending(
  { binding, version, dueAt, removeAt }: Omit<BindingView, "broken">,
  broken: readonly string[],
  isVersionBroken: boolean,
) {
  const values = {
    ...(dueAt === null ? {} : { ":dueAt": dueAt }),
    ...(removeAt === null ? {} : { ":removeAt": removeAt }),
    ...(isVersionBroken ? {} : { ":version": version }),
  };
  return {
    Key: headKey(binding),
    UpdateExpression: `REMOVE ${broken.map((_, n) => `#n${n}`).join(", ")}`,
    ConditionExpression: [
      asSeen("dueSk", dueAt === null ? undefined : ":dueAt"),
      asSeen("removalSk", removeAt === null ? undefined : ":removeAt"),
      ...(isVersionBroken ? [] : [version === 0 ? NO_VERSION : "version = :version"]),
    ].join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(broken.map((name, n) => [`#n${n}`, name])),
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
}

const NO_VERSION = "(version = :version OR attribute_not_exists(version))";

/** A head that is due with its removal has no time of its own. */
const asSeen = (attribute: string, value: string | undefined): string =>
  value === undefined
    ? `attribute_not_exists(${attribute})`
    : `(attribute_not_exists(${attribute}) OR ${attribute} = ${value})`;
