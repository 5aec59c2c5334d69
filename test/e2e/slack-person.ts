/** Somebody in the sandbox's Slack, whose payloads are signed as Slack signs. */
import { createHmac } from "node:crypto";
import { eventually } from "./eventually.ts";
import type { SandboxProcess } from "./sandbox-process.ts";

type Json = Readonly<Record<string, unknown>>;

/** A message as the sandbox's Slack shows it. */
export interface ShownMessage {
  readonly channel: string;
  readonly ts: string;
  readonly blocks?: readonly { readonly elements?: readonly ShownButton[] }[];
}

interface ShownButton {
  readonly action_id?: string;
  readonly value?: string;
}

interface SlackCall {
  readonly method: string;
  readonly arguments: Json;
  readonly answer: { readonly ok?: boolean; readonly error?: string };
}

/** A signed call, so that a test can send the same bytes again. */
export interface Signed {
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const read = async <Value>(address: string): Promise<Value> =>
  (await (await fetch(address)).json()) as Value;

/** @param user the id of a user of the sandbox's workspace */
export function slackPerson(sandbox: SandboxProcess, user: string) {
  const { slackUrl, slackSigningSecret, apiUrl } = sandbox;
  const trigger = async (): Promise<{ trigger_id: string; response_url: string }> => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ user });
    const answer = await fetch(`${slackUrl}/_sandbox/triggers`, { method: "POST", headers, body });
    return (await answer.json()) as { trigger_id: string; response_url: string };
  };
  const sign = (path: string, body: string): Signed => {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const mac = createHmac("sha256", slackSigningSecret).update(`v0:${timestamp}:${body}`);
    return {
      path,
      body,
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": `v0=${mac.digest("hex")}`,
      },
    };
  };
  const send = async ({ path, body, headers }: Signed) => {
    const response = await fetch(`${apiUrl}${path}`, { method: "POST", headers, body });
    return { status: response.status, text: await response.text() };
  };
  const about = { api_app_id: "A0001", team: { id: "T0001", domain: "example" } };
  const interaction = (payload: Json) =>
    sign(
      "/slack/interactivity",
      new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
    );

  return {
    send,
    /** A command. Where Slack said too late who somebody is, nothing was done, and people try again. */
    command: (text: string) =>
      eventually(
        async () => {
          const { trigger_id, response_url } = await trigger();
          const form = { team_id: "T0001", user_id: user, api_app_id: "A0001", command: "/access" };
          const body = new URLSearchParams({ ...form, text, trigger_id, response_url });
          return send(sign("/slack/commands", body.toString()));
        },
        (answer) => !answer.text.includes("Slack did not say whether you are a full member"),
      ),
    /** A click on a message's button, signed and not sent. */
    async click(message: ShownMessage, action: string): Promise<Signed> {
      const { trigger_id, response_url } = await trigger();
      const button = buttonsOf(message).find(({ action_id }) => action_id === action);
      return interaction({
        type: "block_actions",
        ...about,
        user: { id: user, team_id: "T0001" },
        trigger_id,
        response_url,
        container: { type: "message", message_ts: message.ts, channel_id: message.channel },
        channel: { id: message.channel },
        actions: [{ type: "button", block_id: "request", ...button, action_ts: "1.1" }],
      });
    },
    /** A click on App Home's button that ends all access, signed and not sent. */
    async clickEndAll(): Promise<Signed> {
      const { trigger_id } = await trigger();
      const button = { type: "button", action_id: "end_all", block_id: "home", value: "all" };
      return interaction({
        type: "block_actions",
        ...about,
        user: { id: user, team_id: "T0001" },
        trigger_id,
        container: { type: "view", view_id: "V0001" },
        view: { id: "V0001", type: "home" },
        actions: [{ ...button, action_ts: "1.1" }],
      });
    },
    async openHome() {
      const event = { type: "app_home_opened", user, tab: "home", channel: "D0001" };
      const body = { type: "event_callback", team_id: "T0001", api_app_id: "A0001", event };
      const { headers, ...call } = sign("/slack/events", JSON.stringify(body));
      return send({ ...call, headers: { ...headers, "content-type": "application/json" } });
    },
    messages: () => read<readonly ShownMessage[]>(`${slackUrl}/_sandbox/messages`),
    calls: () => read<readonly SlackCall[]>(`${slackUrl}/_sandbox/calls?after=0`),
  };
}

export const buttonsOf = ({ blocks = [] }: ShownMessage): readonly ShownButton[] =>
  blocks.flatMap(({ elements = [] }) => elements);
