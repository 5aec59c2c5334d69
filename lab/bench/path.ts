/**
 * How many calls to AWS wait for one another between an approval and the access. A sandbox runs the
 * functions as they are deployed. Its AWS holds every answer back, so that a call that waited for
 * another one is taken up that much later.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSandboxProcess } from "../../test/e2e/sandbox-process.ts";
import { boundsReport } from "./bounds-report.ts";
import type { Suite } from "./report.ts";
import { sandboxPerson } from "./sandbox-person.ts";

const MOST_CALLS = 7;
/** How long AWS holds each answer back. Far more than a call takes by itself. */
const APART_MS = 200;
/** The first call of a run, and the one that gives the access. */
const FIRST = "ChangeMessageVisibility";
const LAST = "AssociateAccessPolicy";
/** The calls that Lambda's poller makes with the function's role, beside the runs. */
const POLLING: ReadonlySet<string> = new Set([
  "ReceiveMessage",
  "DeleteMessage",
  "DeleteMessageBatch",
]);
const ROLES = ["timelatch-converge", "timelatch-grantor"] as const;
/** Checks of clusters run beside, in sessions of their own. */
const CLUSTER_CHECK = /timelatch-c-/;

/** Why no step can join the one before it. docs/protocol.md has the whole reasons. */
const FLOOR = [
  "Each step needs the answers of the one before it, or what it stored:",
  "  1 tables · 2 the cluster's circuit and a session · 3 the entry · 4 timers · 5 the save · 6, 7 EKS",
] as const;

interface LoggedCall {
  readonly operation: string;
  readonly at: string;
  readonly caller: { readonly arn?: string; readonly principalArn?: string };
  readonly input: Readonly<Record<string, unknown>>;
}

export const benchPath: Suite = async (progress) => {
  const dir = mkdtempSync(path.join(tmpdir(), "timelatch-bench-"));
  progress("Start of a sandbox");
  const sandbox = await startSandboxProcess(["--dir", dir]);
  try {
    const [alice, bob] = [sandboxPerson(sandbox, "alice"), sandboxPerson(sandbox, "bob")];
    const request = await alice.ask("10m");
    for (const role of ROLES)
      await setFault(sandbox.awsUrl, { kind: "delay", milliseconds: APART_MS, role });
    progress("One grant, with slow answers");
    await bob.approve(request);
    const approvedAt = Date.now();
    await alice.until(request, "active", 60);
    const all = callsIn(path.join(dir, "logs", "aws-calls.log"), approvedAt);
    // Checks of clusters run under the same role meanwhile; the run begins with its first call.
    const begunAt = (all.find(({ name }) => name === FIRST)?.at ?? 0) - APART_MS / 2;
    const calls = all
      .slice(0, all.findIndex(({ name }) => name === LAST) + 1)
      .filter(({ at }) => at >= begunAt);
    const runs = calls.filter(({ name }) => name === FIRST).length;
    if (runs > 1)
      throw new Error(`${runs} runs shared the work: the machine is busy. Measure again, alone.`);
    return reportOf(stepsUpTo(calls, LAST, APART_MS));
  } finally {
    await sandbox.stop();
    rmSync(dir, { recursive: true, force: true });
  }
};

async function setFault(awsUrl: string, fault: object): Promise<void> {
  const body = JSON.stringify(fault);
  const response = await fetch(`${awsUrl}/_sandbox/faults`, { method: "POST", body });
  if (!response.ok) throw new Error(`The fault was not set: ${await response.text()}`);
}

/** The calls of converge since then, without those of polling and of cluster checks. */
function callsIn(log: string, since: number): readonly TimedCall[] {
  return readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LoggedCall)
    .filter(({ operation, caller, at }) => {
      const by = `${caller.principalArn} ${caller.arn}`;
      const isOwn = ROLES.some((role) => by.includes(`${role}/`)) && !CLUSTER_CHECK.test(by);
      return isOwn && !POLLING.has(operation) && Date.parse(at) > since;
    })
    .map(({ operation, at, input }) => ({ name: nameOf(operation, input), at: Date.parse(at) }));
}

/** With the table, where the call is DynamoDB's. */
const nameOf = (operation: string, { TableName }: LoggedCall["input"]): string =>
  TableName === undefined ? operation : `${operation} ${String(TableName)}`;

function reportOf(steps: readonly Step[]) {
  const shown = steps.map((step, at) => `  ${at + 1} ${step.map(({ name }) => name).join(", ")}`);
  const figure = {
    name: "path.sequential",
    what: "Calls that wait for one another, from approval to access",
    // Without the last call nothing was measured, and no bound holds.
    value: steps.length === 0 ? Number.NaN : steps.length,
    bound: MOST_CALLS,
    unit: "calls" as const,
  };
  const report = boundsReport([figure], "", {
    floor: MOST_CALLS,
    steps: steps.map((step) => step.map(({ name }) => name)),
  });
  return { ...report, lines: [...shown, ...FLOOR, ...report.lines] };
}

/** A call, and when AWS took it up, in milliseconds. */
export interface TimedCall {
  readonly name: string;
  readonly at: number;
}

/** Calls that went out together: none of them waited for another one. */
type Step = readonly TimedCall[];

/**
 * The steps up to the first call of a name. Each call is answered at least `apart` milliseconds after it
 * was sent, and so is taken up that much later than one whose answer it waited for.
 *
 * @param apart how long every answer was held back
 * @returns no step where there is no such call
 */
export function stepsUpTo(
  calls: readonly TimedCall[],
  last: string,
  apart: number,
): readonly Step[] {
  const inOrder = [...calls].sort((one, other) => one.at - other.at);
  const end = inOrder.findIndex(({ name }) => name === last);
  const steps: TimedCall[][] = [];
  for (const call of inOrder.slice(0, end + 1)) {
    const before = steps.findLastIndex((step) => step.some(({ at }) => at + apart <= call.at));
    const own = steps[before + 1];
    if (own) own.push(call);
    else steps.push([call]);
  }
  return steps;
}
