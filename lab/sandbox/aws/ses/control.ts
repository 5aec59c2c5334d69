import { jsonBody } from "../json-body.ts";
import { AwsError } from "../service.ts";
import type { Store } from "../store.ts";
import type { Answer } from "../wire.ts";
import type { SesState } from "./state.ts";

/**
 * The sandbox's own path for SES. `GET` answers its state, with the messages. `PUT` changes the members
 * that its body has: of `account` some, of all others the whole.
 */
export function sesControl(ses: Store<SesState>): (method: string, body: Buffer) => Answer {
  return (method, body) => {
    if (method !== "GET" && method !== "PUT")
      return json(405, { message: `SES's state takes GET and PUT, not ${method}.` });
    try {
      if (method === "PUT") change(ses, jsonBody(body));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return json(400, { message: error.message });
    }
    return json(200, ses.state);
  };
}

const MEMBERS: readonly string[] = [
  "identities",
  "configurationSets",
  "account",
  "suppressed",
  "messages",
];

function change(ses: Store<SesState>, body: Record<string, unknown>): void {
  const unknown = Object.keys(body).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined)
    throw new AwsError(
      "ValidationException",
      400,
      `SES's state has no member ${unknown}; it has ${MEMBERS.join(", ")}. Nothing was changed.`,
    );
  const account = { ...ses.state.account, ...(body["account"] as object | undefined) };
  ses.change((state) => Object.assign(state, body, { account }));
}

const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});
