/** Carries out a forgery with exactly the rights of a function. */
import { seededRandom } from "../../simulation/random.ts";
import type { ActionOf } from "../plan/action.ts";
import { firstLine } from "../stage/last-lines.ts";
import { principalOf } from "../stage/principals.ts";
import type { NamedPlace, Remembered, Stage } from "../stage/stage.ts";
import { FORGE } from "./forgeries.ts";
import type { Forged } from "./forgery.ts";

/** Most forgeries are about the latest requests. */
const LATEST = 4;
/** The number of records that are kept to put back. */
const MOST_REMEMBERED = 300;

export async function intrude(stage: Stage, action: ActionOf<"intrude">): Promise<string> {
  const { intruder, requests, attacks, remembered } = stage;
  if (!intruder) return "not done: nobody took a function over";
  const random = seededRandom(action.dice);
  const arn = principalOf(action.victim);
  const own = [...requests.values()].filter(({ principalArn }) => principalArn === arn);
  if (own.length === 0) return "not done: nothing was asked for yet";
  const target = random.pick(random.chance(0.8) ? own.slice(-LATEST) : own);
  const known = remembered.length > 0 ? random.pick(remembered).place : target;
  const other = random.pick<NamedPlace>([target, known]);
  try {
    const sight = await intruder.see(target, target.id);
    const now = new Date().toISOString();
    const scene = { random, place: target, id: target.id, other, sight, remembered, now };
    const forged = FORGE[action.forgery](scene);
    remember(remembered, target, sight.grants);
    // A write that has no answer may have been applied.
    attacks.push(...forged.attacks.map((attack) => ({ ...attack, at: Date.now() })));
    stage.intrusions.push(`${now} as ${action.role}: ${action.forgery}: ${forged.what}`);
    return await written(stage, action, forged);
  } catch (error) {
    return answerOf(error as Error);
  }
}

function remember(
  remembered: Remembered[],
  { cluster, clusterArn, principalArn }: NamedPlace,
  grants: readonly Readonly<Record<string, unknown>>[],
): void {
  const place = { cluster, clusterArn, principalArn };
  for (const item of grants) {
    const id = String((item["request"] as Readonly<Record<string, unknown>> | null)?.["id"]);
    remembered.push({ place, id, item });
  }
  remembered.splice(0, remembered.length - MOST_REMEMBERED);
}

async function written(
  { intruder }: Stage,
  { role, forgery }: ActionOf<"intrude">,
  { writes }: Forged,
): Promise<string> {
  if (writes.length === 0) return "not done: nothing of it is stored";
  let done = 0;
  for (const write of writes) {
    await intruder?.write(role, write).then(
      () => {
        done += 1;
      },
      (error: Error) => {
        if (done === 0) throw error;
      },
    );
  }
  return done === writes.length ? `${forgery} written` : `${forgery} written in part`;
}

/** Errors by which IAM or DynamoDB says no. All others are those of a machine that chaos disturbs. */
const REFUSALS: Readonly<Record<string, string>> = {
  AccessDeniedException: "refused by IAM",
  AccessDenied: "refused by IAM",
  ConditionalCheckFailedException: "not done: the broker was first",
  ValidationException: "refused by DynamoDB",
};

const answerOf = (error: Error): string =>
  REFUSALS[error.name] ?? `no answer (${firstLine(error)})`;
