import type { Random } from "../../shared/ports/random.ts";

/** Always the middle. */
export const fixedRandom: Random = { fraction: () => 0.5 };
