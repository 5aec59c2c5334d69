import type { Store } from "../store.ts";
import { type EngineCall, EngineRefusal } from "./engine-call.ts";
import type { DynamoDbState, TableState } from "./state.ts";
import type { Place } from "./table-names.ts";
import type { WriteLog } from "./write-log.ts";

/** The context of operations on tables. */
export interface TableWorld {
  readonly engine: EngineCall;
  readonly place: Place;
  readonly tables: Store<DynamoDbState>;
  readonly log: WriteLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A table as the engine describes it, as far as anything here reads it. */
export interface EngineTable {
  readonly TableStatus?: string;
  readonly KeySchema?: unknown;
  readonly AttributeDefinitions?: unknown;
  readonly GlobalSecondaryIndexes?: readonly Readonly<Record<string, unknown>>[];
  readonly StreamSpecification?: unknown;
  readonly LatestStreamArn?: string;
  readonly LatestStreamLabel?: string;
}

/** The engine's description of the table; undefined without such a table. */
export async function engineTable(
  { engine }: Pick<TableWorld, "engine">,
  name: string,
): Promise<EngineTable | undefined> {
  try {
    return (await engine("DescribeTable", { TableName: name }))["Table"] as EngineTable;
  } catch (error) {
    if (error instanceof EngineRefusal && ABSENT.includes(error.code)) return undefined;
    throw error;
  }
}

/** A name that no table can have is no table's either. */
const ABSENT = ["ResourceNotFoundException", "ValidationException"];

export const stateOf = ({ tables }: Pick<TableWorld, "tables">, name: string): TableState =>
  (Object.hasOwn(tables.state.tables, name) ? tables.state.tables[name] : undefined) ?? {
    tags: {},
  };

/** Changes what is kept of a table. */
export function changeState(
  { tables }: Pick<TableWorld, "tables">,
  name: string,
  change: (state: TableState) => void,
): void {
  tables.change((state) => {
    if (!Object.hasOwn(state.tables, name)) state.tables[name] = { tags: {} };
    const table = state.tables[name];
    if (table) change(table);
  });
}

/** Whether it is not ready yet, such as while a restore into it goes on. */
export function isCreating(world: Pick<TableWorld, "tables" | "now">, name: string): boolean {
  const { restored, made } = stateOf(world, name);
  return ((restored ?? made)?.readyAt ?? 0) > world.now();
}
