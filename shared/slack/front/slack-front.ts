import type { Actor } from "../../domain/policy/actor.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import type { StandingStore } from "../../ports/standing-store.ts";
import type { Json } from "../blocks.ts";
import type { PersonPayload } from "../payloads.ts";
import type { SlackPeople } from "../slack-people.ts";

/** Slack's Web API, as far as an answer needs it: one call at most before the acknowledgement. */
interface SlackCalls {
  /** @throws Error with Slack's own name for it, or where Slack does not answer in time */
  call(method: string, parameters: Json): Promise<unknown>;
}

/** The ports of functions that answer people in Slack. */
export interface SlackFront extends FrontPorts {
  readonly standing: Pick<StandingStore, "load" | "entryOf">;
  readonly web: SlackCalls;
  readonly people: SlackPeople;
}

/** A person who acts, and their payload. */
export interface Act<Payload extends PersonPayload = PersonPayload> {
  readonly actor: Actor;
  readonly payload: Payload;
}

/** The body of the acknowledgement; undefined for an empty one. */
export type Reply = Json | undefined;

/** Writes a line that somebody should read. It never holds what Slack sent, but ids. */
export type SlackLog = (
  level: "info" | "warn" | "error",
  message: string,
  facts: Readonly<Record<string, unknown>>,
) => void;
