import { isAttackedPlace } from "./attacked.ts";
import type { Judgement } from "./seen.ts";
import { stillThere } from "./still-there.ts";

/** How long access may be there, `bounds` says. Here all of it has to be gone, before anybody is asked what they may do. */
export const RESTORED: Judgement = {
  sentence: "After a restore no access stays, but for what neither a table nor a fuse knows.",
  judge: (seen) => stillThere(seen, (one) => !isAttackedPlace(seen, one)),
  applies: ({ restores }) => restores.length > 0,
};
