import type { AccessRequest } from "../../../domain/requests/request.ts";
import { noticeIndex, noticeKey, SCHEMA } from "../keys.ts";
import type { Write } from "../transact.ts";

/** A step of a subject that is stored in the same transaction. */
interface NewStep {
  readonly subject: string;
  /** Its number. */
  readonly wanted: number;
  /** When it is stored. ISO 8601 UTC. */
  readonly at: string;
}

/** A change of a request as a step of its subject. */
export const stepOf = ({
  request: { id, version, updatedAt },
}: {
  readonly request: Pick<AccessRequest, "id" | "version" | "updatedAt">;
}): NewStep => ({ subject: id, wanted: version, at: updatedAt });

/**
 * Says that messages and events have something new to show, at once. Notify can fill a record until no
 * update fits, and must hold up no step so. Then a new record takes its place, and its messages are sent once more.
 */
export function noticeWrite(table: string, { subject, wanted, at }: NewStep): Write {
  const set = { schema: SCHEMA, wanted, ...noticeIndex(subject, at, wanted) };
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
    instead: { Put: { TableName: table, Item: { ...noticeKey(subject), ...set } } },
  };
}
