/** Carries out a plan: each action at its time, those of one life one after the other. */
import { setTimeout as pause } from "node:timers/promises";
import { DEEDS } from "../deeds/deeds.ts";
import type { Action, ActionKind, ActionOf } from "../plan/action.ts";
import { firstLine } from "./last-lines.ts";
import { type Deed, FAILED, type Stage } from "./stage.ts";

/** The number of actions at once: the next one waits for a free place, and is late. */
const AT_ONCE = 24;

/** Actions that take something of the machine away: one after the other. */
const MACHINE: ReadonlySet<ActionKind> = new Set([
  ...(["kill-function", "stop-function", "stop-tables", "kill-sandbox"] as const),
  "restore-tables",
]);

/** Actions of one lane are carried out one after the other. */
export const laneOf = (action: Action): string =>
  MACHINE.has(action.kind) ? "machine" : laneOfPeople(action);

function laneOfPeople(action: Action): string {
  if ("claim" in action) return `claim ${action.cluster} ${action.principal}`;
  if (!("life" in action)) return action.kind;
  const lane = `life ${"of" in action ? action.of : action.life}`;
  return "isContested" in action ? `${lane} ${action.kind} ${action.person}` : lane;
}

/** The report's word for a failure. Nothing answers while a kill of the sandbox has its time. */
export const failureOf = ({ control }: Pick<Stage, "control">, error: unknown): string =>
  control.pid() === undefined ? "not done: the sandbox is away" : `${FAILED}${firstLine(error)}`;

async function carriedOut(stage: Stage, action: Action): Promise<Deed> {
  const from = Date.now();
  // The table has a deed for exactly this kind; TypeScript does not follow that through the union.
  const deed = DEEDS[action.kind] as (
    stage: Stage,
    action: ActionOf<ActionKind>,
  ) => Promise<string>;
  const answer = await deed(stage, action).catch((error: unknown) => failureOf(stage, error));
  return { action, from, to: Date.now(), answer };
}

/**
 * @param heard called with each action once it was carried out
 * @param signal ends it early: no further action begins
 */
export async function runPlan(
  stage: Stage,
  plan: readonly Action[],
  heard: (deed: Deed) => void,
  signal: AbortSignal,
): Promise<void> {
  const began = Date.now();
  const lanes = new Map<string, Promise<void>>();
  const underWay = new Set<Promise<void>>();
  for (const action of plan) {
    await pause(Math.max(0, began + action.at - Date.now()), undefined, { signal });
    while (underWay.size >= AT_ONCE) await Promise.race(underWay);
    const lane = laneOf(action);
    const before = lanes.get(lane) ?? Promise.resolve();
    const done = before.then(async () => heard(await carriedOut(stage, action)));
    lanes.set(lane, done);
    underWay.add(done);
    void done.then(() => underWay.delete(done));
  }
  await Promise.all(underWay);
}
