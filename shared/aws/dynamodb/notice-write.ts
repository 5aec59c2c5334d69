import { noticeIndex, noticeKey, SCHEMA } from "./keys.ts";
import type { Write } from "./transact.ts";

/** A step of a subject that is stored in the same transaction. */
interface NewStep {
  readonly subject: string;
  /** Its number. */
  readonly wanted: number;
  /** When it is stored. ISO 8601 UTC. */
  readonly at: string;
}

/** Says that messages and events have something new to show, at once. */
export function noticeWrite(table: string, { subject, wanted, at }: NewStep): Write {
  const set = { schema: SCHEMA, wanted, ...noticeIndex(subject, at) };
  return {
    item: {
      Update: {
        TableName: table,
        Key: noticeKey(subject),
        UpdateExpression: `SET ${Object.keys(set)
          .map((name) => `#${name} = :${name}`)
          .join(", ")}`,
        ExpressionAttributeNames: Object.fromEntries(
          Object.keys(set).map((name) => [`#${name}`, name]),
        ),
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries(set).map(([name, value]) => [`:${name}`, value]),
        ),
      },
    },
  };
}
