/** One run: a sandbox is started, the plan is carried out, all settles, and what was seen is judged. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openTableIntruder, type TableIntruder } from "../test/e2e/table-intruder.ts";
import { clearFaults } from "./deeds/faults.ts";
import { verdictsOn } from "./judge/judgements.ts";
import type { Seen, SeenRequest } from "./judge/seen.ts";
import { verifyArchive } from "./look/archive.ts";
import { readDeadLetters } from "./look/dead-letters.ts";
import { readFindings } from "./look/findings.ts";
import { askKubectl } from "./look/kubectl.ts";
import { descendantsOf, leftoversOf, portsIn } from "./look/leftovers.ts";
import { readMessages } from "./look/messages.ts";
import { readRequests } from "./look/requests.ts";
import { makePlan } from "./plan/make-plan.ts";
import { type Report, reportOf } from "./report.ts";
import { settle } from "./settle.ts";
import { writeChaosPolicy } from "./stage/chaos-policy.ts";
import { ensureStarted } from "./stage/ensure-started.ts";
import { withLastLines } from "./stage/last-lines.ts";
import { runPlan } from "./stage/run-plan.ts";
import { controlSandbox, type SandboxControl } from "./stage/sandbox-control.ts";
import { slackRefusals } from "./stage/slack-refusals.ts";
import { type Deed, isFailed, type Stage } from "./stage/stage.ts";
import { unlessAborted } from "./stage/unless-aborted.ts";
import { type BusWatch, watchBus } from "./stage/watch-bus.ts";
import { type EntryWatch, watchEntries } from "./stage/watch-entries.ts";
import { type PaceWatch, watchPace } from "./stage/watch-pace.ts";
import { watched } from "./stage/watched.ts";

export interface ChaosOptions {
  readonly minutes: number;
  readonly seed: number;
  /**
   * Whether it is a small run, for tests: the sample's own policy, under which some requests are refused, reads that do
   * not lag, and a fifth of the requests.
   */
  readonly isSmall?: boolean;
  /** Whether nobody writes into the tables. A small run has no intruder either. */
  readonly isWithoutIntruder?: boolean;
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
  options.progress("Starting a sandbox");
  const control = await controlSandbox(folders.sandbox, env, isSmall ? 0 : 1);
  try {
    const seen = await unlessAborted(options.signal, playedAndSeen(options, folders, control));
    return reportOf(seen, verdictsOn(seen), options.minutes, options.isWithoutIntruder);
  } catch (error) {
    throw withLastLines(error, control.log());
  } finally {
    await control.stop();
  }
}

interface Watchers {
  readonly bus: BusWatch;
  readonly entries: EntryWatch;
  readonly pace: PaceWatch;
}

const newStage = (
  seed: number,
  dir: string,
  control: SandboxControl,
  intruder: TableIntruder | undefined,
): Stage => ({
  ...(intruder && { intruder }),
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
    remembered: [],
    remarks: [],
  },
});

/** Carries out the plan, and waits until all has settled. */
async function played(
  { seed, minutes, isSmall = false, isWithoutIntruder, progress, signal }: ChaosOptions,
  stage: Stage,
  { bus, entries, pace }: Watchers,
): Promise<Seen> {
  const { control } = stage;
  const deeds: Deed[] = [];
  const began = Date.now();
  const plan = makePlan(seed, minutes, isSmall ? 5 : 1, !isWithoutIntruder);
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
      ...{ attacks: stage.attacks, intrusions: stage.intrusions },
      bus: bus.ids(),
      messages: await readMessages(control.addresses),
      ...{ deadLetters: {}, kubectl: [], leftovers: [], remarks: stage.remarks },
    };
  };
  return await settle(look, { progress, signal });
}

async function playedAndSeen(
  options: ChaosOptions,
  folders: { readonly sandbox: string; readonly temporary: string },
  control: SandboxControl,
): Promise<Seen> {
  const { seed, progress, isSmall, isWithoutIntruder } = options;
  const hasIntruder = !isSmall && !isWithoutIntruder;
  if (hasIntruder) progress("Taking over a session of each function");
  const intruder = hasIntruder ? await openTableIntruder(control.addresses) : undefined;
  const stage = newStage(seed, folders.sandbox, control, intruder);
  const entries = watchEntries(folders.sandbox);
  const pace = watchPace(control.addresses.awsUrl, control.log);
  const bus = watchBus(folders.sandbox);
  const settled = await watched([entries, pace, bus], () =>
    played(options, stage, { entries, pace, bus }),
  );
  progress("Looking at it with the AWS CLI and kubectl");
  const deadLetters = await readDeadLetters(control.addresses);
  const kubectl = await askKubectl(control.addresses);
  const archive = await archiveOf(options, folders, control, settled.requests);
  const started = descendantsOf(control.pid() ?? 0);
  await control.stop();
  const ports = portsIn(folders.sandbox);
  const leftovers = await leftoversOf(started, ports, folders.temporary);
  return { ...settled, deadLetters, kubectl, leftovers, ...(archive && { archive }) };
}

/** A seal takes minutes: a run of one minute has none. */
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
