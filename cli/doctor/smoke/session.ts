import type { Context } from "../../context.ts";
import type { StopSignal } from "../../terminal/interruption.ts";
import type { Gate } from "../aws/smoke-clients.ts";
import type { Left } from "./clean-up.ts";
import type { SearchedPlace } from "./leftovers.ts";
import type { Part } from "./part.ts";
import type { Played } from "./run-parts.ts";
import type { Stage } from "./stage.ts";

/** What one run of a smoke test is given. */
export interface Session {
  readonly context: Context;
  /** Where the journal is kept. */
  readonly file: string;
  readonly parts: readonly Part[];
  /** Where earlier runs may have left something. */
  readonly places: readonly SearchedPlace[];
  /** Clients whose calls pass through a gate. */
  readonly clientsThrough: (gate: Gate) => Pick<Stage, "clients" | "clientsWith">;
  readonly stage: Omit<Stage, "journal" | "until" | "pause" | "clients" | "clientsWith">;
}

export interface SessionEnd {
  readonly played: readonly Played[];
  /** What could not be removed, of this run and of earlier ones. */
  readonly left: readonly Left[];
  /** The signal that stopped it. */
  readonly stopped?: StopSignal;
}
