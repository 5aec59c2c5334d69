/** One tool of the server, as data. */
import type { InputRequiredResult } from "@modelcontextprotocol/server";
import type * as z from "zod/mini";
import type { Api } from "../api/api-client.ts";
import type { ClientFacts } from "./client-facts.ts";

/** Everything that a call of a tool may use. */
export interface ToolCall {
  readonly api: Api;
  readonly client: ClientFacts;
  /** Asks the user at the client, once per subject: see `Consents`. */
  readonly consent: (
    subject: unknown,
    message: string,
  ) => Promise<InputRequiredResult | "agreed" | "declined">;
}

/** Names and states as facts; text by people as `Quoted`. */
export type ToolAnswer = Readonly<Record<string, unknown>>;

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Hints to the client, all of which are true. */
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  readonly input: z.ZodMiniType;
  /** @throws Failure, which the model is shown */
  run(call: ToolCall, input: unknown): Promise<ToolAnswer | InputRequiredResult>;
}

/** A tool whose `run` gets what its schema reads. */
export const tool = <Input extends z.ZodMiniType>(
  made: Omit<Tool, "input" | "run"> & {
    readonly input: Input;
    readonly run: (
      call: ToolCall,
      input: z.output<Input>,
    ) => Promise<ToolAnswer | InputRequiredResult>;
  },
): Tool => ({ ...made, run: (call, input) => made.run(call, input as z.output<Input>) });

/** A read changes nothing, and asks the broker, which is outside of the client's machine. */
export const READS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
} as const;
