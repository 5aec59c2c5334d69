/** The items that are due in the requests table, for the sweep. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { isAmong, type Places } from "../../../domain/entries/drift-turn.ts";
import { secondsBetween } from "../../../domain/values/instant.ts";
import { type DueItem, IN_TURN } from "../../../ports/binding-store.ts";
import type { Clock } from "../../../ports/clock.ts";
import { INDEX } from "../indexes.ts";
import { driftCheckPk, driftCheckTime, duePk, removalPk } from "../keys.ts";
import type { Item } from "../query-items.ts";
import { workKind } from "./binding-view.ts";
import { queryDue } from "./query-due.ts";
import { bindingIn, requestIn, takeOff } from "./stray-items.ts";
import { type Dated, takeByKind } from "./take-in-turn.ts";

/**
 * How many times the limit is read from each shard. Clusters take turns only among what was read. A
 * cluster that is down and has been due longest would otherwise fill it.
 */
const READ_AHEAD = 10;

interface DueIndex {
  readonly index: (typeof INDEX)["removal" | "due" | "driftCheck"];
  /** The partition key of a shard. */
  readonly pk: (shard: number) => string;
  /** How many items of each shard are read at most, by the sweep's limit. */
  readonly count: (limit: number) => number;
  /** The due item for a stored one, and its order. */
  readonly dated: (found: Item, turns: readonly Places[]) => Dated | "not due" | "stray";
}

const readAhead = (limit: number) => limit * READ_AHEAD;

const DUE: readonly DueIndex[] = [
  {
    index: INDEX.removal,
    pk: removalPk,
    count: readAhead,
    dated: (found) => {
      const head = headOf(found);
      return head
        ? { at: String(found["removalSk"]), item: { kind: "removal", ...head } }
        : "stray";
    },
  },
  {
    index: INDEX.due,
    pk: duePk,
    count: readAhead,
    dated: (found) => {
      const [head, requestId] = [headOf(found), requestIn(found)];
      const at = String(found["dueSk"]);
      if (head) return { at, item: { kind: workKind(found["dueFor"]), ...head } };
      return requestId === undefined ? "stray" : { at, item: { kind: "lapse", requestId } };
    },
  },
  {
    // All lent bindings are read, since they sort before all instants: a few kilobytes a hundred.
    index: INDEX.driftCheck,
    pk: driftCheckPk,
    count: () => Number.POSITIVE_INFINITY,
    dated: driftCheck,
  },
];

/** Places of a later group come after those of the first. */
function driftCheck(found: Item, turns: readonly Places[]): ReturnType<DueIndex["dated"]> {
  const head = headOf(found);
  if (!head) return "stray";
  const at = driftCheckTime(String(found["driftCheckSk"]));
  const check = { kind: "drift-check", ...head } as const;
  if (at !== IN_TURN) return { at, item: { ...check, isTurn: false } };
  const group = turns.findIndex((places) => isAmong(places, head.binding));
  return group < 0
    ? "not due"
    : { at: `${group}${head.binding}`, item: { ...check, isTurn: true } };
}

/** The binding and cluster of a head. One item that others wrote must not stop a sweep of all. */
function headOf(
  found: Item,
): { readonly binding: string; readonly clusterArn: string } | undefined {
  const binding = bindingIn(found);
  const { clusterArn } = found;
  if (binding === undefined) return undefined;
  return { binding, clusterArn: typeof clusterArn === "string" ? clusterArn : "" };
}

/** The attributes of an item that may be ours: others can put 400 KB of anything into an index, many times. */
const shortTexts = (item: Item): Item =>
  Object.fromEntries(
    Object.entries(item).filter(
      ([, value]) => typeof value === "string" && value.length <= LONGEST_TEXT,
    ),
  );
/** DynamoDB's limit for a partition key, in bytes. */
const LONGEST_TEXT = 2_048;

/** The attributes of these indexes. */
export const DUE_ATTRIBUTES: readonly string[] = DUE.flatMap(({ index }) => [index.pk, index.sk]);

interface Asked {
  readonly now: string;
  readonly limit: number;
  readonly turns: readonly Places[];
  readonly clock: Clock;
}

/** Far less than a sweep has, and far more than it takes to read what the broker makes due. */
const READ_SECONDS = 15;

/** As `BindingStore.due`. */
export async function dueItems(
  client: DynamoDBDocumentClient,
  table: string,
  { now, limit, turns, clock }: Asked,
): Promise<readonly DueItem[]> {
  const began = clock.now();
  const isLate = () => secondsBetween(began, clock.now()) > READ_SECONDS;
  const found = await Promise.all(
    DUE.map(async ({ index, pk, count, dated }) => {
      const isOurs = (item: Item) => dated(item, turns) !== "stray";
      const keys = { index, pk };
      const items = await queryDue(client, table, keys, now, count(limit), {
        isOurs,
        isLate,
        kept: shortTexts,
      });
      const read = items.map((item) => ({ item, due: dated(item, turns) }));
      const strays = read.filter(({ due }) => due === "stray").map(({ item }) => item);
      await takeOff(client, table, index, strays);
      return read.flatMap(({ due }) => (typeof due === "string" ? [] : due));
    }),
  );
  return takeByKind(found.flat(), limit);
}
