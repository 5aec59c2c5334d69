/**
 * Records what this release stores, once, before it is published:
 * `sh tools/node24 test/golden/record.ts 0.2.0`, with an `access.yaml` in that folder. It overwrites nothing.
 */
import { dynamoAuditRecords } from "../../shared/aws/dynamodb/audit/dynamo-audit-records.ts";
import { localTables } from "../shared/aws/dynamodb/local-tables.ts";
import { recordedArchive } from "./golden-archive.ts";
import { emptyTables, goldenPolicy, itemsOf, writeGolden } from "./golden-items.ts";
import { recordedLife } from "./recorded-life.ts";
import { tableBroker } from "./table-broker.ts";

const [release] = process.argv.slice(2);
if (!release) throw new Error("Name the release. Nothing was recorded.");
const tables = await localTables();
try {
  const names = await emptyTables(tables);
  const broker = tableBroker(tables.client, names, goldenPolicy(release));
  const life = await recordedLife(broker);
  const entry = broker.actual();
  if (!entry) throw new Error("Alice has no access entry. Nothing was recorded.");
  const archive = await recordedArchive(
    { ...dynamoAuditRecords(tables.client, names.audit), since: async () => life.now },
    broker.stored.standing,
    goldenPolicy(release),
  );
  const items = (name: string) => itemsOf(tables.client, name);
  writeGolden(release, {
    life,
    entry,
    archive,
    tables: {
      requests: await items(names.requests),
      audit: await items(names.audit),
      ledger: await items(names.ledger),
    },
  });
} finally {
  await tables.stop();
}
