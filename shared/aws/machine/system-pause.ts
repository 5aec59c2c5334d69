import { setTimeout as pause } from "node:timers/promises";
import type { Pause } from "../../ports/pause.ts";

/** Real time passes. */
export const systemPause: Pause = { for: (millis) => pause(millis) };
