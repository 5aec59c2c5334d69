/** From a call of API Gateway to its answer: signature, route, payload, app, then the person. */
import type { MessagePlaces } from "../../ports/message-places.ts";
import { readPayload, type SlackPayload } from "../payloads.ts";
import type { PostedPayload } from "../posted-payload.ts";
import { SLACK_ROUTES, type SlackRoute, slackPath } from "../slack-routes.ts";
import { type SignedCall, verifySignature } from "../verify-signature.ts";
import { answerPayload } from "./answer-payload.ts";
import type { SlackFront, SlackLog } from "./slack-front.ts";

export interface SlackCall extends SignedCall {
  readonly rawPath: string;
  readonly requestContext: { readonly requestId: string };
}

export interface SlackAnswer {
  readonly statusCode: 200 | 400 | 401 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SlackFrontPorts extends SlackFront {
  readonly places: Pick<MessagePlaces, "put">;
  /** One secret, or two while it is rotated. @throws Error without a secret */
  signingSecrets(): Promise<readonly string[]>;
}

/** @throws Error only where there is no signing secret: then nothing is answered */
export async function answerCall(
  front: SlackFrontPorts,
  call: SlackCall,
  log: SlackLog,
): Promise<SlackAnswer> {
  const signed = verifySignature(call, await front.signingSecrets(), front.clock.now());
  if (!signed) {
    log("warn", "not signed", { path: call.rawPath.slice(0, 40) });
    return answer(401, { message: "The signature is not Slack's. Nothing was done." });
  }
  const route = routeOf(call.rawPath);
  if (!route) return answer(404, { message: "There is no such path. Nothing was done." });
  const payload = readPayload(route, signed.bytes);
  if (!payload || isOfAnotherApp(front, payload)) {
    log("warn", "not a payload", { route });
    return answer(400, { message: "This is no payload of this path. Nothing was done." });
  }
  if (payload.type === "url_verification") return answer(200, { challenge: payload.challenge });
  if (payload.type === "ssl_check") return answer(200);
  if (payload.type === "message_posted") return noted(front, payload);
  const proof = { signedBody: signed.hash, gatewayRequestId: call.requestContext.requestId };
  return answer(200, await answerPayload(front, payload, proof, log));
}

/** Keeps where a message of ours is. Where that fails, Slack sends the event three times more. */
async function noted(
  { places }: SlackFrontPorts,
  { app, author, mark, place }: PostedPayload,
): Promise<SlackAnswer> {
  if (author === app) await places.put(mark, place);
  return answer(200);
}

const routeOf = (path: string): SlackRoute | undefined =>
  SLACK_ROUTES.find((route) => path === slackPath(route));

const isOfAnotherApp = ({ policy }: SlackFrontPorts, payload: SlackPayload): boolean =>
  "app" in payload && policy.slack?.app !== undefined && policy.slack.app !== payload.app;

const answer = (statusCode: SlackAnswer["statusCode"], body?: unknown): SlackAnswer => ({
  statusCode,
  headers: {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    "cache-control": "no-store",
    // A failed event would come three times more, and be as wrong each time.
    ...(statusCode === 200 ? {} : { "x-slack-no-retry": "1" }),
  },
  body: body === undefined ? "" : JSON.stringify(body),
});
