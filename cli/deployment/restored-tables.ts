/** Tables that DynamoDB restored to an instant, as the broker's account has them. */
import type { DynamoDBClient, TableDescription } from "@aws-sdk/client-dynamodb";
import type { AwsIdentity } from "../api/aws-identity.ts";
import { indexText } from "./table-needs.ts";

/** DynamoDB's facts about a table. A restored one lacks the source's other settings at first. */
export interface RestoredTable {
  readonly arn: string;
  /** `ACTIVE` once it can be used. */
  readonly status: string;
  /** Its keys, and the names of its indexes, as text that compares. */
  readonly shape: string;
  /** Only its keys. */
  readonly keys: string;
  /** Its indexes by name, each as text that compares. */
  readonly indexes: Readonly<Record<string, string>>;
  /** The key that it is encrypted with: AWS's own where KMS has no key for it. */
  readonly encryption: string;
  /** The table that it was restored from; undefined for a table that was not restored. */
  readonly sourceArn: string | undefined;
  readonly deletionProtection: boolean;
  /** The attribute of the time to live; undefined without one. */
  readonly ttl: string | undefined;
  readonly pointInTimeRecovery: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** A setting that a restored table lacks, and the change that gives it. */
export type TableChange =
  | { readonly kind: "ttl"; readonly attribute: string }
  | { readonly kind: "recovery" }
  | { readonly kind: "protection" }
  | { readonly kind: "tags"; readonly tags: Readonly<Record<string, string>> };

export interface RestoredTables {
  /** @param name a table's name, or its ARN; undefined if the table does not exist */
  read(name: string): Promise<RestoredTable | undefined>;
  change(table: RestoredTable, change: TableChange): Promise<void>;
}

/** @returns the tables of the identity's account and region */
export function restoredTables(identity: AwsIdentity): RestoredTables {
  const made = client(identity);
  return {
    read: async (name) => readTable(await made, name),
    change: async ({ arn }, change) => changed(await made, arn, change),
  };
}

/** @param name a table's name, or its ARN. @returns undefined if the table does not exist */
export async function readTable(
  dynamo: DynamoDBClient,
  name: string,
): Promise<RestoredTable | undefined> {
  const { DescribeTableCommand, ResourceNotFoundException } = await sdk();
  try {
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: name }));
    return Table && (await describedBy(dynamo, Table));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

const sdk = () => import("@aws-sdk/client-dynamodb");

async function client({ region, credentials }: AwsIdentity): Promise<DynamoDBClient> {
  const { DynamoDBClient } = await sdk();
  return new DynamoDBClient({ region, credentials });
}

async function describedBy(
  client: DynamoDBClient,
  table: TableDescription,
): Promise<RestoredTable> {
  const { DescribeContinuousBackupsCommand, DescribeTimeToLiveCommand, ListTagsOfResourceCommand } =
    await sdk();
  const arn = table.TableArn ?? "";
  const [{ TimeToLiveDescription: ttl }, { ContinuousBackupsDescription: backups }, { Tags }] =
    await Promise.all([
      client.send(new DescribeTimeToLiveCommand({ TableName: arn })),
      client.send(new DescribeContinuousBackupsCommand({ TableName: arn })),
      client.send(new ListTagsOfResourceCommand({ ResourceArn: arn })),
    ]);
  const recovery = backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  const hasTtl = ttl?.TimeToLiveStatus === "ENABLED" || ttl?.TimeToLiveStatus === "ENABLING";
  return {
    arn,
    status: table.TableStatus ?? "",
    shape: shapeOf(table),
    keys: keysOf(table),
    indexes: indexesOf(table),
    encryption: table.SSEDescription?.KMSMasterKeyArn ?? AWS_OWNED,
    sourceArn: table.RestoreSummary?.SourceTableArn,
    deletionProtection: table.DeletionProtectionEnabled ?? false,
    ttl: hasTtl ? ttl.AttributeName : undefined,
    pointInTimeRecovery: recovery === "ENABLED",
    tags: Object.fromEntries(
      (Tags ?? [])
        // Nobody may set tags of AWS itself, such as CloudFormation's.
        .filter(({ Key }) => !Key?.startsWith("aws:"))
        .map(({ Key = "", Value = "" }) => [Key, Value]),
    ),
  };
}

/** How DynamoDB encrypts where nothing else is said: it describes no key then. */
export const AWS_OWNED = "a key that AWS owns";

const shapeOf = (table: TableDescription): string =>
  [
    keysOf(table),
    ...Object.keys(indexesOf(table))
      .sort()
      .map((name) => `index ${name}`),
  ].join(", ");

const keysOf = ({ KeySchema = [] }: TableDescription): string =>
  KeySchema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).join(", ");

const indexesOf = ({ GlobalSecondaryIndexes = [] }: TableDescription) =>
  Object.fromEntries(
    GlobalSecondaryIndexes.map(({ IndexName = "", KeySchema = [], Projection }) => {
      const key = (type: string) =>
        KeySchema.find(({ KeyType }) => KeyType === type)?.AttributeName ?? "";
      const { ProjectionType: type = "", NonKeyAttributes = [] } = Projection ?? {};
      const projection = type === "ALL" || type === "KEYS_ONLY" ? type : NonKeyAttributes;
      return [IndexName, indexText({ pk: key("HASH"), sk: key("RANGE"), projection })];
    }),
  );

async function changed(client: DynamoDBClient, arn: string, change: TableChange): Promise<void> {
  const {
    TagResourceCommand,
    UpdateContinuousBackupsCommand,
    UpdateTableCommand,
    UpdateTimeToLiveCommand,
  } = await sdk();
  const TableName = arn;
  switch (change.kind) {
    case "ttl": {
      const TimeToLiveSpecification = { AttributeName: change.attribute, Enabled: true };
      await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
      return;
    }
    case "recovery": {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      await client.send(
        new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }),
      );
      return;
    }
    case "protection":
      await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
      return;
    case "tags": {
      const Tags = Object.entries(change.tags).map(([Key, Value]) => ({ Key, Value }));
      await client.send(new TagResourceCommand({ ResourceArn: arn, Tags }));
    }
  }
}
