/** A person of the sandbox in Slack: what they do is sent to the broker signed, as Slack signs. */
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import { SLACK_WORKSPACE } from "../../sandbox/world/slack-workspace.ts";
import type { SlackRefusals } from "./slack-refusals.ts";
import { DONE_IN_SLACK } from "./stage.ts";

/** Milliseconds that the sandbox may take to answer. */
const PATIENCE_MS = 10_000;

/** The approvers' channel. */
const CHANNEL = "C0001";

export const userOf = (person: string): string =>
  SLACK_WORKSPACE.users.find(({ name }) => name === person)?.id ?? "";

/** The channel of somebody's direct messages. */
const directOf = (user: string) => `D${user.slice(1)}`;

export interface SlackButton {
  readonly channel: string;
  readonly ts: string;
  readonly action_id: string;
}

interface Shown {
  readonly channel: string;
  readonly ts: string;
  readonly blocks?: readonly {
    readonly elements?: readonly { readonly action_id?: string; readonly value?: string }[];
  }[];
}

const hasButton = ({ blocks = [] }: Shown, id: string, action: string) =>
  blocks
    .flatMap(({ elements = [] }) => elements)
    .some((one) => one.action_id === action && idIn(one.value) === id);

export function idIn(value: string | undefined): unknown {
  try {
    return (JSON.parse(value ?? "") as { readonly id?: unknown } | null)?.id;
  } catch {
    return undefined;
  }
}

/**
 * The newest button of that name that a person sees at a message about a request; undefined without
 * such a button.
 * @param last the number of latest messages that they look at; all by default
 */
export async function buttonFor(
  { slackUrl }: SandboxAddresses,
  person: string,
  request: string,
  action: string,
  last?: number,
): Promise<SlackButton | undefined> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(`${slackUrl}/_sandbox/messages${last ? `?last=${last}` : ""}`, {
    signal,
  });
  const visible = [CHANNEL, directOf(userOf(person))];
  const found = ((await answer.json()) as readonly Shown[]).findLast(
    (one) => visible.includes(one.channel) && hasButton(one, request, action),
  );
  return found && { channel: found.channel, ts: found.ts, action_id: action };
}

export interface Played {
  readonly status?: number;
  readonly body?: string;
  readonly error?: string;
  /** Why a person could not do that. */
  readonly message?: string;
}

export async function played(
  { slackUrl, slackPageUrl }: SandboxAddresses,
  action: Readonly<Record<string, unknown>>,
): Promise<Played> {
  const token = new URL(slackPageUrl).searchParams.get("token") ?? "";
  const answer = await fetch(`${slackUrl}/_sandbox/actions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(action),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return (await answer.json()) as Played;
}

export const unacknowledged = ({ error, message, status }: Played): string | undefined =>
  error === undefined && status === 200
    ? undefined
    : `not acknowledged (${error ?? message ?? status})`;

/** Presses a button. @returns what the person learned, in a few words */
export async function press(
  addresses: SandboxAddresses,
  refusals: SlackRefusals,
  person: string,
  button: SlackButton,
): Promise<string> {
  const user = userOf(person);
  const isRefused = await refusals.listen(addresses, user);
  const answer = await played(addresses, { kind: "block_actions", user, ...button });
  return unacknowledged(answer) ?? ((await isRefused()) ? "refused in Slack" : DONE_IN_SLACK);
}

/** Slack's answers to a requester's `/access`. */
const ASKED = /asked for\. You get a message|the policy approved it\./;

/** Types `/access` in the approvers' channel. @returns what the person learned, in a few words */
export async function askInSlack(
  addresses: SandboxAddresses,
  person: string,
  text: string,
): Promise<string> {
  const command = { command: "/access", channel: CHANNEL, user: userOf(person), text };
  const answer = await played(addresses, { kind: "command", ...command });
  const isAsked = ASKED.test(answer.body ?? "");
  return unacknowledged(answer) ?? (isAsked ? DONE_IN_SLACK : "refused in Slack");
}
