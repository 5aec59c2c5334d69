import type { Random } from "../../shared/ports/random.ts";

/** Always one half. */
export const fixedRandom: Random = { fraction: () => 0.5 };
