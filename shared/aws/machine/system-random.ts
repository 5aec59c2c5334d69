import type { Random } from "../../ports/random.ts";

/** The randomness of the JavaScript engine: good for jitter, not for secrets. */
export const systemRandom: Random = { fraction: Math.random };
