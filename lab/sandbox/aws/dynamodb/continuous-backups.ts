/** Point-in-time recovery: DescribeContinuousBackups, UpdateContinuousBackups. */
import { dynamoDbError, invalid, refuseOthers, tableNotFound } from "./errors.ts";
import type { Recovery } from "./state.ts";
import { tableNameOf } from "./table-names.ts";
import { changeState, engineTable, isCreating, stateOf, type TableWorld } from "./table-world.ts";
import { KEPT_MS, WRITES_AS_STREAM } from "./write-log.ts";

type Input = Record<string, unknown>;

/** AWS says typically five minutes. */
const BEHIND_MS = 3_000;
const DAY_MS = 86_400_000;

/** Within which a table can be restored, in whole seconds since 1970. */
export interface Window {
  readonly earliest: number;
  readonly latest: number;
}

export function windowOf({ since, days }: Recovery, now: number): Window {
  const earliest = Math.max(since, now - days * DAY_MS, now - KEPT_MS);
  return {
    earliest: Math.ceil(earliest / 1000),
    latest: Math.floor((now - BEHIND_MS) / 1000),
  };
}

export async function describeContinuousBackups(world: TableWorld, input: Input): Promise<object> {
  refuseOthers("DescribeContinuousBackups", input, ["TableName"]);
  return described(world, await existing(world, input));
}

export async function updateContinuousBackups(world: TableWorld, input: Input): Promise<object> {
  refuseOthers("UpdateContinuousBackups", input, ["TableName", "PointInTimeRecoverySpecification"]);
  const name = await existing(world, input);
  if (isCreating(world, name))
    throw dynamoDbError(
      "ContinuousBackupsUnavailableException",
      `Backups are being enabled for the table: ${name}. Please retry later`,
    );
  const { isOn, days } = specified(input["PointInTimeRecoverySpecification"]);
  const { recovery } = stateOf(world, name);
  if (isOn !== (recovery !== undefined)) await record(world, name, isOn);
  changeState(world, name, (state) => {
    if (!isOn) delete state.recovery;
    else state.recovery = { since: world.now(), marks: [], ...recovery, days };
  });
  return described(world, name);
}

async function existing(world: TableWorld, input: Input): Promise<string> {
  const name = tableNameOf(world.place, input["TableName"]);
  if (!(await engineTable(world, name))) throw tableNotFound(name);
  return name;
}

/** Has the engine begin or end its stream of the table, which has what was written. */
async function record({ engine }: TableWorld, name: string, isOn: boolean): Promise<void> {
  const StreamSpecification = isOn ? WRITES_AS_STREAM : { StreamEnabled: false };
  await engine("UpdateTable", { TableName: name, StreamSpecification });
}

function specified(given: unknown) {
  const {
    PointInTimeRecoveryEnabled: isOn,
    RecoveryPeriodInDays: days = 35,
    ...others
  } = (typeof given === "object" && given !== null ? given : {}) as Input;
  refuseOthers("UpdateContinuousBackups", others, []);
  if (typeof isOn !== "boolean") throw invalid("PointInTimeRecoveryEnabled is true or false.");
  if (typeof days !== "number" || !Number.isInteger(days) || days < 1 || days > 35)
    throw invalid("RecoveryPeriodInDays is a whole number from 1 to 35.");
  return { isOn, days };
}

function described(world: TableWorld, name: string): object {
  const { recovery } = stateOf(world, name);
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: recovery
        ? enabled(recovery, windowOf(recovery, world.now()))
        : { PointInTimeRecoveryStatus: "DISABLED" },
    },
  };
}

const enabled = ({ days }: Recovery, { earliest, latest }: Window) => ({
  PointInTimeRecoveryStatus: "ENABLED",
  RecoveryPeriodInDays: days,
  EarliestRestorableDateTime: earliest,
  LatestRestorableDateTime: latest,
});
