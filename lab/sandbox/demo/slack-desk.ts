/** Acts of people in the sandbox's Slack: each is sent to the broker signed, as Slack signs. */
import type { SandboxAddresses } from "../stack/start.ts";
import { SLACK_WORKSPACE } from "../world/slack-workspace.ts";
import type { Exchange } from "./exchange.ts";
import type { Person } from "./people.ts";
import { StepFailed } from "./steps.ts";
import { until } from "./until.ts";

/** A message about a request in the approvers' channel. */
interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly requestId: string;
}

export interface SlackDesk {
  /** Types `/access …` in the approvers' channel, and shows what only that person reads. */
  command(person: Person, text: string): Promise<Exchange<void>>;
  /** The message in the approvers' channel that asks to approve something, once it is there. */
  question(about: string): Promise<SlackMessage>;
  /** Presses Approve at a message, and shows what the message says. */
  approve(person: Person, message: SlackMessage): Promise<Exchange<void>>;
  /** Waits until a message says something, and shows it. */
  says(message: SlackMessage, text: string): Promise<Exchange<void>>;
}

/** The approvers' channel. */
export const CHANNEL = { id: "C0001", name: "access-approvals" } as const;
const APPROVE = "approve";
const PATIENCE_MS = 20_000;

export const slackUser = (person: Person): string =>
  SLACK_WORKSPACE.users.find(({ name }) => name === person)?.id ?? "";

interface Shown extends Omit<SlackMessage, "requestId"> {
  readonly blocks?: readonly { readonly elements?: readonly Button[] }[];
}
interface Button {
  readonly action_id?: string;
  readonly value?: string;
}

export function slackDesk(addresses: SandboxAddresses, signal: AbortSignal): SlackDesk {
  const { act, find } = slackPort(addresses, signal);
  return {
    async command(person, text) {
      const about = { user: slackUser(person), channel: CHANNEL.id, command: "/access", text };
      const said = await act({ kind: "command", ...about });
      return {
        command: `${person} types in Slack: /access ${text}`,
        output: textOf(said).split("\n"),
        value: undefined,
      };
    },
    async question(about) {
      const isIt = (each: Shown) => each.text.includes(about) && approveOf(each) !== undefined;
      const shown = await find(isIt, `asks to approve ${about}`);
      const { id } = JSON.parse(approveOf(shown)?.value ?? "{}") as { readonly id: string };
      return { channel: shown.channel, ts: shown.ts, text: shown.text, requestId: id };
    },
    async approve(person, { channel, ts, text }) {
      const user = slackUser(person);
      await act({ kind: "block_actions", user, channel, ts, action_id: APPROVE });
      const command = `${person} presses Approve at the message in #${CHANNEL.name}:`;
      return { command, output: [text], value: undefined };
    },
    async says({ ts }, text) {
      const shown = await find(
        (each) => each.ts === ts && each.text.includes(text),
        `says ${text}`,
      );
      return { command: "The same message says now:", output: [shown.text], value: undefined };
    },
  };
}

/** The sandbox's own paths of Slack's port. */
function slackPort({ slackUrl, slackPageUrl }: SandboxAddresses, signal: AbortSignal) {
  const token = new URL(slackPageUrl).searchParams.get("token") ?? "";
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return {
    /** @returns what the broker answered */
    async act(action: Readonly<Record<string, string>>): Promise<string> {
      const body = JSON.stringify(action);
      const request = { method: "POST", headers, body, signal };
      const response = await fetch(`${slackUrl}/_sandbox/actions`, request);
      const answer = (await response.json()) as Readonly<Record<string, string>>;
      const { error, message, body: said = "" } = answer;
      if (!response.ok || error !== undefined)
        throw new StepFailed(`Slack reports ${error ?? message} for ${body}`);
      return said;
    },
    /** The newest such message, once it is there. */
    async find(isIt: (message: Shown) => boolean, what: string): Promise<Shown> {
      let found: Shown | undefined;
      const look = async () => {
        const response = await fetch(`${slackUrl}/_sandbox/messages`, { signal });
        found = ((await response.json()) as readonly Shown[]).findLast(isIt);
        return found !== undefined;
      };
      await until(look, Date.now() + PATIENCE_MS, signal);
      if (found) return found;
      throw new StepFailed(`no message in #${CHANNEL.name} ${what}`);
    },
  };
}

const approveOf = ({ channel, blocks = [] }: Shown): Button | undefined =>
  channel === CHANNEL.id
    ? blocks.flatMap(({ elements = [] }) => elements).find(({ action_id }) => action_id === APPROVE)
    : undefined;

/** The answer to a command: a text, or JSON with one. */
function textOf(body: string): string {
  try {
    const { text = "" } = JSON.parse(body) as { readonly text?: string };
    return text;
  } catch {
    return body;
  }
}
