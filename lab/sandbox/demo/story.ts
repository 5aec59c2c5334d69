/** The demo from beginning to end: which step follows which. */
import { auditTrailIsVerified } from "./audit-step.ts";
import type { OpenConsole } from "./console-desk.ts";
import { consoleShows } from "./console-step.ts";
import { carolIsRestored, firstGrantEnds, secondGrantEnds, watchSecondEnd } from "./end-steps.ts";
import { bundleIsVerified, changeAroundIsFound } from "./evidence-steps.ts";
import {
  aliceRequests,
  bobApproves,
  breakGlass,
  type CarolsEntry,
  nobodyHasAccessYet,
  secondGrantOverlaps,
} from "./grant-steps.ts";
import { carolIsOnCall, shiftIsOver } from "./on-call-steps.ts";
import type { Pace } from "./pace.ts";
import { type GrantTimes, PATIENCE_MS, type Scene } from "./scene.ts";
import { check, GrantEndedTooSoon } from "./steps.ts";
import { until } from "./until.ts";

/** How many times slower than measured the machine may become: in the first attempt, in the last. */
const SLACK = { first: 2, last: 18 };

/** Runs all steps. Rejects at the first that fails. */
export async function play(scene: Scene): Promise<void> {
  const { steps, narrator } = scene;
  const began = Date.now();
  const before = await nobodyHasAccessYet(scene);
  const stepsBefore = steps.results.length;
  const { ids, second, opened } = await grantsWithEnoughTime();
  // The second grant still lasts: the demo shows what else there is, and watches its end meanwhile.
  const gone = watchSecondEnd(scene, second.grant);
  if (opened) await consoleShows(scene, opened, second.atBoth);
  await changeAroundIsFound(scene);
  await secondGrantEnds(scene, second.grant, gone);
  await auditTrailIsVerified(scene, began, ids);
  await bundleIsVerified(scene, ids[0]);

  /** A grant that ends before it was checked is no failure: try again with longer grants. */
  async function grantsWithEnoughTime(): Promise<Grants> {
    for (let slack = SLACK.first; ; slack *= 3) {
      try {
        return await grantsFromRequestToEnd(scene, { ...before, slack });
      } catch (error) {
        if (!(error instanceof GrantEndedTooSoon) || slack >= SLACK.last) throw error;
        narrator.note(`This machine is too slow for such short grants (${error.message}).`);
        narrator.note("The demo tries longer ones as soon as these have ended.");
        steps.rewind(stepsBefore);
        await allGrantsEnd(scene, before.carolsEntry);
      }
    }
  }
}

interface Grants {
  /** The requests' ids. */
  readonly ids: readonly [first: string, ...others: readonly string[]];
  /** The grant that still lasts, and an instant at which both grants of alice ran, in milliseconds. */
  readonly second: { readonly grant: GrantTimes; readonly atBoth: number };
  /** The console of dave. */
  readonly opened: OpenConsole | undefined;
}

/** From the first request to the end of all grants but the second. */
async function grantsFromRequestToEnd(scene: Scene, pace: Pace & CarolsEntry): Promise<Grants> {
  const { id, roundSeconds } = await aliceRequests(scene, pace);
  const measured = { ...pace, roundSeconds };
  const first = await bobApproves(scene, id);
  const second = await secondGrantOverlaps(scene, first, measured);
  const atBoth = Date.now();
  const shift = await carolIsOnCall(scene, measured);
  const emergency = await breakGlass(scene, measured);
  await firstGrantEnds(scene, first, second);
  // It starts while the demo waits anyway.
  const opened = scene.console?.open("dave");
  await shiftIsOver(scene);
  await carolIsRestored(scene, emergency, pace.carolsEntry);
  const ids = [first.id, second.id, shift.id, emergency.id] as const;
  return { ids, second: { grant: second, atBoth }, opened };
}

async function allGrantsEnd({ people, signal }: Scene, carolsEntry: string): Promise<void> {
  const ended = await until(
    async () =>
      (await people.entryOf("alice")) === undefined &&
      (await people.entryOf("carol"))?.identity === carolsEntry,
    Date.now() + 10 * PATIENCE_MS,
    signal,
  );
  check(ended, "the grants of the first attempt did not end");
}
