/**
 * Makes one access entry what it should be. Never "add this" or "remove that": what should be is
 * read, what is is read, and they are made equal. Granting, expiry, return, revocation, repair of
 * others' edits and recovery from a crash are all this one function.
 *
 * Nothing here may run twice at once for one binding; the queue's message groups see to that.
 */
import { type ClusterArn, clusterOf } from "../domain/arn.ts";
import { afterFailure, CLOSED, isOpen } from "../domain/circuit.ts";
import { startOf } from "../domain/claim.ts";
import { earliest, plusSeconds } from "../domain/instant.ts";
import { type Ledger, openLedger } from "../domain/ledger.ts";
import type { AccessRequest } from "../domain/request.ts";
import type { EntryAddress } from "../ports/access-entries.ts";
import type { BindingView } from "../ports/binding-store.ts";
import type { ConvergePorts } from "../ports/ports.ts";
import { armSchedules } from "./arm-schedules.ts";
import { concludeGrants } from "./conclude-grants.ts";
import { type ConvergeRun, factsOf } from "./converge-run.ts";
import { GrantBook } from "./grant-book.ts";
import { judgeGrants } from "./judge-grants.ts";
import { joinCalls, NOTHING_BEFORE, type PassMemory } from "./pass-memory.ts";
import { readEntry } from "./read-entry.ts";
import { reconcileEntry } from "./reconcile-entry.ts";
import { tidyBinding } from "./tidy-binding.ts";

/** What a pass came to: `again` where a fresh look right now would get further. */
export interface PassResult {
  readonly again: boolean;
  /** Something is left to do that this pass could not: it is retried with growing pauses. */
  readonly unfinished: boolean;
  /** All that it could not was for want of room: it is worth another try once others had their turn. */
  readonly crowded: boolean;
  /** The entry was not read: what there was to do before is still to be done, and nothing more. */
  readonly unread: boolean;
  /** When there is something to do at the latest, besides the grants' own times. */
  readonly wakeAt: readonly string[];
  /** When to compare what is lent with what EKS has; null where nothing is lent. */
  readonly lookAt: string | null;
  readonly memory: PassMemory;
}

/** Nothing is left to do before some later time. */
const AT_REST = {
  again: false,
  unfinished: false,
  crowded: false,
  unread: false,
  wakeAt: [],
  lookAt: null,
} as const;
/** Nothing could be concluded: all is to be looked at afresh. */
const ANEW = { ...AT_REST, again: true, unfinished: true } as const;

/** What somebody has to be told of a binding. */
export interface ConvergeReport {
  /** Grants whose time is over, and whose end is not seen yet. */
  readonly overdueGrants: number;
}

/**
 * How often in a row a binding that found no room goes to the end of the queue by itself; then the
 * sweep sends it. Lambda takes a function that sends itself 16 messages on end for a loop.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
const TURNS = 8;

/**
 * A message that waited for longer than this says that removals wait in the queue too. Then what
 * takes nothing away lets them pass, and comes back with the next sweep: half a sweep's period is
 * what the margin has left after a schedule's minute and a run.
 */
const LONG_WAIT_SECONDS = 30;

/** A create that lost against another's entry is planned anew at once, but not for ever. */
const PASSES = 3;

/**
 * Brings a binding to where it should be, as far as AWS lets it, and says when it is to be looked
 * at again. It throws only for bugs and for tables that do not answer; then the message returns.
 */
export async function converge(
  ports: ConvergePorts,
  binding: string,
  run: ConvergeRun,
): Promise<ConvergeReport> {
  let memory = NOTHING_BEFORE;
  for (let pass = 1; ; pass += 1) {
    const view = await ports.bindings.view(binding);
    const book = new GrantBook(ports, view);
    const now = ports.chance.now();
    const last = await onePass(ports, view, book, { now, memory, run });
    // What an earlier pass set out to do is to be done, though the last one saw nothing.
    const result = { ...last, unread: last.unread && pass === 1 };
    memory = result.memory;
    const enoughTime = run.millisLeft() > ports.settings.reserveSeconds * 1_000;
    if (result.again && pass < PASSES && enoughTime) continue;
    await park(ports, view, book, now, result);
    const late = book.open.filter(({ expiresAt }) => expiresAt !== null && expiresAt < now);
    return { overdueGrants: late.length };
  }
}

interface PassStart {
  /** The instant that the pass is about: what is over by then is over. */
  readonly now: string;
  readonly memory: PassMemory;
  readonly run: ConvergeRun;
}

async function onePass(
  ports: ConvergePorts,
  view: BindingView,
  book: GrantBook,
  { now, memory, run }: PassStart,
): Promise<PassResult> {
  const stored = await ports.ledgers.load(view.binding);
  const subject = subjectOf(view, stored);
  if (!subject) return { ...AT_REST, memory };
  book.holdTo(stored?.deadlines ?? {});
  await book.expire(now);
  // A grant that was lost sight of explains nothing: what it lent would pass for others'.
  if (book.conflicted) return { ...ANEW, memory };
  const circuit = await ports.circuits.load(subject.clusterArn);
  if (isOpen(circuit, now)) return { ...putOff(circuit.openUntil ?? now), memory };
  if ((run.waitedSeconds ?? 0) > LONG_WAIT_SECONDS && takesNothingAway(book))
    return { ...putOff(now), memory };
  const ledger =
    stored ?? openLedger({ binding: view.binding, ...subject }, ports.chance.newToken());
  const address: EntryAddress = {
    cluster: subject.cluster,
    principalArn: subject.principalArn,
  };
  const reading = await readEntry(ports, book, address, ledger);
  if (reading.kind === "unreadable") {
    run.log("entry unreadable", { binding: view.binding, ...factsOf(reading.error) });
    const { failure } = reading.error;
    if (failure === "busy" || failure === "unknown")
      await ports.circuits.save(subject.clusterArn, afterFailure(circuit, now));
    const crowded = failure === "throttled";
    return { ...ANEW, again: false, crowded, unread: true, memory };
  }
  if (circuit.failures > 0) await ports.circuits.save(subject.clusterArn, CLOSED);
  const judged = await judgeGrants(ports, book, { ledger, reading, memory, now });
  if (book.conflicted) return { ...ANEW, memory };
  const armed = await armSchedules(ports, book, { ledger, address, reading, judged, now, run });
  const reconciled = await reconcileEntry(ports, book, { ...armed, address, reading, run });
  const entry = { ...reconciled, calls: joinCalls(memory.calls, reconciled.calls) };
  if (entry.again)
    return { ...ANEW, crowded: entry.crowded, memory: { ...memory, calls: entry.calls } };
  const concluded = await concludeGrants(ports, book, entry);
  const tidied = await tidyBinding(ports, book, entry, run);
  const live = book.open.some(({ state }) => state === "active");
  const { uncertainUntil } = entry.ledger;
  const blocked = concluded.waiting && uncertainUntil === null;
  return {
    // What AWS refused is planned without, at once.
    again: book.conflicted || entry.rejected.size > 0,
    unfinished:
      entry.unfinished ||
      entry.rejected.size > 0 ||
      armed.unfinished ||
      tidied.unfinished ||
      concluded.unseen ||
      judged.waiting ||
      blocked,
    crowded: entry.crowded,
    unread: false,
    // What lands late is found as soon as nothing more can.
    wakeAt: uncertainUntil === null ? [] : [uncertainUntil],
    lookAt: live ? plusSeconds(now, ports.settings.driftCheckSeconds) : null,
    memory: { calls: concluded.unrecorded, rejected: entry.rejected },
  };
}

/** The entry is left unread until `until`. */
const putOff = (until: string) => ({ ...AT_REST, unread: true, wakeAt: [until] }) as const;

/** Whether only additions and looks at what is lent are to be expected. */
const takesNothingAway = ({ open }: GrantBook): boolean =>
  open.length > 0 && open.every(({ state }) => state !== "ending");

/** Whose entry this is, from the grants or, where none is left, from the ledger. */
function subjectOf(
  view: BindingView,
  stored: Ledger | undefined,
): (Pick<Ledger, "clusterArn" | "principalArn"> & { readonly cluster: ClusterArn }) | undefined {
  const [grant] = view.grants;
  const of = grant
    ? { clusterArn: grant.cluster.arn, principalArn: grant.principalArn }
    : stored && { clusterArn: stored.clusterArn, principalArn: stored.principalArn };
  return of && { ...of, cluster: clusterOf(of.clusterArn) };
}

/**
 * When the binding is taken up again: at a grant's own time, after a pause where something failed,
 * for a look, or not at all. A time that came while the pass was under way was not seen by it, and
 * is due at once. What found no room goes to the end of the queue besides: it costs nobody their
 * turn, and need not wait for a sweep.
 *
 * A look that did not come to read the entry stays a look. As work it would be in the way of ends:
 * all that is lent on a cluster that does not answer would soon be work.
 */
async function park(
  ports: ConvergePorts,
  view: BindingView,
  book: GrantBook,
  judgedAt: string,
  { unfinished, crowded, unread, wakeAt, lookAt }: PassResult,
): Promise<void> {
  const attempts = unfinished ? view.attempts + 1 : 0;
  const retry = unfinished ? [plusSeconds(ports.chance.now(), pauseSeconds(ports, attempts))] : [];
  const own = book.open.flatMap(ownTimes(judgedAt));
  const sooner = [...retry, ...wakeAt];
  const atRest = view.dueAt === null || own.includes(view.dueAt);
  const onlyLook = unread && atRest && book.stepsStored === 0;
  await ports.bindings.park(view.binding, view.version + book.stepsStored, {
    dueAt: earliest([...own, ...(onlyLook ? [] : sooner)]) ?? null,
    lookAt: onlyLook ? (earliest(sooner) ?? null) : lookAt,
    attempts,
  });
  // Where it cannot be sent, it is due all the same.
  if (crowded && !onlyLook && attempts <= TURNS)
    await ports.queue.send(view.binding, "crowded").catch(() => undefined);
}

/** Doubling pauses under a ceiling, with jitter so that many bindings do not return at once. */
function pauseSeconds({ settings, chance }: ConvergePorts, attempts: number): number {
  const ceiling = Math.min(settings.retryCeilingSeconds, 2 ** attempts);
  return ceiling / 2 + (chance.fraction() * ceiling) / 2;
}

/** An approval by a clock ahead of ours is a start that is still to come. */
const ownTimes =
  (now: string) =>
  (grant: AccessRequest): readonly string[] => {
    if (grant.state !== "approved" && grant.state !== "active") return [];
    return [startOf(grant), grant.revokeAt].filter((at): at is string => at !== null && at > now);
  };
