import type { PermissionCheck } from "../service.ts";
import type { PartitionKeysOf } from "./key-schemas.ts";
import { type Place, tableArn, tableNameOf } from "./table-names.ts";

/**
 * The permission checks of a DynamoDB call: the actions and resources of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 * and the condition keys of
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 * The sandbox does not fill `dynamodb:Attributes`, so `policy-set.ts` refuses it.
 */

type Input = Record<string, unknown>;

/** One thing that a call touches, before its table is looked up. */
interface Touched {
  readonly action: string;
  readonly table: string;
  readonly index?: string;
  /** Values of the partition key, given its attribute's name. */
  readonly leadingKeys: (partitionKey: string) => readonly string[];
  readonly enclosing?: string;
}

const single =
  (member: "Key" | "Item") =>
  (input: Input, action: string): readonly Touched[] => [
    {
      action,
      table: text(input["TableName"]),
      leadingKeys: (partitionKey) => keyOf(object(input[member]), partitionKey),
    },
  ];

const whole = (input: Input, action: string): readonly Touched[] => [
  {
    action,
    table: text(input["TableName"]),
    ...(typeof input["IndexName"] === "string" ? { index: input["IndexName"] } : {}),
    leadingKeys: () => [],
  },
];

const query = (input: Input, action: string): readonly Touched[] =>
  whole(input, action).map((touched) => ({
    ...touched,
    leadingKeys: (partitionKey) => queriedKey(input, partitionKey),
  }));

/** BatchGetItem and BatchWriteItem: one question a table, about all of the keys in it. */
const batch =
  (itemsOf: (requests: unknown, partitionKey: string) => readonly string[]) =>
  (input: Input, action: string): readonly Touched[] =>
    Object.entries(object(input["RequestItems"])).map(([table, requests]) => ({
      action,
      table,
      leadingKeys: (partitionKey) => itemsOf(requests, partitionKey),
    }));

/** IAM has no action for a transaction: each of its items is asked as the single action. */
const TRANSACTION: Readonly<Record<string, readonly [action: string, member: "Key" | "Item"]>> = {
  Get: ["dynamodb:GetItem", "Key"],
  Put: ["dynamodb:PutItem", "Item"],
  Update: ["dynamodb:UpdateItem", "Key"],
  Delete: ["dynamodb:DeleteItem", "Key"],
  ConditionCheck: ["dynamodb:ConditionCheckItem", "Key"],
};

const transaction =
  (enclosing: string) =>
  (input: Input): readonly Touched[] =>
    list(input["TransactItems"]).flatMap((item) =>
      Object.entries(object(item)).flatMap(([kind, request]) => {
        const [action, member] = TRANSACTION[kind] ?? [];
        return action === undefined || member === undefined
          ? []
          : single(member)(object(request), action).map((touched) => ({ ...touched, enclosing }));
      }),
    );

const tagged = ({ ResourceArn: arn }: Input, action: string): readonly Touched[] => [
  { action, table: text(arn), leadingKeys: () => [] },
];

/**
 * The right on the source, and to read and write the new table:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html
 */
const restore = (input: Input, action: string): readonly Touched[] => {
  const { SourceTableName: name, SourceTableArn: arn, TargetTableName: target } = input;
  const check = (one: string, table: unknown) => ({
    action: one,
    table: text(table),
    leadingKeys: () => [],
  });
  return [check(action, name ?? arn), ...RESTORING.map((one) => check(one, target))];
};

const RESTORING = [
  ...["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"],
  ...["dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem"],
];

const TOUCHES: Readonly<Record<string, (input: Input, action: string) => readonly Touched[]>> = {
  GetItem: single("Key"),
  PutItem: single("Item"),
  UpdateItem: single("Key"),
  DeleteItem: single("Key"),
  Query: query,
  Scan: whole,
  CreateTable: whole,
  DeleteTable: whole,
  DescribeTable: whole,
  DescribeTimeToLive: whole,
  BatchGetItem: batch((requests, partitionKey) =>
    list(object(requests)["Keys"]).flatMap((key) => keyOf(object(key), partitionKey)),
  ),
  BatchWriteItem: batch((requests, partitionKey) =>
    list(requests).flatMap((request) => {
      const { PutRequest, DeleteRequest } = object(request);
      return keyOf(
        object(object(PutRequest)["Item"] ?? object(DeleteRequest)["Key"]),
        partitionKey,
      );
    }),
  ),
  DescribeContinuousBackups: whole,
  UpdateContinuousBackups: whole,
  UpdateTable: whole,
  UpdateTimeToLive: whole,
  ListTagsOfResource: tagged,
  TagResource: tagged,
  UntagResource: tagged,
  RestoreTableToPointInTime: restore,
  TransactGetItems: transaction("TransactGetItems"),
  TransactWriteItems: transaction("TransactWriteItems"),
};

/** Operations on a stream, and where each names it. */
const STREAMS: Readonly<Record<string, (input: Input) => string>> = {
  DescribeStream: (input) => text(input["StreamArn"]),
  GetShardIterator: (input) => text(input["StreamArn"]),
  // DynamoDB Local's iterators hold the stream's ARN between bars.
  GetRecords: (input) =>
    text(input["ShardIterator"])
      .split("|")
      .find((part) => part.startsWith("arn:")) ?? "",
};

/** Without resources in IAM. */
const UNBOUND = ["ListTables", "ListStreams"];

/** Every operation that is emulated. */
export const OPERATIONS: ReadonlySet<string> = new Set([
  ...Object.keys(TOUCHES),
  ...Object.keys(STREAMS),
  ...UNBOUND,
]);

/** The tables whose items a call reads or writes, by name or ARN. */
export function tablesOf(operation: string, input: Input): readonly string[] {
  const touched = TOUCHES[operation]?.(input, operation) ?? [];
  return [...new Set(touched.map(({ table }) => table))];
}

/** The questions for one call. */
export async function permissionsOf(
  operation: string,
  input: Input,
  place: Place,
  partitionKeysOf: PartitionKeysOf,
): Promise<readonly PermissionCheck[]> {
  const action = `dynamodb:${operation}`;
  const stream = STREAMS[operation];
  if (stream) return [{ action, resource: stream(input) }];
  const touches = TOUCHES[operation];
  if (!touches) return [{ action, resource: "*" }];
  return Promise.all(
    touches(input, action).map(async (touched) => {
      const partitionKeys = await partitionKeysOf(tableNameOf(place, touched.table));
      const partitionKey =
        touched.index === undefined
          ? partitionKeys?.table
          : partitionKeys?.indexes.get(touched.index);
      const leadingKeys = partitionKey === undefined ? [] : touched.leadingKeys(partitionKey);
      return {
        action: touched.action,
        resource: resourceOf(touched, place),
        context: {
          ...(leadingKeys.length > 0 ? { "dynamodb:LeadingKeys": [...new Set(leadingKeys)] } : {}),
          ...(touched.enclosing === undefined
            ? {}
            : { "dynamodb:EnclosingOperation": touched.enclosing }),
          ...named(input, "Select"),
          ...named(input, "ReturnValues"),
          ...named(input, "ReturnConsumedCapacity"),
        },
      };
    }),
  );
}

function resourceOf({ table, index }: Touched, place: Place): string {
  const arn = table.startsWith("arn:") ? table : tableArn(place, table);
  return index === undefined ? arn : `${arn}/index/${index}`;
}

/** The value of `partitionKey = :value` in the expression, or of the older KeyConditions. */
function queriedKey(input: Input, partitionKey: string): readonly string[] {
  const names = object(input["ExpressionAttributeNames"]);
  const values = object(input["ExpressionAttributeValues"]);
  const terms = text(input["KeyConditionExpression"]).matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g);
  const written = [...terms]
    .filter(([, name = ""]) => (name.startsWith("#") ? names[name] : name) === partitionKey)
    .flatMap(([, , value = ""]) => scalar(values[value]));
  const older = object(object(input["KeyConditions"])[partitionKey]);
  return [...written, ...list(older["AttributeValueList"]).flatMap(scalar)];
}

function keyOf(key: Input, partitionKey: string): readonly string[] {
  return scalar(key[partitionKey]);
}

/** The text of an attribute value of a key's types: `{ S }`, `{ N }` or, in base64, `{ B }`. */
function scalar(value: unknown): readonly string[] {
  const { S, N, B } = object(value);
  const found = S ?? N ?? B;
  return typeof found === "string" ? [found] : [];
}

function named(input: Input, member: string): Record<string, string> {
  const value = input[member];
  return typeof value === "string" ? { [`dynamodb:${member}`]: value } : {};
}

function object(value: unknown): Input {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
