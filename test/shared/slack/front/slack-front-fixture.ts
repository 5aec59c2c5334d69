/** The front of Slack on a broker of fakes: signed payloads in, answers and Web API calls out. */
import { createHmac } from "node:crypto";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { memoryMessagePlaces } from "../../../../lab/fakes/memory-message-places.ts";
import { memoryStandingStore } from "../../../../lab/fakes/memory-standing-store.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { buttonValue } from "../../../../shared/slack/actions.ts";
import { answerCall } from "../../../../shared/slack/front/answer-call.ts";
import type { Membership } from "../../../../shared/slack/slack-people.ts";

export const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const TEAM = "T0001";
const USERS: Readonly<Record<string, string>> = {
  alice: "U0001",
  bob: "U0002",
  carol: "U0003",
  erin: "U0006",
};
const userOf = (name: string) => USERS[name] ?? name;

export function slackPolicy(policy = aPolicy()): AccessPolicy {
  const people = Object.entries(policy.people).map(([name, person]) => [
    name,
    {
      ...person,
      identities: { ...person.identities, slack: [`${TEAM}/${userOf(name)}`] },
    },
  ]);
  return {
    ...policy,
    slack: { teams: [TEAM, "E0001"], app: "A0001", channel: "C0001", alarms: "C0002" },
    people: Object.fromEntries(people) as AccessPolicy["people"],
  };
}

type Json = Readonly<Record<string, unknown>>;
export function slackBroker(policy: AccessPolicy = slackPolicy()) {
  const broker = memoryBroker({ policy });
  const calls: { readonly method: string; readonly parameters: Json }[] = [];
  const logs: unknown[] = [];
  let fails: { readonly error: Error; readonly only: string | undefined } | undefined;
  const web = {
    async call(method: string, parameters: Json) {
      calls.push({ method, parameters });
      if (fails && (fails.only ?? method) === method) throw fails.error;
      return { ok: true };
    },
  };
  const asked: string[] = [];
  let standing: Membership | Error = "member";
  const people = {
    async membershipOf(user: string) {
      asked.push(user);
      if (standing instanceof Error) throw standing;
      return standing;
    },
    async organisationOf(user: string) {
      asked.push(user);
      if (standing instanceof Error) throw standing;
      return organisation;
    },
  };
  let organisation: string | null = null;
  const store = memoryStandingStore();
  const places = memoryMessagePlaces();
  const front = {
    ...broker.front,
    standing: store,
    web,
    people,
    places,
    signingSecrets: async () => [SECRET],
  };
  /** Distinct messages are distinct in their bytes, as Slack's are by their trigger. */
  let triggers = 0;
  const trigger = () => `trigger-${++triggers}`;

  const sign = (route: string, body: string, at = broker.clock.now()) => {
    const timestamp = String(Math.floor(Date.parse(at) / 1_000));
    const mac = createHmac("sha256", SECRET).update(`v0:${timestamp}:${body}`).digest("hex");
    return {
      rawPath: `/slack/${route}`,
      requestContext: { requestId: "gw-slack=" },
      headers: { "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${mac}` },
      body: Buffer.from(body).toString("base64"),
      isBase64Encoded: true,
    };
  };
  const send = (call: Parameters<typeof answerCall>[1]) =>
    answerCall(front, call, (level, message, facts) => logs.push({ level, message, ...facts }));
  const bodyOf = async (call: Parameters<typeof answerCall>[1]) => {
    const { statusCode, body } = await send(call);
    return { statusCode, body: body === "" ? undefined : JSON.parse(body) };
  };
  const from = (name: string) => ({
    team: { id: TEAM, domain: "example" },
    user: { id: userOf(name), username: "whoever", team_id: TEAM },
    api_app_id: "A0001",
    token: "deprecated",
  });
  const form = (payload: Json) =>
    new URLSearchParams({ payload: JSON.stringify(payload) }).toString();

  const commandBody = (name: string, text: string, over: Readonly<Record<string, string>> = {}) =>
    new URLSearchParams({
      team_id: TEAM,
      user_id: userOf(name),
      user_name: "whoever",
      api_app_id: "A0001",
      command: "/access",
      channel_id: "C0009",
      text,
      response_url: "https://hooks.slack.com/commands/T0001/1/canary-response",
      trigger_id: trigger(),
      ...over,
    }).toString();
  const clickPayload = (name: string, action: string, request: AccessRequest, over: Json = {}) => ({
    type: "block_actions",
    ...from(name),
    trigger_id: trigger(),
    container: { type: "message", message_ts: "1.2", channel_id: "C0001" },
    channel: { id: "C0001", name: "approvers" },
    response_url: "https://hooks.slack.com/actions/T0001/1/canary-response",
    actions: [
      { type: "button", action_id: action, block_id: "request", value: buttonValue(request) },
    ],
    ...over,
  });
  const submission = (
    name: string,
    callbackId: string,
    values: Readonly<Record<string, string>>,
    view: Json = {},
  ) => ({
    type: "view_submission",
    ...from(name),
    trigger_id: trigger(),
    view: {
      id: "V0001",
      type: "modal",
      callback_id: callbackId,
      private_metadata: "",
      hash: "1.abc",
      state: {
        values: Object.fromEntries(
          Object.entries(values).map(([id, value]) => [
            id,
            {
              [id]: SELECTS.has(id)
                ? { type: "static_select", selected_option: { value } }
                : { type: "plain_text_input", value },
            },
          ]),
        ),
      },
      ...view,
    },
  });

  return {
    places,
    standing: store,
    ...broker,
    web: calls,
    slackLogs: logs,
    sign,
    send,
    bodyOf,
    form,
    from,
    commandBody,
    clickPayload,
    submission,
    /** The people whose standing was asked of Slack. */
    asked,
    /** Slack's answer about everybody from now on. */
    setStanding: (next: Membership | Error) => {
      standing = next;
    },
    /** Slack's answer about everybody's organisation from now on. */
    setOrganisation: (next: string | null) => {
      organisation = next;
    },
    /** Makes the Web API fail from now on, or one method of it. */
    breakSlack: (error = new Error("timeout"), only?: string) => {
      fails = { error, only };
    },
    command: (name: string, text: string, over?: Readonly<Record<string, string>>) =>
      bodyOf(sign("commands", commandBody(name, text, over))),
    click: (name: string, action: string, request: AccessRequest, over?: Json) =>
      bodyOf(sign("interactivity", form(clickPayload(name, action, request, over)))),
    interact: (payload: Json) => bodyOf(sign("interactivity", form(payload))),
    requests: () => [...broker.tables.requests.values()],
    /** Alice's second grant, active. */
    otherActiveGrant: () => broker.activeGrant({ access: edit("payments-web") }),
  };
}

const SELECTS = new Set(["cluster", "access", "principal"]);
/** Everything that a view or message says, as one text. */
export const saidIn = (value: unknown): string => JSON.stringify(value) ?? "";
