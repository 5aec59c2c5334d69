/** Somebody at the sandbox's Slack, by the actions of its page: each click is signed as Slack signs. */
import { setTimeout as pause } from "node:timers/promises";
import type { SandboxProcess } from "../../../test/e2e/sandbox-process.ts";

/** The entry of the sandbox's Slack for an action: how the app answered, and after how long. */
interface Played {
  readonly status?: number;
  readonly error?: string;
  readonly message?: string;
  readonly milliseconds?: number;
}

interface DeskMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks?: readonly { readonly elements?: readonly { readonly action_id?: string }[] }[];
}

export interface SlackDesk {
  /** Lets somebody act. @returns the milliseconds until the app's acknowledgement @throws where it failed */
  act(action: Readonly<Record<string, unknown>>): Promise<number>;
  /** The newest message in the approvers' channel with this button and text. It waits for it. */
  message(button: string, text: string): Promise<DeskMessage>;
  /** Waits until a message in the approvers' channel says all of it. */
  says(...texts: readonly string[]): Promise<DeskMessage>;
  /** The id of somebody's newest view of a kind, `modal` or `home`. */
  view(user: string): Promise<string>;
  /** How many calls of each method of the Web API were made so far. */
  calls(): Promise<ReadonlyMap<string, number>>;
}

const PATIENCE_MS = 90_000;
const LOOK_MS = 50;
/** The approvers' channel. */
export const CHANNEL = "C0001";

export function slackDesk({ slackUrl, slackPageUrl }: SandboxProcess): SlackDesk {
  const token = new URL(slackPageUrl).searchParams.get("token") ?? "";
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const read = async <Value>(name: string) =>
    (await (await fetch(`${slackUrl}/_sandbox/${name}`, { headers })).json()) as Value;
  const found = async (isIt: (message: DeskMessage) => boolean, what: string) => {
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      const all = await read<readonly DeskMessage[]>("messages");
      const message = all.findLast((each) => each.channel === CHANNEL && isIt(each));
      if (message) return message;
      await pause(LOOK_MS);
    }
    throw new Error(`No message in ${CHANNEL} has ${what}. The bench stopped; run it again.`);
  };
  return {
    async act(action) {
      const body = JSON.stringify(action);
      const response = await fetch(`${slackUrl}/_sandbox/actions`, {
        method: "POST",
        headers,
        body,
      });
      const played = (await response.json()) as Played;
      if (!response.ok || played.error !== undefined || played.milliseconds === undefined)
        throw new Error(
          `${body} failed: ${played.error ?? played.message}, status ${played.status}.`,
        );
      return played.milliseconds;
    },
    message: (button, text) =>
      found((each) => each.text.includes(text) && has(each, button), `${button} for ${text}`),
    says: (...texts) =>
      found((each) => texts.every((text) => each.text.includes(text)), texts.join(" and ")),
    async view(user) {
      const state = await read<{ readonly modal: { readonly id: string } | null }>(
        `page?user=${user}`,
      );
      if (!state.modal) throw new Error(`${user} has no form open.`);
      return state.modal.id;
    },
    async calls() {
      const counts = new Map<string, number>();
      for (const { method } of await read<readonly { readonly method: string }[]>("calls?after=0"))
        counts.set(method, (counts.get(method) ?? 0) + 1);
      return counts;
    },
  };
}

const has = ({ blocks = [] }: DeskMessage, button: string) =>
  blocks.some(({ elements = [] }) => elements.some(({ action_id }) => action_id === button));
