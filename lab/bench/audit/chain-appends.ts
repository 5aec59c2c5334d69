import { dynamoEvidenceStore } from "../../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import { countedId } from "../../fakes/counted-ids.ts";
import { fixedRandom } from "../../fakes/fixed-random.ts";
import { countedTables } from "./counted-tables.ts";

/** How many appends are measured. */
const MEASURED = 20;
const AT = "2026-11-24T10:00:00.000Z";

/** Items that one append reads from the table, on a chain of `length` records. */
export async function itemsReadPerAppend(length: number): Promise<number> {
  const { client, counts } = countedTables();
  const tables = { requests: "requests", audit: "audit" };
  const store = dynamoEvidenceStore(client, tables, fixedRandom);
  const requestId = countedId(1);
  const append = (index: number) => {
    const details = { eksRequestId: `request-${index}`, calledAt: AT };
    return store.appendEvidence({ type: "missing", requestId, at: AT, details });
  };
  for (let index = 0; index < length; index += 1) await append(index);
  const before = counts().read;
  for (let index = length; index < length + MEASURED; index += 1) await append(index);
  return (counts().read - before) / MEASURED;
}
