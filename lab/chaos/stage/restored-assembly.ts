/** The stacks as an operator synthesizes them once tables were restored: the broker takes those in place of its own. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { ActionOf } from "../plan/action.ts";

type Table = ActionOf<"restore-tables">["tables"][number];

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** How a table is called once it was restored. */
export const restoredName = (table: Table): string => `restored-${table}`;

/**
 * Synthesizes in advance, so that it takes no time of the run.
 *
 * @param outdir where the assembly is written
 * @param env of the sandbox whose stacks it has
 * @param readLagSeconds how old a read of EKS may be for the broker
 */
export async function assembleRestored(
  outdir: string,
  tables: readonly Table[],
  env: Readonly<Record<string, string>>,
  readLagSeconds: number,
): Promise<void> {
  await promisify(execFile)(process.execPath, [path.join(ROOT, "infra/app.ts")], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...env,
      CDK_OUTDIR: outdir,
      TIMELATCH_SETTINGS: "sandbox",
      TIMELATCH_READ_LAG_SECONDS: String(readLagSeconds),
      TIMELATCH_TABLES: tables.map((table) => `${table}=${restoredName(table)}`).join(","),
    },
  });
}
