import {
  type AttributeDefinition,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  ResourceNotFoundException,
  type StreamViewType,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { engineAddress } from "./engine-call.ts";
import { WRITES_AS_STREAM } from "./write-log.ts";

/** The properties of `AWS::DynamoDB::GlobalTable` that say what the one local table is. */
export interface GlobalTableProperties {
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly KeySchema: readonly KeySchemaElement[];
  readonly GlobalSecondaryIndexes?: readonly GlobalSecondaryIndex[];
  readonly StreamSpecification?: { readonly StreamViewType: StreamViewType };
  readonly TimeToLiveSpecification?: { readonly AttributeName?: string; readonly Enabled: boolean };
  readonly Replicas: readonly Replica[];
}

/** The table itself, where there is one region. */
interface Replica {
  readonly DeletionProtectionEnabled?: boolean;
  readonly PointInTimeRecoverySpecification?: {
    readonly PointInTimeRecoveryEnabled?: boolean;
    readonly RecoveryPeriodInDays?: number;
  };
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** Properties that change nothing about a local table, or that `createTable` reads. */
const PROPERTIES = new Set([
  "AttributeDefinitions",
  "BillingMode",
  "GlobalSecondaryIndexes",
  "KeySchema",
  "Replicas",
  "SSESpecification",
  "StreamSpecification",
  "TableName",
  "TimeToLiveSpecification",
]);

/** The same of a replica. The region is the sandbox's. */
const REPLICA = new Set([
  ...["DeletionProtectionEnabled", "PointInTimeRecoverySpecification", "Region", "Tags"],
  // Their names, once more.
  "GlobalSecondaryIndexes",
  // DynamoDB Local keeps no encryption.
  "SSESpecification",
]);

/** A client of the engine itself, past the AWS port. The sandbox uses it, and functions do not. */
export function engineClient(url: string, region: string): DynamoDBClient {
  const { origin, accessKeyId } = engineAddress(url);
  return new DynamoDBClient({
    endpoint: origin,
    region,
    credentials: { accessKeyId, secretAccessKey: "sandbox" },
    // The engine answers InternalServerError where a busy machine lets it wait for its own lock.
    maxAttempts: 10,
  });
}

/** The values for the template's `Fn::GetAtt` of a table. */
export interface CreatedTable {
  /** The end of the stream's ARN, `…/stream/<label>`; undefined without a stream. */
  readonly streamLabel?: string;
  /** Whether it was not there before. */
  readonly isNew: boolean;
}

/**
 * Makes the table that the template declares, unless it is there from an earlier run.
 * @throws Error for a property that is not emulated, and for a table on disk with other keys or indexes.
 */
export async function createTable(
  client: DynamoDBClient,
  tableName: string,
  properties: GlobalTableProperties,
): Promise<CreatedTable> {
  const others = [
    ...Object.keys(properties).filter((name) => !PROPERTIES.has(name)),
    ...Object.keys(properties.Replicas[0] ?? {}).filter((name) => !REPLICA.has(name)),
  ];
  if (others.length > 0)
    throw new Error(
      `Table ${tableName} was not created: AWS::DynamoDB::GlobalTable's ${others.join(", ")} is not emulated by the sandbox.`,
    );
  if (properties.Replicas.length !== 1)
    throw new Error(
      `Table ${tableName} was not created: the sandbox has tables in one region alone, and the table has ${properties.Replicas.length} replicas.`,
    );
  if (properties.StreamSpecification && isRecoverable(properties))
    throw new Error(
      `Table ${tableName} was not created: the sandbox does not emulate point-in-time recovery of a table with a stream.`,
    );
  const known = await describe(client, tableName);
  if (known) {
    if (shapeOf(known) !== shapeOf(properties))
      throw new Error(
        `Table ${tableName} on disk has other keys or indexes than the template. It was not changed. Start with --fresh to create it again; its items are lost then.`,
      );
    return { ...created(known), isNew: false };
  }
  const { TableDescription } = await client.send(createCommand(tableName, properties));
  const expiry = properties.TimeToLiveSpecification;
  if (expiry?.Enabled)
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: tableName,
        TimeToLiveSpecification: { AttributeName: expiry.AttributeName, Enabled: true },
      }),
    );
  return { ...created(TableDescription ?? {}), isNew: true };
}

const createCommand = (tableName: string, properties: GlobalTableProperties) =>
  new CreateTableCommand({
    TableName: tableName,
    AttributeDefinitions: [...properties.AttributeDefinitions],
    KeySchema: [...properties.KeySchema],
    BillingMode: "PAY_PER_REQUEST",
    DeletionProtectionEnabled: properties.Replicas[0]?.DeletionProtectionEnabled ?? false,
    ...(properties.GlobalSecondaryIndexes
      ? {
          GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes.map(
            ({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }),
          ),
        }
      : {}),
    ...streamOf(properties),
  });

/** The stream that the template declares, or the one by which the sandbox knows the past. */
function streamOf(properties: GlobalTableProperties) {
  const { StreamSpecification: declared } = properties;
  if (declared) return { StreamSpecification: { StreamEnabled: true, ...declared } };
  return isRecoverable(properties) ? { StreamSpecification: WRITES_AS_STREAM } : {};
}

/** Whether point-in-time recovery is on. */
export const isRecoverable = ({ Replicas: [replica] }: GlobalTableProperties): boolean =>
  replica?.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true;

async function describe(
  client: DynamoDBClient,
  tableName: string,
): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: tableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function created({ LatestStreamLabel }: TableDescription): Omit<CreatedTable, "isNew"> {
  return LatestStreamLabel === undefined ? {} : { streamLabel: LatestStreamLabel };
}

interface Shaped {
  readonly KeySchema?: readonly KeySchemaElement[] | undefined;
  readonly GlobalSecondaryIndexes?:
    | readonly {
        readonly IndexName?: string | undefined;
        readonly KeySchema?: readonly KeySchemaElement[] | undefined;
      }[]
    | undefined;
  readonly AttributeDefinitions?: readonly AttributeDefinition[] | undefined;
}

/** The parts that cannot be altered under a running application: keys, their types, and indexes. */
function shapeOf({ KeySchema, GlobalSecondaryIndexes, AttributeDefinitions }: Shaped): string {
  const keys = (schema: readonly KeySchemaElement[] = []) =>
    schema.map((key) => `${key.KeyType}:${key.AttributeName}`).sort();
  return JSON.stringify([
    keys(KeySchema),
    (GlobalSecondaryIndexes ?? [])
      .map((index) => [index.IndexName, ...keys(index.KeySchema)].join(" "))
      .sort(),
    (AttributeDefinitions ?? [])
      .map((each) => `${each.AttributeName}:${each.AttributeType}`)
      .sort(),
  ]);
}
