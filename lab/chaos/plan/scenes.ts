/**
 * Lives with faults that are aligned with their deeds: each strikes the one function that a deed needs, just then.
 * Every calm span plays each scene once.
 */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { calmSpans } from "./calm.ts";
import { returnedChain, revokedChain, stoppedChain } from "./chain-scenes.ts";
import {
  failedAnswers,
  fuseAlone,
  overlapping,
  unfired,
  unwokenBegin,
  unwokenEnd,
  unwokenNotice,
} from "./entry-scenes.ts";
import { lateAddition } from "./late-scenes.ts";
import { deniedOnSight, unheardLastSteps } from "./notice-scenes.ts";
import { isOver, type Scene, SECOND } from "./scene.ts";
import {
  clickedByAnybody,
  clickedDecision,
  clickedEnd,
  finalNotice,
  neverDecided,
  requestForm,
} from "./slack-scenes.ts";

const SCENES: readonly Scene[] = [
  ...[returnedChain, revokedChain, stoppedChain],
  ...[unwokenBegin, unwokenEnd, unfired, fuseAlone, overlapping, failedAnswers, unwokenNotice],
  ...[clickedDecision("approve", "view-api"), clickedDecision("deny", "edit-worker"), clickedEnd],
  ...[clickedByAnybody, neverDecided, requestForm, finalNotice],
  ...[unheardLastSteps, deniedOnSight, lateAddition],
];

/** Above every number of `lab/chaos/plan/hasty.ts`. */
const FIRST_LIFE = 200_000;
const LIVES = 10;

/** @param until when the plan ends, in milliseconds: a short one has no scenes */
export const scenes = (random: Random, until: number): readonly Action[] =>
  calmSpans(until).flatMap(({ from, to }, turn) =>
    SCENES.flatMap(({ seconds, play }, index) => {
      const scene = play({
        random,
        turn,
        life: FIRST_LIFE + (turn * SCENES.length + index) * LIVES,
        at: random.between(from, to - seconds * SECOND),
      });
      return scene.every((action) => isOver(action, until)) ? scene : [];
    }),
  );
