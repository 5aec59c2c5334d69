import { type RestoredTable, readTable } from "../../deployment/restored-tables.ts";
import { reading } from "./reading.ts";
import type { SightOptions } from "./sight-options.ts";

/** A table of the account and region, by its name or ARN. */
export async function tableOf(
  options: SightOptions,
  name: string,
): Promise<RestoredTable | undefined> {
  const { DynamoDBClient } = await import("@aws-sdk/client-dynamodb");
  const dynamo = new DynamoDBClient(options);
  return reading(`the table ${name}`, () => readTable(dynamo, name));
}
