import { setTimeout as pause } from "node:timers/promises";
import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  UpdateCommand,
  type UpdateCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { believedIn, type StoredRecord } from "../../../domain/entries/believed-grants.ts";
import { secondsBetween } from "../../../domain/values/instant.ts";
import type { BindingStore } from "../../../ports/binding-store.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Random } from "../../../ports/random.ts";
import { STEPS_AT_ONCE } from "../../../ports/request-store.ts";
import { writeItem } from "../write-item.ts";
import { readPartition, readRecord, viewOf } from "./binding-view.ts";
import { dueItems } from "./due-items.ts";
import { mendings, parking } from "./parked-head.ts";

const VIEW_TRIES = 6;
/** A transaction is visible in far less. A head that was forged must not take a run's whole time. */
const VIEW_SECONDS = 1.5;
const VIEW_PAUSE_MS = 20;
/** More than transactions that end just now change of one binding. A head that names more was forged. */
const AT_ONCE = 4 * STEPS_AT_ONCE;
const GETS_AT_ONCE = 25;

/**
 * Heads and grants in the requests table; see `keys.ts`.
 * @param clock for how long a head keeps a ledger's revision
 * @param random jitter for retries
 */
export function dynamoBindingStore(
  client: DynamoDBDocumentClient,
  table: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): BindingStore {
  const update = async (change: Omit<UpdateCommandInput, "TableName">) => {
    try {
      await writeItem(random, () =>
        client.send(new UpdateCommand({ TableName: table, ...change })),
      );
    } catch (error) {
      // Someone else is storing a step, which makes the binding due anyway.
      const isElsewhere =
        error instanceof ConditionalCheckFailedException ||
        error instanceof TransactionConflictException;
      if (!isElsewhere) throw error;
    }
  };
  return {
    async view(binding) {
      const began = clock.now();
      for (let tries = 1; ; tries += 1) {
        const view = viewOf(binding, await readPartition(client, table, binding));
        const outdated = view.leftOut.filter(({ why }) => why === "outdated").length;
        const mayPass = view.isWhole && outdated > 0 && outdated <= AT_ONCE;
        const isLate = secondsBetween(began, clock.now()) > VIEW_SECONDS;
        if (!mayPass || isLate || tries === VIEW_TRIES) return view;
        await pause(random.fraction() * VIEW_PAUSE_MS * 2 ** tries);
      }
    },

    async named(binding, ids) {
      const records: StoredRecord[] = [];
      for (let at = 0; at < ids.length; at += GETS_AT_ONCE)
        records.push(
          ...(await Promise.all(
            ids.slice(at, at + GETS_AT_ONCE).map((id) => readRecord(client, table, binding, id)),
          )),
        );
      return believedIn(
        binding,
        records.filter(({ record }) => record !== undefined),
      );
    },

    park: (binding, from, next) => update(parking(binding, from, next, clock.now())),

    async mend(view) {
      for (const change of mendings(view)) await update(change);
    },

    due: (now, limit, turns) => dueItems(client, table, { now, limit, turns, clock }),
  };
}
