import { awsIdentity } from "../api/aws-identity.ts";
import { answer, type Context } from "../context.ts";
import { type BothRestoredOptions, demandNothingForgotten } from "../deployment/both-restored.ts";
import { CONFIG_FILE } from "../deployment/folder-files.ts";
import {
  type RestoredTable,
  type RestoredTables,
  restoredTables,
  type TableChange,
} from "../deployment/restored-tables.ts";
import { type Holds, otherContent, TABLE_NEEDS } from "../deployment/table-needs.ts";
import { openWorkingFolder } from "../deployment/working-folder.ts";
import { Failure } from "../failures/failure.ts";

export interface RestoreOptions extends BothRestoredOptions {
  /** `ledger=NAME` and so on. */
  readonly table: readonly string[];
}

interface Named {
  readonly holds: Holds;
  readonly name: string;
}

/** A restored table, and what it lacks. */
interface Adopted extends Named {
  readonly table: RestoredTable;
  readonly changes: readonly TableChange[];
}

/**
 * `timelatch restore`: gives restored tables what a restore leaves out, and says how the broker takes them. Nothing is
 * changed unless all of them can be taken. A second run changes nothing more.
 *
 * @throws Failure `usage` for a table that is not named so, or named twice; `conflict` for one that is not there, was not
 *   restored, is not ready, holds something else, or has other keys or indexes than its source, and where ledger and requests table both are restored while
 *   something may be lent; `refused` where DynamoDB answers no read, or refuses a change
 */
export async function restore(
  context: Context,
  folder: string,
  { table, ...options }: RestoreOptions,
  given?: RestoredTables,
): Promise<void> {
  const named = eachOnce(table.map(namedBy));
  const config = given ? undefined : (await openWorkingFolder(folder)).config;
  const before = Object.keys(config?.options.tables ?? {}) as Holds[];
  await demandNothingForgotten(context, [...named.map(({ holds }) => holds), ...before], options);
  const tables = given ?? restoredTables(await awsIdentity(config?.region ?? "", context.env));
  const adopted: Adopted[] = [];
  for (const each of named) adopted.push(await lacking(each, tables));
  await changeAll(tables, adopted);
  answer(context, reportOf(adopted), () => textOf(adopted));
}

function namedBy(written: string): Named {
  const [, holds, name] = /^(requests|audit|ledger)=([\w.-]{3,255})$/.exec(written) ?? [];
  if (holds !== undefined && name !== undefined) return { holds: holds as Holds, name };
  throw noTable(`--table ${written} names no restored table.`);
}

/** A table has one place in the broker, and a place one table. @throws Failure `usage` */
function eachOnce(named: readonly Named[]): readonly Named[] {
  for (const [at, { holds: kind, name }] of named.entries())
    for (const before of named.slice(0, at)) {
      if (before.holds === kind) throw noTable(`${kind} is written twice after --table.`);
      if (before.name === name) throw noTable(`The table ${name} is written twice after --table.`);
    }
  return named;
}

const noTable = (what: string) =>
  new Failure("usage", "no-table", {
    what,
    notDone: NOT_DONE,
    next: ["Next: write requests=NAME, audit=NAME or ledger=NAME, with the new table's name."],
  });

const NOT_DONE = "Nothing was changed.";

/** One change after the other, until DynamoDB refuses one. */
async function changeAll(tables: RestoredTables, adopted: readonly Adopted[]): Promise<void> {
  const done: string[] = [];
  for (const { name, table, changes } of adopted)
    for (const change of changes) {
      try {
        await tables.change(table, change);
      } catch (error) {
        throw notChanged(name, change, done, error);
      }
      done.push(`${name} was given ${WORDS[change.kind]}`);
    }
}

async function read(tables: RestoredTables, name: string): Promise<RestoredTable | undefined> {
  try {
    return await tables.read(name);
  } catch (error) {
    throw notRead(name, error);
  }
}

async function lacking(named: Named, tables: RestoredTables): Promise<Adopted> {
  const { holds, name } = named;
  const table = await read(tables, name);
  if (!table) throw notTaken(`There is no table ${name} in this account and region.`);
  if (table.sourceArn === undefined)
    throw notTaken(`The table ${name} was not restored from another one.`);
  if (table.status !== "ACTIVE")
    throw notTaken(`The table ${name} is not ready: its status is ${table.status}.`);
  const source = await read(tables, table.sourceArn);
  if (source && source.shape !== table.shape)
    throw notTaken(
      `The table ${name} has ${table.shape}, and the one it was restored from has ${source.shape}.`,
    );
  const other = otherContent(holds, Object.keys(table.indexes));
  if (other !== undefined) throw notTaken(`The table ${name} is not one of ${holds}: ${other}.`);
  const { ttl } = TABLE_NEEDS[holds];
  const tags = Object.entries(source?.tags ?? {}).filter(([key]) => !(key in table.tags));
  return {
    ...named,
    table,
    changes: [
      ...(ttl !== undefined && table.ttl !== ttl ? [{ kind: "ttl", attribute: ttl } as const] : []),
      ...(table.pointInTimeRecovery ? [] : [{ kind: "recovery" } as const]),
      ...(table.deletionProtection ? [] : [{ kind: "protection" } as const]),
      ...(tags.length > 0 ? [{ kind: "tags", tags: Object.fromEntries(tags) } as const] : []),
    ],
  };
}

const notTaken = (what: string) =>
  new Failure("conflict", "table-not-taken", {
    what,
    notDone: NOT_DONE,
    next: [
      "Next: restore it with aws dynamodb restore-table-to-point-in-time, with all of its indexes.",
      "Then wait until it is there:  aws dynamodb wait table-exists --table-name NAME",
    ],
  });

/** AWS's words on a failure, without a full stop. */
const wordsOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message.replace(/\.?\s*$/, "")}` : String(error);

/** Whether DynamoDB answered that it did nothing. */
const isRefusal = (error: unknown): boolean => {
  const { $metadata: { httpStatusCode: status = 0 } = {} } = (error ?? {}) as {
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return status >= 400 && status < 500;
};

const UNKNOWN = "That change may or may not have been made, and none after it was.";

const notRead = (name: string, error: unknown) =>
  new Failure(
    "refused",
    "table-not-read",
    {
      what: `DynamoDB does not answer about the table ${name}: ${wordsOf(error)}.`,
      notDone: NOT_DONE,
      next: [
        "Next: your credentials need dynamodb:DescribeTable, DescribeTimeToLive, DescribeContinuousBackups and dynamodb:ListTagsOfResource on it and on its source.",
        "Check:  aws sts get-caller-identity",
      ],
    },
    { cause: error },
  );

const notChanged = (name: string, { kind }: TableChange, done: readonly string[], error: unknown) =>
  new Failure(
    "refused",
    "table-not-changed",
    {
      what: `DynamoDB ${isRefusal(error) ? "did not give" : "does not say whether it gave"} ${name} ${WORDS[kind]}: ${wordsOf(error)}.`,
      notDone: [
        ...(done.length === 0 ? [] : [`Before that, ${done.join(", and ")}.`]),
        isRefusal(error) ? (done.length === 0 ? NOT_DONE : "Nothing else was changed.") : UNKNOWN,
      ].join(" "),
      next: [
        "Next: run it again. It changes only what is missing.",
        "Where backups are still being enabled, wait some minutes first.",
        "Your credentials need dynamodb:UpdateTimeToLive, UpdateContinuousBackups, UpdateTable and TagResource on it.",
      ],
    },
    { cause: error },
  );

const reportOf = (adopted: readonly Adopted[]) => ({
  tables: adopted.map(({ holds, name, changes }) => ({
    holds,
    name,
    changed: changes.map(({ kind }) => kind),
  })),
});

const WORDS: Readonly<Record<TableChange["kind"], string>> = {
  ttl: "time to live",
  recovery: "point-in-time recovery",
  protection: "deletion protection",
  tags: "tags",
};

function textOf(adopted: readonly Adopted[]): string {
  const lines = adopted.map(({ holds, name, changes }) => {
    const given = changes.map(({ kind }) => WORDS[kind]).join(", ");
    return `${holds}: ${name} ${given === "" ? "has all that it needs" : `was given ${given}`}.`;
  });
  const named = adopted.map(({ holds, name }) => `  ${holds}: ${name}`);
  const next = [
    `The broker does not use ${adopted.length === 1 ? "it" : "them"} yet. Write in ${CONFIG_FILE}:`,
    "tables:",
    ...named,
    "Then deploy:  timelatch deploy",
  ];
  return `${[...lines, ...next].join("\n")}\n`;
}
