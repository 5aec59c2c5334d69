import type { Context } from "../../context.ts";
import type { StopSignal } from "../../terminal/interruption.ts";
import type { Gate } from "../aws/smoke-clients.ts";
import type { Left } from "./clean-up.ts";
import type { SearchedPlace } from "./leftovers.ts";
import type { Part } from "./part.ts";
import type { Played } from "./run-parts.ts";
import type { Stage } from "./stage.ts";

/** The input of one run of a smoke test. */
export interface Session {
  readonly context: Context;
  /** The journal's path. */
  readonly file: string;
  readonly parts: readonly Part[];
  /** The places where earlier runs may have left something. */
  readonly places: readonly SearchedPlace[];
  /** Clients whose calls pass through a gate. */
  readonly clientsThrough: (gate: Gate) => Pick<Stage, "clients" | "clientsWith">;
  readonly stage: Omit<Stage, "journal" | "until" | "pause" | "clients" | "clientsWith">;
}

export interface SessionEnd {
  readonly played: readonly Played[];
  /** Things of this run and earlier ones that could not be removed. */
  readonly left: readonly Left[];
  /** The signal that stopped it. */
  readonly stopped?: StopSignal;
}
