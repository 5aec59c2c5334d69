/** One run: a sandbox is started, the plan is carried out, all settles, and what was seen is judged. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { refusedCalls } from "../../test/e2e/refused-calls.ts";
import { openTableIntruder, type TableIntruder } from "../../test/e2e/table-intruder.ts";
import { clearFaults } from "./deeds/faults.ts";
import { verdictsOn } from "./judge/judgements.ts";
import type { Seen, SeenRequest } from "./judge/seen.ts";
import { adoptedIn } from "./look/adopted.ts";
import { verifyArchive } from "./look/archive.ts";
import { readDeadLetters } from "./look/dead-letters.ts";
import { readFindings } from "./look/findings.ts";
import { askKubectl } from "./look/kubectl.ts";
import { descendantsOf, leftoversOf, portsIn } from "./look/leftovers.ts";
import { readMessages } from "./look/messages.ts";
import { readRequests } from "./look/requests.ts";
import type { Action } from "./plan/action.ts";
import { makePlan, type Part } from "./plan/make-plan.ts";
import { type Report, reportOf } from "./report.ts";
import { settle } from "./settle.ts";
import { writeChaosPolicy } from "./stage/chaos-policy.ts";
import { ensureStarted } from "./stage/ensure-started.ts";
import { withLastLines } from "./stage/last-lines.ts";
import { assembleRestored } from "./stage/restored-assembly.ts";
import { runPlan } from "./stage/run-plan.ts";
import { controlSandbox, type SandboxControl } from "./stage/sandbox-control.ts";
import { slackRefusals } from "./stage/slack-refusals.ts";
import { type Deed, isFailed, type Stage } from "./stage/stage.ts";
import { unlessAborted, watched } from "./stage/unless-aborted.ts";
import { type BusWatch, watchBus } from "./stage/watch-bus.ts";
import { type EntryWatch, watchEntries } from "./stage/watch-entries.ts";
import { type PaceWatch, watchPace } from "./stage/watch-pace.ts";

export interface ChaosOptions {
  readonly minutes: number;
  readonly seed: number;
  /**
   * Whether it is a small run, for tests: the sample's own policy, under which some requests are refused, reads that do
   * not lag, and a fifth of the requests.
   */
  readonly isSmall?: boolean;
  /** The parts of a plan to leave out. A small run leaves out all of them. */
  readonly without?: readonly Part[];
  readonly progress: (line: string) => void;
  /** Ends the run early, and cleans up. */
  readonly signal: AbortSignal;
}

/** Rejects with the signal's reason where the run was ended early; nothing is left then. */
export async function runChaos(options: ChaosOptions): Promise<Report> {
  const root = mkdtempSync(path.join(tmpdir(), "timelatch-chaos-"));
  try {
    return await runIn(root, options);
  } catch (error) {
    throw options.signal.aborted ? options.signal.reason : error;
  } finally {
    // A deed that was cut off may still write there.
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runIn(root: string, options: ChaosOptions): Promise<Report> {
  const folders = { sandbox: path.join(root, "sandbox"), temporary: path.join(root, "tmp") };
  mkdirSync(folders.temporary);
  const { isSmall = false } = options;
  const env = {
    TMPDIR: folders.temporary,
    ...(isSmall ? {} : { TIMELATCH_ACCESS: writeChaosPolicy(root) }),
  };
  const readLag = isSmall ? 0 : 1;
  const plan = makePlan(options.seed, options.minutes, isSmall ? 5 : 1, options.without);
  const restored = path.join(root, "restored");
  const hasRestored = await assembledFor(plan, restored, env, readLag);
  options.progress("Starting a sandbox");
  const control = await controlSandbox(folders.sandbox, env, readLag);
  try {
    const run = { plan, ...folders, ...(hasRestored && { restored }) };
    const seen = await unlessAborted(options.signal, playedAndSeen(options, run, control));
    return reportOf(seen, verdictsOn(seen), options.minutes, options.without);
  } catch (error) {
    throw withLastLines(error, control.log());
  } finally {
    await control.stop();
  }
}

/**
 * The parts of a run: its plan, the sandbox's folder, the one for temporary files, and stacks with
 * restored tables.
 */
interface Run {
  readonly plan: readonly Action[];
  readonly sandbox: string;
  readonly temporary: string;
  readonly restored?: string;
}

/** Synthesizes what a plan's restore deploys. @returns whether it has one */
async function assembledFor(
  plan: readonly Action[],
  outdir: string,
  env: Readonly<Record<string, string>>,
  readLag: number,
): Promise<boolean> {
  const restore = plan.find((action) => action.kind === "restore-tables");
  if (restore) await assembleRestored(outdir, restore.tables, env, readLag);
  return restore !== undefined;
}

interface Watchers {
  readonly bus: BusWatch;
  readonly entries: EntryWatch;
  readonly pace: PaceWatch;
}

const newStage = (
  seed: number,
  { sandbox: dir, restored }: Run,
  control: SandboxControl,
  intruder: TableIntruder | undefined,
): Stage => ({
  ...(intruder && { intruder }),
  ...(restored !== undefined && { restoredAssembly: restored }),
  ...{ seed, dir, addresses: control.addresses, control },
  slackRefusals: slackRefusals(control.pid),
  ...{
    requests: new Map(),
    claims: new Map(),
    outsideCalls: [],
    delegations: [],
    promises: [],
    remade: [],
    remadeRoles: [],
    disturbances: [],
    strips: [],
    suspensions: [],
    attacks: [],
    intrusions: [],
    restores: [],
    remembered: [],
    remarks: [],
  },
});

/** Carries out the plan, and waits until all has settled. */
async function played(
  { seed, minutes, isSmall = false, progress, signal }: ChaosOptions,
  plan: readonly Action[],
  stage: Stage,
  { bus, entries, pace }: Watchers,
): Promise<Seen> {
  const { control } = stage;
  const deeds: Deed[] = [];
  const began = Date.now();
  progress(`Carrying out ${plan.length} actions in ${minutes} minutes`);
  const heard = (deed: Deed) => {
    deeds.push(deed);
    if (isFailed(deed)) progress(`${deed.action.kind} ${deed.answer}`);
  };
  await runPlan(stage, plan, heard, signal);
  await ensureStarted(control, stage.remarks);
  const settlingFrom = Date.now();
  progress("All faults are over. Waiting until it has settled");
  await clearFaults(stage);
  let known: ReadonlyMap<string, SeenRequest> = new Map();
  const look = async (): Promise<Seen> => {
    known = await readRequests(control.addresses, known);
    return {
      ...{ seed, isSmall, deeds, promises: stage.promises, answered: stage.requests },
      ...{ requests: [...known.values()], presences: entries.presences, slow: pace.slow },
      ...{
        claims: [...stage.claims.values()],
        remade: stage.remade,
        remadeRoles: stage.remadeRoles,
      },
      ...{ disturbances: stage.disturbances, settlingFrom, settledAt: Date.now() },
      ...{
        outsideCalls: stage.outsideCalls,
        findings: await readFindings(control.addresses, began),
      },
      ...{ delegations: stage.delegations, suspensions: stage.suspensions, strips: stage.strips },
      ...{ attacks: stage.attacks, intrusions: stage.intrusions, restores: stage.restores },
      adopted: adoptedIn(control.log(), [...stage.requests.values()]),
      refusedCalls: refusedCalls(control.log()),
      bus: bus.ids(),
      messages: await readMessages(control.addresses),
      ...{ deadLetters: {}, kubectl: [], leftovers: [], remarks: stage.remarks },
    };
  };
  return await settle(look, { progress, signal });
}

async function playedAndSeen(
  options: ChaosOptions,
  run: Run,
  control: SandboxControl,
): Promise<Seen> {
  const { seed, progress, isSmall, without = [] } = options;
  const hasIntruder = !isSmall && !without.includes("intruder");
  if (hasIntruder) progress("Taking over a session of each function");
  const intruder = hasIntruder ? await openTableIntruder(control.addresses) : undefined;
  const stage = newStage(seed, run, control, intruder);
  const entries = watchEntries(run.sandbox);
  const pace = watchPace(control.addresses.awsUrl, control.log);
  const bus = watchBus(run.sandbox);
  const settled = await watched([entries, pace, bus], () =>
    played(options, run.plan, stage, { entries, pace, bus }),
  );
  progress("Looking at it with the AWS CLI and kubectl");
  const deadLetters = await readDeadLetters(control.addresses);
  const kubectl = await askKubectl(control.addresses);
  const archive = await archiveOf(options, run, control, settled.requests);
  const started = descendantsOf(control.pid() ?? 0);
  await control.stop();
  const ports = portsIn(run.sandbox);
  const leftovers = await leftoversOf(started, ports, run.temporary);
  return { ...settled, deadLetters, kubectl, leftovers, ...(archive && { archive }) };
}

/** A seal takes minutes, so a run of one minute has no seal. */
async function archiveOf(
  { minutes, progress }: Pick<ChaosOptions, "minutes" | "progress">,
  { sandbox }: { readonly sandbox: string },
  control: SandboxControl,
  requests: Seen["requests"],
): Promise<readonly string[] | undefined> {
  if (minutes < 2) return undefined;
  progress("Starting it again a day later, and once more, to have two days archived and sealed");
  return await verifyArchive(control, sandbox, requests);
}
