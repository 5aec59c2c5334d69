/**
 * An administrator restores tables as the runbook says, with the AWS CLI and `timelatch restore`, and deploys. Without the
 * drain that comes first there, the broker works on until it is deployed.
 */
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { deploymentFolder } from "../../../test/e2e/deployment-folder.ts";
import { openTableIntruder } from "../../../test/e2e/table-intruder.ts";
import type { ActionOf } from "../plan/action.ts";
import { POLICY_FILE } from "../stage/chaos-policy.ts";
import { awsJson, runClient } from "../stage/clients.ts";
import { RECOVERY_SECONDS, UNSURE_SECONDS } from "../stage/disturbance.ts";
import { ensureStarted } from "../stage/ensure-started.ts";
import { firstLine } from "../stage/last-lines.ts";
import { restoredName } from "../stage/restored-assembly.ts";
import type { Restore, Stage } from "../stage/stage.ts";
import { drain, lift } from "./drain.ts";

type Tables = Restore["tables"];
type Addressed = Pick<Stage, "addresses">;

/** A part of the name that CloudFormation gave each. */
const OWN: Readonly<Record<Tables[number], string>> = { requests: "Requests", ledger: "Ledger" };

/** The sandbox needs five seconds. */
const PATIENCE_MS = 60_000;
const EVERY_MS = 500;

export async function restoreTables(
  stage: Stage,
  { tables, seconds, isDrained }: ActionOf<"restore-tables">,
): Promise<string> {
  const { restoredAssembly } = stage;
  if (restoredAssembly === undefined) return "not done: nothing was synthesized for it";
  const to = Math.floor(Date.now() / 1_000 - seconds) * 1_000;
  const drained = isDrained ? await drain(stage) : undefined;
  try {
    if (drained && drained.at === undefined)
      return `not done: something was still lent; drained: ${drained.answer}`;
    await copied(stage, tables, to);
    const at = drained?.at;
    await adopted(stage, restoredAssembly, {
      tables,
      to,
      ...(at !== undefined && { drainedAt: at }),
    });
  } finally {
    if (drained) stage.remarks.push(...(await lifted(stage)));
  }
  const words = `${tables.join(" and ")} restored to ${new Date(to).toISOString()}`;
  return drained ? `${words}; drained: ${drained.answer}` : `${words}, without a drain`;
}

/** @returns what is worth a remark: a drain that stays refuses whatever is asked for */
async function lifted(stage: Stage): Promise<readonly string[]> {
  const answer = await lift(stage);
  return /^(?:200|409)/.test(answer) ? [] : [`The drain was not lifted: ${answer}`];
}

/** Restores each into a name of its own, and waits until all can be used. */
async function copied({ addresses }: Addressed, tables: Tables, to: number): Promise<void> {
  const { TableNames } = (await awsJson(addresses, "dynamodb", "list-tables")) as {
    readonly TableNames: readonly string[];
  };
  for (const table of tables) {
    const own = TableNames.find((name) => name.includes(OWN[table])) ?? OWN[table];
    const words = ["--source-table-name", own, "--target-table-name", restoredName(table)];
    const at = ["--restore-date-time", new Date(to).toISOString()];
    await awsJson(addresses, "dynamodb", "restore-table-to-point-in-time", ...words, ...at);
  }
  for (const table of tables) await untilActive({ addresses }, restoredName(table));
}

async function untilActive({ addresses }: Addressed, name: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(EVERY_MS)) {
    const words = ["describe-table", "--table-name", name];
    const { Table } = (await awsJson(addresses, "dynamodb", ...words)) as {
      readonly Table: { readonly TableStatus: string };
    };
    if (Table.TableStatus === "ACTIVE") return;
  }
  throw new Error(`${name} was not ACTIVE in time.`);
}

/**
 * The deployer's `timelatch`, in a folder as `timelatch init` writes it. @throws Error with its
 * output
 */
async function timelatch(
  { addresses, dir }: Pick<Stage, "addresses" | "dir">,
  command: string,
  ...args: readonly string[]
) {
  const { folder } = deploymentFolder(addresses);
  try {
    cpSync(path.join(path.dirname(dir), POLICY_FILE), path.join(folder, POLICY_FILE));
    const words = [command, folder, ...args];
    const env = { HOME: folder };
    const { code, stdout, stderr } = await runClient(addresses, "admin", "timelatch", words, env);
    if (code !== 0) throw new Error(`timelatch ${command} ${code}: ${firstLine(stderr + stdout)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives the tables what a restore leaves out, and deploys the broker with them: the sandbox does that as it starts. */
async function adopted(
  stage: Stage,
  assembly: string,
  restored: Omit<Restore, "leftAt" | "adoptedAt">,
): Promise<void> {
  const { control, addresses } = stage;
  const named = restored.tables.flatMap((table) => ["--table", `${table}=${restoredName(table)}`]);
  // People go on lending meanwhile: what that leaves is judged.
  await timelatch(stage, "restore", "--undrained", ...named);
  const from = Date.now();
  await control.halt();
  control.adopt(assembly);
  const restore: Restore = { ...restored, leftAt: Date.now(), adoptedAt: Number.POSITIVE_INFINITY };
  stage.restores.push(restore);
  await ensureStarted(control, stage.remarks);
  restore.adoptedAt = Date.now();
  stage.disturbances.push({
    from,
    to: restore.adoptedAt,
    what: "tables were restored",
    holdsUpSeconds: RECOVERY_SECONDS + UNSURE_SECONDS,
  });
  const requests = restored.tables.includes("requests") && { requests: restoredName("requests") };
  if (stage.intruder) stage.intruder = await openTableIntruder(addresses, requests || {});
  await timelatch(stage, "doctor", "--restored");
}
