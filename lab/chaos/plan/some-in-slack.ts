import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";

/** How often people use Slack for each of these: the message has a button, and `/access` asks. */
const SHARE: Readonly<Partial<Record<Action["kind"], number>>> = {
  ...{ ask: 0.2, approve: 0.35, deny: 0.35, cancel: 0.35, return: 0.35, revoke: 0.35 },
};

/** The same actions, some of which people do in Slack instead of with the HTTP API. */
export const someInSlack = (random: Random, actions: readonly Action[]): readonly Action[] =>
  actions.map((action) => {
    const share = SHARE[action.kind];
    if (share === undefined || !("life" in action)) return action;
    return random.chance(share) ? { ...action, inSlack: true } : action;
  });
