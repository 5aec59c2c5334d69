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

const SAYS_NOTHING = /^Nothing was (?:sent|done|changed|read|stored)\.$/;

/**
 * The failure of a whole command. A call that fails after a change was stored says of itself that nothing
 * was sent; of the command that would be false.
 */
export function failureOfCommand(failure: Failure, changes: Pick<StoredChanges, "said">): Failure {
  const proof = nothingStored(changes);
  if (proof) return asMade(failure, proof);
  const { exit, code, text, cause } = failure;
  if (!SAYS_NOTHING.test(text.notDone)) return failure;
  const notDone = `Before that: ${changes.said.join(" ")} Nothing more was sent.`;
  return new Failure(exit, code, { ...text, notDone }, { cause });
}
