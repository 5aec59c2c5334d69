/** Slack's Web API on virtual time: it answers after some time, and limits calls as Slack publishes it. */

import { SlackBusy } from "../../../shared/slack/slack-errors.ts";
import type {
  SlackAnswer,
  SlackArguments,
  SlackWebApi,
} from "../../../shared/slack/slack-web-api.ts";
import { METHODS } from "../../sandbox/slack/methods/method-table.ts";
import { rateLimits } from "../../sandbox/slack/rate-limits.ts";
import type { Random } from "../../simulation/random.ts";
import type { VirtualTime } from "../../simulation/virtual-time.ts";

/** How long Slack takes to answer, in milliseconds: at least and at most. */
const ANSWER_MS = [80, 400] as const;

export interface LimitedSlack extends SlackWebApi {
  /** By method, how many calls were carried out. */
  readonly calls: ReadonlyMap<string, number>;
  /** How many calls Slack did not take. */
  readonly limited: () => number;
}

export function limitedSlack(time: VirtualTime, random: Random): LimitedSlack {
  const limits = rateLimits(() => new Date(time.now));
  const calls = new Map<string, number>();
  let refused = 0;
  return {
    calls,
    limited: () => refused,
    async call(method: string, args: SlackArguments): Promise<SlackAnswer> {
      const emulated = METHODS[method];
      if (!emulated) throw new Error(`The sandbox's Slack does not emulate ${method}.`);
      const halfway = random.between(...ANSWER_MS) / 2;
      await time.delay(halfway);
      const wait = limits.count(method, emulated, args);
      await time.delay(halfway);
      if (wait !== undefined) {
        refused += 1;
        throw new SlackBusy(method, "it asks for patience", wait);
      }
      calls.set(method, (calls.get(method) ?? 0) + 1);
      const ts = `${time.now}.${calls.get(method)}`;
      return {
        channel: args["channel"],
        ts,
        permalink: "https://example.slack.com/archives/C1/p1",
      };
    },
  };
}
