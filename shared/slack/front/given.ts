/** A payload as it came, before anybody knows what becomes of it. */
import type { PersonPayload } from "../payloads.ts";
import type { SlackFront, SlackLog } from "./slack-front.ts";

/** The proof that Slack sent a payload. A type, since proofs are records of texts. */
export type CallProof = {
  /** The hash of the signed bytes. */
  readonly signedBody: string;
  /** The id under which API Gateway's access log has the call. */
  readonly gatewayRequestId: string;
};

export interface Given {
  readonly front: SlackFront;
  readonly payload: PersonPayload;
  readonly call: CallProof;
  readonly log: SlackLog;
}

/** The facts of a payload in a log line: only ids. */
export const factsOf = ({ payload: { type, sender } }: Pick<Given, "payload">) => ({
  payload: type,
  user: sender.user,
  homes: sender.homes,
});

/** An error's message may quote an address with a secret in it. Its name may not. */
export const nameOf = (error: unknown): string =>
  error instanceof Error ? error.name : typeof error;
