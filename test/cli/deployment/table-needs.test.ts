/** The command's list of what tables need is what the stack gives them. */
import { describe, expect, it } from "vitest";
import { HOLDS, type Holds, TABLE_KEYS, TABLE_NEEDS } from "../../../cli/deployment/table-needs.ts";
import { broker } from "../../infra/broker.ts";

interface TableProperties {
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly GlobalSecondaryIndexes?: readonly {
    readonly IndexName: string;
    readonly KeySchema: TableProperties["KeySchema"];
    readonly Projection: {
      readonly ProjectionType: string;
      readonly NonKeyAttributes?: readonly string[];
    };
  }[];
  readonly TimeToLiveSpecification?: { readonly AttributeName: string };
  readonly Replicas: readonly Readonly<Record<string, unknown>>[];
}

function propertiesOf(holds: Holds): TableProperties {
  const [, table] =
    Object.entries(broker().template.Resources).find(
      ([id, { Type }]) =>
        Type === "AWS::DynamoDB::GlobalTable" && id.toLowerCase().startsWith(`tables${holds}`),
    ) ?? expect.fail(`The stack has no table of ${holds}.`);
  return table.Properties as unknown as TableProperties;
}

const keysOf = (schema: TableProperties["KeySchema"]) =>
  schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).join(", ");

describe.each(HOLDS)("The table of %s", (holds) => {
  const properties = propertiesOf(holds);
  const { ttl, indexes } = TABLE_NEEDS[holds];

  it("It has these keys and this time to live", () => {
    expect(keysOf(properties.KeySchema)).toBe(TABLE_KEYS);
    expect(properties.TimeToLiveSpecification?.AttributeName).toBe(ttl);
  });

  it("It has these indexes", () => {
    const declared = properties.GlobalSecondaryIndexes ?? [];
    const byName = (one: { readonly name: string }, other: { readonly name: string }) =>
      one.name.localeCompare(other.name);
    expect(
      declared
        .map(({ IndexName: name, KeySchema: schema, Projection: projection }) => ({
          name,
          pk: schema[0]?.AttributeName,
          sk: schema[1]?.AttributeName,
          projection: projection.NonKeyAttributes?.toSorted() ?? projection.ProjectionType,
        }))
        .sort(byName),
    ).toEqual(indexes.toSorted(byName));
  });

  it("It has recovery and protection, and no key of its own", () => {
    expect(properties.Replicas).toMatchObject([
      {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    ]);
    expect(properties).not.toHaveProperty("SSESpecification");
  });
});
