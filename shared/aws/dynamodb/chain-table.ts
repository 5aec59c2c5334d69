import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { ChainHead } from "../../domain/evidence/evidence-chain.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { ChainedRecord } from "../../domain/values/hash-chain.ts";
import { chainedKey, recordIndex, SCHEMA } from "./keys.ts";
import { inPartition, queryItems } from "./query-items.ts";

/** How often one append starts over. A chain has few writers at once. */
const TRIES = 10;

type Stored = ChainedRecord & { readonly at: string };

/** Chains of records in the audit table. Each chain is one partition. */
export interface ChainTable {
  /** All records of a chain, oldest first. */
  all<Kind extends Stored>(pk: string): Promise<readonly Kind[]>;
  /**
   * Adds a record to a chain, unless the chain has it. It reads the whole chain each time, so that
   * what another writer added meanwhile counts.
   *
   * @param isSame whether a record of the chain already says it
   * @param next makes the record that follows the chain's last one
   * @returns whether it was added
   * @throws BrokerError `dependency-unavailable` where other writers were faster every time
   */
  append<Kind extends Stored>(
    pk: string,
    isSame: (one: Kind) => boolean,
    next: (head: ChainHead) => Kind,
  ): Promise<boolean>;
}

/** A single conditional PutItem a record: IAM can then tell by its key who may write it. */
export function chainTable(client: DynamoDBDocumentClient, table: string): ChainTable {
  const all = async <Kind extends Stored>(pk: string): Promise<readonly Kind[]> => {
    const query = { TableName: table, ...inPartition(pk), ConsistentRead: true };
    return (await queryItems(client, query)).map((item) => item["record"] as Kind);
  };
  const isPut = async (pk: string, record: Stored): Promise<boolean> => {
    const { seq } = record;
    const Item = { ...chainedKey(pk, seq), ...recordIndex(pk, record), schema: SCHEMA, record };
    const ConditionExpression = "attribute_not_exists(pk)";
    try {
      await client.send(new PutCommand({ TableName: table, Item, ConditionExpression }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  return {
    all,
    async append(pk, isSame, next) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const chain = await all<ReturnType<typeof next>>(pk);
        if (chain.some(isSame)) return false;
        if (await isPut(pk, next(chain.at(-1)))) return true;
      }
      throw new BrokerError(
        "dependency-unavailable",
        "Others wrote to the same chain of evidence each time. Nothing was written; try again in a few seconds.",
      );
    },
  };
}
