/** Plays the commands of a document in a sandbox, with the run's ids and days for the document's. */
import { setTimeout as pause } from "node:timers/promises";
import type { Exchange, Passage } from "./console-blocks.ts";
import type { SandboxSession } from "./sandbox-session.ts";

const START = "npm run sandbox";
const UNTIL_MS = 180_000;
const LOOK_MS = 500;
/** Values that differ from run to run and that commands repeat: ids of requests, and days. */
const ID = /[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}/g;
const DAY = /\b\d{4}-\d\d-\d\d\b/g;

type Player = Pick<SandboxSession, "welcome" | "run" | "succeeds">;

/** The passages as this run has them. @throws Error if something that is waited for does not come */
export async function play(
  passages: readonly Passage[],
  session: Player,
  now: () => Date,
): Promise<readonly Passage[]> {
  const ours = new Map<string, string>();
  const today = now().toISOString().slice(0, "2026-11-24".length);
  const translated = (command: string) =>
    command.replace(ID, (id) => ours.get(id) ?? id).replace(DAY, today);
  const exchange = async ({ person, command, output }: Exchange): Promise<Exchange> => {
    const typed = translated(command);
    const printed = command === START ? session.welcome : await session.run(typed, person);
    learn(ours, output, printed);
    return { person, command: typed, output: printed };
  };
  const played: Passage[] = [];
  for (const passage of passages) {
    if (passage.kind === "until") {
      const command = translated(passage.command);
      await untilSuccess(session, command, passage.person);
      played.push({ ...passage, command });
      continue;
    }
    const exchanges: Exchange[] = [];
    for (const one of passage.exchanges) exchanges.push(await exchange(one));
    played.push({ kind: "console", exchanges });
  }
  return played;
}

/** The ids of an output stand for those that the document has at the same places. */
function learn(ours: Map<string, string>, documented: string, printed: string): void {
  const fresh = printed.match(ID) ?? [];
  for (const [at, id] of (documented.match(ID) ?? []).entries()) {
    const own = fresh[at];
    if (own !== undefined && !ours.has(id)) ours.set(id, own);
  }
}

async function untilSuccess(session: Player, command: string, person: string): Promise<void> {
  const end = Date.now() + UNTIL_MS;
  while (!(await session.succeeds(command, person))) {
    if (Date.now() > end)
      throw new Error(`Did not succeed within ${UNTIL_MS / 1000} s: ${command}`);
    await pause(LOOK_MS);
  }
}
