/** One run of a smoke test, from what is left of earlier ones until nothing of it is left. */
import { untilInterrupted } from "../../terminal/interruption.ts";
import { type Cleaning, type Left, removeAll } from "./clean-up.ts";
import { type Journal, openJournal } from "./journal.ts";
import { leftovers } from "./leftovers.ts";
import { redactable } from "./report/redactable.ts";
import { runParts } from "./run-parts.ts";
import type { Session, SessionEnd } from "./session.ts";
import { notSearched } from "./smoke-failures.ts";
import { type SmokeProgress, smokeProgress } from "./smoke-progress.ts";
import { keyOf, type Thing } from "./thing.ts";

/** A table that is being restored may take longer: it is left to the next run, or to `--clean`. */
const PATIENCE_MS = 300_000;

/**
 * Removes what earlier runs left, plays the parts, and removes what each made. Ctrl-C stops the parts, and then it
 * removes; a second one leaves what is still there to `--clean`.
 */
export async function playSession(session: Session): Promise<SessionEnd> {
  let work: Promise<SessionEnd> | undefined;
  return untilInterrupted(
    (signal) => {
      work = played(session, signal);
      return work;
    },
    async (by, signals) => {
      const stopped = signals.nth(2).then(() => undefined);
      const end = await Promise.race([work, stopped]);
      const left = end?.left ?? thingsIn(session).map((thing) => ({ thing, why: "Interrupted" }));
      return { played: end?.played ?? [], left, stopped: by };
    },
  );
}

/** The things that the file lists. */
const thingsIn = ({ file }: Session): readonly Thing[] => openJournal(file, () => undefined).left();

async function played(session: Session, signal: AbortSignal): Promise<SessionEnd> {
  const { context, file, stage: given, parts, clientsThrough } = session;
  const progress = smokeProgress(context, given.pace.pollMs, signal);
  const journal = openJournal(file, (thing) => {
    signal.throwIfAborted();
    progress.makes(thing);
  });
  const cleaning = cleaningOf(session, journal, progress);
  const before = await removeEarlier(session, cleaning, progress);
  const clients = clientsThrough((_command, send) => {
    signal.throwIfAborted();
    return send();
  });
  const stage = { ...given, ...clients, journal, until: progress.until, pause: progress.pause };
  const all = await runParts({ parts, stage, cleaning, progress }, signal);
  journal.close();
  return {
    played: all.map(({ played: one }) => one),
    left: [...before, ...all.flatMap(({ left }) => left)],
  };
}

/** Removes what earlier runs left, and plays nothing. */
export async function cleanSession(session: Session): Promise<SessionEnd> {
  const { context, file, stage } = session;
  const progress = smokeProgress(context, stage.pace.pollMs, new AbortController().signal);
  const journal = openJournal(file, () => undefined);
  const left = await removeEarlier(session, cleaningOf(session, journal, progress), progress, true);
  journal.close();
  return { played: [], left };
}

const cleaningOf = (
  { stage, clientsThrough }: Session,
  journal: Journal,
  { removed }: SmokeProgress,
): Cleaning => ({
  journal,
  removed,
  patienceMs: PATIENCE_MS,
  now: stage.now,
  lagMs: stage.deployed.settings.readLagSeconds * 1_000,
  clients: clientsThrough((_command, send) => send()).clients,
  pause: () =>
    new Promise((resolve) => setTimeout(resolve, Math.min(1_000, stage.pace.pollMs * 4))),
});

/** By the journal, and by what AWS shows: a list may be behind, and the journal of another machine. */
async function removeEarlier(
  { places }: Session,
  cleaning: Cleaning,
  progress: SmokeProgress,
  saysNothing = false,
): Promise<readonly Left[]> {
  const listed = await leftovers(cleaning, places).catch((error: unknown) => {
    throw notSearched(error);
  });
  const known = new Map(
    [...cleaning.journal.left(), ...listed].map((thing) => [keyOf(thing), thing]),
  );
  if (known.size > 0) progress.says(redactable`An earlier run left ${known.size} things:`);
  else if (saysNothing) progress.says(redactable`No earlier run left anything.`);
  return removeAll(cleaning, [...known.values()]);
}
