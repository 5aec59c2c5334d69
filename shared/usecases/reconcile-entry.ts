import type { Claim } from "../domain/claim.ts";
import type { AuthenticationMode } from "../domain/cluster-facts.ts";
import { type ElementSet, EMPTY } from "../domain/element-set.ts";
import { plusSeconds } from "../domain/instant.ts";
import { isUncertain, type Ledger } from "../domain/ledger.ts";
import { type ActualEntry, type Finding, observe } from "../domain/observe.ts";
import { type Desired, desiredOf, type EntryStep, planSteps, targetOf } from "../domain/plan.ts";
import { scopeRemainder } from "../domain/scope.ts";
import {
  CallFailed,
  type CallRecord,
  type CallSession,
  type EntryAddress,
} from "../ports/access-entries.ts";
import type { ConvergePorts } from "../ports/ports.ts";
import type { Armed } from "./arm-schedules.ts";
import { type ConvergeRun, factsOf } from "./converge-run.ts";
import type { GrantBook } from "./grant-book.ts";
import type { JudgedGrants, Verdict } from "./judge-grants.ts";
import type { Readable } from "./read-entry.ts";

/** What the entry came to, as it was read back, and what was done for it. */
export interface Reconciled {
  readonly ledger: Ledger;
  readonly actual: ActualEntry | undefined;
  readonly claims: readonly Claim[];
  readonly judged: JudgedGrants;
  /** The cluster's mode, where it was asked for: with aws-auth, an entry overrides its mapping. */
  readonly authenticationMode: AuthenticationMode | null;
  readonly findings: readonly Finding[];
  /** By grant, the calls that served it. */
  readonly calls: ReadonlyMap<string, readonly CallRecord[]>;
  /** Grants whose access AWS refuses, and will refuse again. */
  readonly rejected: ReadonlyMap<string, Verdict>;
  /** Whether `actual` was read after the last change. Only then may anything be concluded. */
  readonly readBack: boolean;
  /** An instant before `actual` was read: what may land after it is not in `actual`. */
  readonly readAt: string;
  readonly unfinished: boolean;
  /** A call found no room: AWS was asked too much at once, or the invocation's time was over. */
  readonly crowded: boolean;
  /** Another's entry came in between: everything is to be planned anew. */
  readonly again: boolean;
}

interface Before extends Armed {
  readonly address: EntryAddress;
  readonly reading: Readable;
  readonly run: ConvergeRun;
}

/** Plans the steps, writes down what is about to be attempted, takes them, and reads back. */
export async function reconcileEntry(
  ports: ConvergePorts,
  book: GrantBook,
  before: Before,
): Promise<Reconciled> {
  const { claims, judged, observation, reading, now, address, run } = before;
  const found = reading.kind === "read" ? reading.actual : undefined;
  const { findings } = observation;
  const desired = desiredOf(observation.ledger, claims);
  // Where no entry can exist no grant is live, so that there is nothing to do, and its absence is
  // as good as read.
  const plan = planSteps(desired, found, observation.ledger);
  const adoption: readonly Finding[] = plan.adopted ? [{ code: "entry-adopted" }] : [];
  const known = plan.adopted ? { ...observation.ledger, owned: false } : observation.ledger;
  const base = {
    claims,
    judged,
    authenticationMode:
      reading.kind === "read" && reading.cluster.kind === "known"
        ? reading.cluster.authenticationMode
        : null,
    findings: [...findings, ...adoption],
  };
  if (plan.steps.length === 0) {
    const ledger = withOutcomesKnown(known, known.uncertainUntil, now);
    if (before.begins) await ports.ledgers.save(ledger);
    return {
      ...base,
      ledger,
      actual: found,
      calls: new Map(),
      rejected: new Map(),
      readBack: true,
      readAt: now,
      unfinished: false,
      crowded: false,
      again: false,
    };
  }
  const written = await writeIntent(ports, known, desired, plan.steps, { now, run });
  const { intent, ...taken } = await takeSteps(
    ports,
    book,
    written,
    { ...before, found },
    plan.steps,
  );
  // With every answer at hand nothing is open, whether or not what came of them could be read.
  const settled = (ledger: Ledger) =>
    taken.unknown ? ledger : withOutcomesKnown(ledger, known.uncertainUntil, now);
  const readAt = ports.chance.now();
  const after = await readBack(ports, book, address, run);
  if (!after.read)
    return {
      ...base,
      ...taken,
      ledger: settled(intent),
      actual: found,
      readBack: false,
      readAt,
      unfinished: true,
      crowded: taken.crowded || after.crowded,
      again: false,
    };
  const seen = observe(intent, after.actual, claims, readAt);
  return {
    ...base,
    ...taken,
    ledger: settled(seen.ledger),
    actual: after.actual,
    findings: [...base.findings, ...seen.findings],
    readBack: true,
    readAt,
    unfinished: taken.unfinished,
    again: taken.lostToAnother,
  };
}

/**
 * Before the first change: what will be attempted, and until when an unanswered call may still
 * land. A crash from here on finds this, and trusts nothing before it has passed.
 */
async function writeIntent(
  ports: ConvergePorts,
  known: Ledger,
  desired: Desired,
  steps: readonly EntryStep[],
  { now, run }: Pick<Before, "now" | "run">,
): Promise<Ledger> {
  const creating = steps.some(({ kind }) => kind === "create-entry");
  const landsBy = plusSeconds(
    ports.chance.now(),
    run.millisLeft() / 1_000 + ports.settings.uncertainSeconds,
  );
  const ledger: Ledger = {
    ...known,
    ...(creating && known.tokenSpent ? renewed(known, ports.chance.newToken(), now) : {}),
    uncertainUntil: landsBy,
    targets: Object.fromEntries(
      Object.entries(known.targets).map(([target, held]) => [
        target,
        { ...held, attempted: desired[target] ?? EMPTY },
      ]),
    ),
  };
  await ports.ledgers.save(ledger);
  return ledger;
}

/**
 * A token is for one entry: after an entry of ours was gone, the next one has its own. The former
 * is remembered while a create with it may still land.
 */
const renewed = (known: Ledger, token: string, now: string) => ({
  token,
  tokenSpent: false,
  formerTokens: isUncertain(known, now) ? [...known.formerTokens, known.token] : [],
});

/** All outcomes of this pass are known; what an earlier one left open stays so until its time. */
function withOutcomesKnown(ledger: Ledger, before: string | null, now: string): Ledger {
  return { ...ledger, uncertainUntil: before !== null && now < before ? before : null };
}

interface Taken {
  /** What was attempted in the end, as it is written down. */
  readonly intent: Ledger;
  readonly calls: ReadonlyMap<string, readonly CallRecord[]>;
  readonly rejected: ReadonlyMap<string, Verdict>;
  /** A call got no answer: it may still be applied. */
  readonly unknown: boolean;
  readonly unfinished: boolean;
  readonly crowded: boolean;
  readonly lostToAnother: boolean;
}

/** Takes the steps in order. One that fails stops no other, except those that need its entry. */
async function takeSteps(
  ports: ConvergePorts,
  book: GrantBook,
  ledger: Ledger,
  before: Before & { readonly found: ActualEntry | undefined },
  steps: readonly EntryStep[],
): Promise<Taken> {
  const { claims, found, address, run } = before;
  const calls = new Map<string, readonly CallRecord[]>();
  const rejected = new Map<string, Verdict>();
  const left = [...steps];
  let intent = ledger;
  let unknown = false;
  let unfinished = false;
  let crowded = false;
  for (let step = left.shift(); step; step = left.shift()) {
    if (run.millisLeft() < ports.settings.reserveSeconds * 1_000) {
      unfinished = true;
      crowded = true;
      break;
    }
    const served = servedBy(step, claims, found);
    const note = (record: CallRecord) => {
      for (const id of served) calls.set(id, [...(calls.get(id) ?? []), record]);
    };
    try {
      note(await take(ports, address, book.sessionFor(served[0]), intent, step));
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      run.log("step failed", { binding: book.binding, step: step.kind, ...factsOf(error) });
      note(error.record);
      const creating = step.kind === "create-entry";
      if (creating && error.code === ENTRY_EXISTS)
        return { intent, calls, rejected, unknown, unfinished: true, crowded, lostToAnother: true };
      crowded ||= error.failure === "throttled";
      unknown ||= error.failure === "unknown";
      const refused = error.failure === "refused";
      if (refused && isAddition(step, claims, found))
        for (const id of served) rejected.set(id, rejectionOf(error));
      else unfinished = true;
      if (creating) break;
      if (refused && step.kind === "associate" && isOursAlone(intent, step, claims, found)) {
        intent = withAttempt(intent, step.target, EMPTY);
        await ports.ledgers.save(intent);
        left.unshift({ kind: "disassociate", target: step.target });
      }
    }
  }
  return { intent, calls, rejected, unknown, unfinished, crowded, lostToAnother: false };
}

/**
 * Whether a scope that AWS does not let us narrow is all of our lending: then the association is
 * taken away whole, which needs no permission that a change of policy could have removed. What is
 * left of other grants comes back in the next pass, if it still may.
 */
const isOursAlone = (
  { targets }: Ledger,
  step: Extract<EntryStep, { readonly kind: "associate" }>,
  claims: readonly Claim[],
  found: ActualEntry | undefined,
): boolean => targets[step.target]?.baseline.length === 0 && !isAddition(step, claims, found);

const withAttempt = (ledger: Ledger, target: string, attempted: ElementSet): Ledger => {
  const held = ledger.targets[target];
  return held
    ? { ...ledger, targets: { ...ledger.targets, [target]: { ...held, attempted } } }
    : ledger;
};

const ENTRY_EXISTS = "ResourceInUseException";

function take(
  { entries }: ConvergePorts,
  address: EntryAddress,
  session: CallSession,
  { token }: Ledger,
  step: EntryStep,
): Promise<CallRecord> {
  switch (step.kind) {
    case "create-entry":
      return entries.create(address, session, { token, groups: step.groups });
    case "update-groups":
      return entries.updateGroups(address, session, step.groups);
    case "associate":
      return entries.associate(address, session, step.target, step.scope);
    case "disassociate":
      return entries.disassociate(address, session, step.target);
    case "delete-entry":
      return entries.remove(address, session);
  }
}

/** The grants that a step is for: those that lack what it adds, else those that end with it. */
function servedBy(
  step: EntryStep,
  claims: readonly Claim[],
  found: ActualEntry | undefined,
): readonly string[] {
  const target = targetOf(step);
  const touched = claims.filter((claim) => target === undefined || claim.target === target);
  const lacking = touched.filter((claim) => claim.live && lacks(claim, found));
  const serves = lacking.length > 0 ? lacking : touched.filter(({ live }) => !live);
  return serves.map(({ grantId }) => grantId);
}

const isAddition = (
  step: EntryStep,
  claims: readonly Claim[],
  found: ActualEntry | undefined,
): boolean => {
  const served = servedBy(step, claims, found);
  return claims.some(({ grantId, live }) => live && served.includes(grantId));
};

function lacks({ target, elements }: Claim, found: ActualEntry | undefined): boolean {
  const there: ElementSet = found?.targets[target] ?? EMPTY;
  return scopeRemainder(elements, there).length > 0;
}

const rejectionOf = ({ code, record }: CallFailed): Verdict => ({
  code: "refused-by-aws",
  detail: `AWS refused ${record.operation} with ${code}. Nothing is left of it; mend the cause and ask again.`,
});

type ReadBack =
  | { readonly read: true; readonly actual: ActualEntry | undefined }
  | { readonly read: false; readonly crowded: boolean };

async function readBack(
  { entries }: ConvergePorts,
  book: GrantBook,
  address: EntryAddress,
  run: ConvergeRun,
): Promise<ReadBack> {
  try {
    return { read: true, actual: await entries.read(address, book.sessionFor(undefined)) };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("not read back", { binding: book.binding, ...factsOf(error) });
    return { read: false, crowded: error.failure === "throttled" };
  }
}
