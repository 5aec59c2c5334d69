/** What is due in the requests table, for the sweep. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { isAmong, type Places } from "../../domain/entries/drift-turn.ts";
import { type DueItem, IN_TURN } from "../../ports/binding-store.ts";
import { workKind } from "./binding-view.ts";
import { INDEX } from "./indexes.ts";
import { driftCheckPk, driftCheckTime, duePk, HEAD, removalPk } from "./keys.ts";
import { queryDue } from "./query-due.ts";
import type { Item } from "./query-items.ts";
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
  /** The due item for a stored one, and its order; undefined where it is not due. */
  readonly dated: (of: string, found: Item, turns: readonly Places[]) => Dated | undefined;
}

const readAhead = (limit: number) => limit * READ_AHEAD;

const DUE: readonly DueIndex[] = [
  {
    ...{ index: INDEX.removal, pk: removalPk, count: readAhead },
    dated: (binding, { removalSk, clusterArn }) => ({
      at: String(removalSk),
      item: { kind: "removal", binding, clusterArn: nameOf(clusterArn) },
    }),
  },
  {
    ...{ index: INDEX.due, pk: duePk, count: readAhead },
    dated: (of, { sk, dueSk, dueFor, clusterArn }) => ({
      at: String(dueSk),
      item:
        sk === HEAD
          ? {
              kind: workKind(dueFor),
              ...{ binding: of, clusterArn: nameOf(clusterArn) },
            }
          : { kind: "lapse", requestId: of },
    }),
  },
  {
    // Whatever is lent is read, since it sorts before all instants: a few kilobytes for a hundred grants.
    ...{ index: INDEX.driftCheck, pk: driftCheckPk, count: () => Number.POSITIVE_INFINITY },
    dated: driftCheck,
  },
];

/** Places of a later group come after those of the first. */
function driftCheck(
  binding: string,
  { driftCheckSk, clusterArn }: Item,
  turns: readonly Places[],
): Dated | undefined {
  const at = driftCheckTime(String(driftCheckSk));
  const of = { kind: "drift-check", binding, clusterArn: nameOf(clusterArn) } as const;
  if (at !== IN_TURN) return { at, item: { ...of, isTurn: false } };
  const group = turns.findIndex((places) => isAmong(places, binding));
  return group < 0 ? undefined : { at: `${group}${binding}`, item: { ...of, isTurn: true } };
}

/** The attributes of these indexes. */
export const DUE_ATTRIBUTES: readonly string[] = DUE.flatMap(({ index }) => [index.pk, index.sk]);

interface Asked {
  readonly now: string;
  readonly limit: number;
  readonly turns: readonly Places[];
}

/** As `BindingStore.due`. */
export async function dueItems(
  client: DynamoDBDocumentClient,
  table: string,
  { now, limit, turns }: Asked,
): Promise<readonly DueItem[]> {
  const found = await Promise.all(
    DUE.map(async ({ index, pk, count, dated }) => {
      const items = await queryDue(client, table, { index, pk }, now, count(limit));
      return items.flatMap((each) => dated(nameIn(each), each, turns) ?? []);
    }),
  );
  return takeByKind(found.flat(), limit);
}

/** An item that others wrote may hold anything here. One item must not stop a sweep of all. */
const nameOf = (clusterArn: unknown): string => (typeof clusterArn === "string" ? clusterArn : "");

const nameIn = ({ pk }: Item) => String(pk).slice(String(pk).indexOf("#") + 1);
