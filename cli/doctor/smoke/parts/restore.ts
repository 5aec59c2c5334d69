/** A table restored beside the real one: how long it takes, and what the new one lacks. */
import { readTable } from "../../../deployment/restored-tables.ts";
import { contradicted, type Fact, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { refusalOf, unlessAbsent } from "../refusal.ts";
import { named, redactable, seconds } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";
import { PREFIX, type Thing } from "../thing.ts";

export const restore: Part = {
  name: "restore",
  does: "restores the ledger's table beside the real one, compares both, and deletes the new one",
  makes: "a table with the ledger of a moment ago, for which AWS charges by size: USD 0.15 a GB",
  async play(stage): Promise<readonly Fact[]> {
    const { deployed, run, journal, pace } = stage;
    const { account, region, ledgerTable } = deployed;
    const dynamo = await clientsAt(stage, deployed).dynamoDb();
    const source = await readTable(dynamo, ledgerTable);
    if (!source) return [noSource()];
    const name = `${PREFIX}-${run}-ledger`;
    const began = stage.now();
    const thing: Thing = { kind: "table", account, region, name };
    const refused = await journal.make(thing, () =>
      refusalOf(() =>
        dynamo.restoreTableToPointInTime({
          ...{ SourceTableName: ledgerTable, TargetTableName: name },
          UseLatestRestorableTime: true,
        }),
      ),
    );
    if (refused !== undefined) return [notRestored(refused)];
    const table = await stage.until(
      redactable`the restored table to be ready`,
      pace.restoreSeconds,
      async () => {
        const found = await unlessAbsent(() => dynamo.describeTable({ TableName: name }));
        if (found?.Table?.TableStatus !== "ACTIVE") return undefined;
        return readTable(dynamo, name);
      },
      pace.trailPollMs,
    );
    if (!table) return [notReady(stage)];
    const took = (stage.now() - began) / 1_000;
    const kept = [
      ...(table.ttl === undefined ? [] : [redactable`its time to live`]),
      ...(table.pointInTimeRecovery ? [redactable`point-in-time recovery`] : []),
      ...(table.deletionProtection ? [redactable`deletion protection`] : []),
      ...(Object.keys(table.tags).length > 0 ? [redactable`tags`] : []),
    ];
    const [first] = kept;
    return [
      judged(table.shape === source.shape, "restore", {
        says: redactable`a restore took ${seconds(took)}; the new table has ${table.shape === source.shape ? redactable`the same keys and indexes` : redactable`other keys or indexes`}, and ${first ? redactable`kept ${first}` : redactable`no time to live, point-in-time recovery, deletion protection and tags`}`,
        next: redactable`tell us: timelatch restore would not take it`,
        numbers: { tookSeconds: took, kept: kept.length },
      }),
    ];
  },
};

const noSource = (): Fact =>
  contradicted(
    "restore",
    redactable`the ledger's table is not there`,
    redactable`timelatch docs runbook#restore-a-table`,
  );

/** A table that is minutes old cannot be restored yet. */
const notRestored = (error: string): Fact =>
  contradicted(
    "restore",
    redactable`DynamoDB restores nothing: ${named("error", error)}`,
    redactable`after a first deployment, run it again in ten minutes; else switch point-in-time recovery on: timelatch doctor --restored`,
  );

const notReady = ({ pace }: Stage): Fact =>
  unsettled(
    "restore",
    redactable`the restored table was not ready in ${seconds(pace.restoreSeconds)}`,
    redactable`run it again: timelatch doctor --smoke --only restore`,
  );
