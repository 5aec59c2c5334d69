/** The changes that the API has answered in one command, for what a later failure may say. */
import { Failure } from "../failures/failure.ts";

export interface StoredChanges {
  /** The API answered a change. @param say makes a sentence about it, which most commands never need */
  add(say: () => string): void;
  /** A sentence for each, in the order in which they were answered. */
  readonly said: readonly string[];
}

export function storedChanges(): StoredChanges {
  const all: (() => string)[] = [];
  return {
    add: (say) => void all.push(say),
    get said() {
      return all.map((say) => say());
    },
  };
}

declare const BY_ITS_RECORD: unique symbol;

/** That no change was answered in this command. Only `nothingStored` makes one. */
export interface NothingStored {
  readonly [BY_ITS_RECORD]: true;
}

/** Undefined where the API has answered a change. */
export const nothingStored = ({ said }: Pick<StoredChanges, "said">): NothingStored | undefined =>
  said.length === 0 ? ({} as NothingStored) : undefined;

/** A failure as it was made: it may say that nothing was sent, or done. */
const asMade = (failure: Failure, _proof: NothingStored): Failure => failure;

/**
 * The failure of a whole command. A failure speaks of one call: whatever it says was not done, the changes
 * before it were stored, and are said first.
 */
export function failureOfCommand(failure: Failure, changes: Pick<StoredChanges, "said">): Failure {
  const proof = nothingStored(changes);
  if (proof) return asMade(failure, proof);
  const { exit, code, text, cause } = failure;
  const unsaid = changes.said.filter((sentence) => !text.what.includes(sentence));
  if (unsaid.length === 0) return failure;
  const notMore = text.notDone.replace(/^Nothing was\b/, "Nothing more was");
  const notDone = `Before that: ${unsaid.join(" ")} ${notMore}`.trimEnd();
  return new Failure(exit, code, { ...text, notDone }, { cause });
}
