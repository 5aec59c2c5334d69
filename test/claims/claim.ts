/**
 * A claim: a sentence on which somebody may rest. It stands in a table with the world in which it
 * would be false, and with the words in that world. The suite makes both worlds, and looks.
 */
export interface Claim {
  /** The source that has the sentence, from the root. */
  readonly file: string;
  /** A part of the sentence, as the source has it. */
  readonly text: string;
  /** It as people read it, where the source fills values in. */
  readonly printed?: string;
  /** The world in which it would be false. */
  readonly falseWhere: string;
  /** A part of the words in that world. */
  readonly instead: string;
  /** Makes both worlds, and gives the whole text that the surface prints in each. */
  readonly seen: Worlds;
}

/** The texts that are printed if the claim holds, and if it is false. */
type Worlds = () => Said | Promise<Said>;

interface Said {
  readonly holds: string;
  readonly fails: string;
}

/** A sentence with such a word that claims nothing, or of which something else judges the truth. */
export interface NoClaim {
  /** A source, or the beginning of its path. */
  readonly file: string;
  /** A part of the sentence; absent for all of the source. */
  readonly text?: string;
  readonly because: string;
}

/** A text with one of these words may be a claim. */
export const CLAIM_WORDS =
  /\b(?:ended|gone|nothing|complete|confirmed|confirms|agrees?|removed|no longer|no other|holds?|verified|unchanged|proven|sealed|fits?|stored|sent|tried again)\b/i;

/**
 * The part of a refusal that says what was not done. Refusals are thrown before their first change:
 * `npm run messages` has them all.
 */
export const NOT_DONE = /\b[Nn]othing (?:was|more was|of it was)\b[^.;]*[.;]?/g;
