/** The settings that a table lacks and the broker needs, and the command that gives each. Pure. */
import { AWS_OWNED, type RestoredTable } from "../../deployment/restored-tables.ts";
import {
  type Holds,
  indexText,
  type NeededIndex,
  otherContent,
  TABLE_KEYS,
  TABLE_NEEDS,
} from "../../deployment/table-needs.ts";

/** The settings that a table should have besides those of every deployment. */
export interface Expected {
  readonly tags: Readonly<Record<string, string>>;
  /** The key that it is encrypted with; undefined where nobody can name it. */
  readonly encryption: string | undefined;
}

export interface Lack {
  readonly says: string;
  readonly next: string;
}

/**
 * @param expected undefined where nobody knows it: then it is not compared
 * @returns one for each thing, in the order in which they are to be repaired
 */
export function lacksOf(
  { holds, name }: { readonly holds: Holds; readonly name: string },
  table: RestoredTable,
  expected: Expected | undefined,
): readonly Lack[] {
  if (table.status !== "ACTIVE")
    return [
      {
        says: `is not ready: its status is ${table.status}`,
        next: `aws dynamodb wait table-exists --table-name ${name}`,
      },
    ];
  return [
    ...lackOfKeys(table),
    ...lackOfContent(holds, table),
    ...lackOfIndexes(TABLE_NEEDS[holds].indexes, name, table),
    ...lackOfTtl(TABLE_NEEDS[holds].ttl, name, table),
    ...lackOfRecovery(name, table),
    ...lackOfProtection(name, table),
    ...(expected ? [...lackOfTags(expected, table), ...lackOfKey(expected, name, table)] : []),
  ];
}

const RESTORE_AGAIN =
  "restore it again, with all of its indexes (timelatch docs runbook#restore-a-table)";

const lackOfKeys = ({ keys }: RestoredTable): readonly Lack[] =>
  keys === TABLE_KEYS
    ? []
    : [{ says: `has the keys ${keys}, not ${TABLE_KEYS}`, next: RESTORE_AGAIN }];

/** Other functions may write another kind of table. One without an index gets it by a command. */
function lackOfContent(holds: Holds, { indexes }: RestoredTable): readonly Lack[] {
  const names = Object.keys(indexes);
  const other = names.length === 0 ? undefined : otherContent(holds, names);
  return other === undefined
    ? []
    : [{ says: `holds something else: ${other}`, next: RESTORE_AGAIN }];
}

function lackOfIndexes(
  needed: readonly NeededIndex[],
  name: string,
  { indexes }: RestoredTable,
): readonly Lack[] {
  return needed.flatMap((index) => {
    const found = indexes[index.name];
    if (found === undefined)
      return [{ says: `has no index ${index.name}`, next: createIndex(name, index) }];
    // DynamoDB changes no index.
    return found === indexText(index)
      ? []
      : [{ says: `has another index ${index.name} than this release`, next: RESTORE_AGAIN }];
  });
}

function createIndex(table: string, { name, pk, sk, projection }: NeededIndex): string {
  const create = {
    IndexName: name,
    KeySchema: [
      { AttributeName: pk, KeyType: "HASH" },
      { AttributeName: sk, KeyType: "RANGE" },
    ],
    Projection:
      typeof projection === "string"
        ? { ProjectionType: projection }
        : { ProjectionType: "INCLUDE", NonKeyAttributes: projection },
  };
  const attributes = [pk, sk].map((one) => `AttributeName=${one},AttributeType=S`).join(" ");
  return `aws dynamodb update-table --table-name ${table} --attribute-definitions ${attributes} --global-secondary-index-updates '${JSON.stringify([{ Create: create }])}'`;
}

function lackOfTtl(
  needed: string | undefined,
  name: string,
  { ttl }: RestoredTable,
): readonly Lack[] {
  if (ttl === needed) return [];
  const update = (attribute: string, isOn: boolean) =>
    `aws dynamodb update-time-to-live --table-name ${name} --time-to-live-specification Enabled=${isOn},AttributeName=${attribute}`;
  if (needed === undefined)
    return [
      { says: `has a time to live by ${ttl}: evidence is deleted`, next: update(ttl ?? "", false) },
    ];
  return [
    ttl === undefined
      ? { says: "has no time to live", next: update(needed, true) }
      : {
          says: `has a time to live by ${ttl}, not by ${needed}`,
          next: `${update(ttl, false)}; an hour later ${update(needed, true)}`,
        },
  ];
}

const lackOfRecovery = (name: string, { pointInTimeRecovery }: RestoredTable): readonly Lack[] =>
  pointInTimeRecovery
    ? []
    : [
        {
          says: "has no point-in-time recovery: nothing that is written now can be restored",
          next: `aws dynamodb update-continuous-backups --table-name ${name} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
        },
      ];

const lackOfProtection = (name: string, { deletionProtection }: RestoredTable): readonly Lack[] =>
  deletionProtection
    ? []
    : [
        {
          says: "has no deletion protection",
          next: `aws dynamodb update-table --table-name ${name} --deletion-protection-enabled`,
        },
      ];

function lackOfTags(expected: Expected, { arn, tags }: RestoredTable): readonly Lack[] {
  const missing = Object.entries(expected.tags).filter(([key]) => !(key in tags));
  if (missing.length === 0) return [];
  const given = JSON.stringify(missing.map(([Key, Value]) => ({ Key, Value })));
  return [
    {
      says: `lacks the tags ${missing.map(([key]) => key).join(", ")}`,
      next: `aws dynamodb tag-resource --resource-arn ${arn} --tags '${given.replaceAll("'", String.raw`'\''`)}'`,
    },
  ];
}

const lackOfKey = (
  { encryption }: Expected,
  name: string,
  table: RestoredTable,
): readonly Lack[] =>
  encryption === undefined || table.encryption === encryption
    ? []
    : [
        {
          says: `is encrypted with ${table.encryption}, not with ${encryption}`,
          next: `aws dynamodb update-table --table-name ${name} --sse-specification ${encryption === AWS_OWNED ? "Enabled=false" : `Enabled=true,SSEType=KMS,KMSMasterKeyId=${encryption}`}`,
        },
      ];
