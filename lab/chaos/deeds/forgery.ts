/** A forgery: the request that it is about, and its writes into the tables. */

import {
  groupOf,
  type Item,
  type Place,
  type Sight,
  type Write,
} from "../../../test/e2e/table-intruder.ts";
import type { Random } from "../../simulation/random.ts";
import type { Attack, NamedPlace, Remembered } from "../stage/stage.ts";

/** The attacked request and entry, and the items that the intruder has read. */
export interface ForgeryScene {
  readonly random: Random;
  readonly place: NamedPlace;
  readonly id: string;
  /** Another entry of somebody who is attacked, or the same one. */
  readonly other: NamedPlace;
  readonly sight: Sight;
  readonly remembered: readonly Remembered[];
  /** ISO 8601 UTC. */
  readonly now: string;
}

export interface Forged {
  /** In a few words. */
  readonly what: string;
  readonly attacks: readonly Omit<Attack, "at">[];
  /** One after the other. None where the tables hold nothing for it. */
  readonly writes: readonly Write[];
}

export type Forge = (scene: ForgeryScene) => Forged;

export const about = (
  { cluster, principalArn }: NamedPlace,
  more: Pick<Attack, "request" | "lendsSeconds" | "hidesHead"> = {},
): Omit<Attack, "at"> => ({ cluster, principalArn, ...more });

export const NOTHING: Forged = { what: "nothing of it is stored", attacks: [], writes: [] };

/** The record of the grant, or of the request that is no grant yet. */
export const recordOf = ({ sight, id }: ForgeryScene): Item | undefined => {
  const item = sight.grants.find(({ request }) => (request as Item | null)?.["id"] === id);
  return (item ?? sight.state)?.["request"] as Item | undefined;
};

/** A message that has converge look at the entry at once. */
export const wake = (place: Place): Write => ({
  kind: "send",
  queue: "converge",
  group: groupOf(place),
  body: JSON.stringify({ binding: groupOf(place), cause: "sweep" }),
});
