/** Every part, in the order in which they are played. */
import type { Part } from "./part.ts";
import { entries } from "./parts/entries.ts";
import { fuse } from "./parts/fuse.ts";
import { grant } from "./parts/grant.ts";
import { trail } from "./parts/trail.ts";

export const PARTS: readonly Part[] = [entries, fuse, grant, trail];
