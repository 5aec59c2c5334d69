/**
 * Objects that are written once and never changed or deleted. An object is a text of lines. It is
 * compressed where its key ends in `.gz`. `test/contracts/archive-store.contract.ts` says the same
 * in code.
 */
export interface ArchiveStore {
  /**
   * Stores an object, if its key is free. Repeating the same call changes nothing.
   *
   * @throws ArchiveConflict where the key has other lines; they stay
   */
  put(key: string, lines: readonly string[]): Promise<void>;

  /**
   * The lines of an object; undefined for an unknown key. Reading them throws `ArchiveUnreadable`, where
   * the object is not compressed as its key says, or a line is longer than any that is written.
   */
  read(key: string): Promise<AsyncIterable<string> | undefined>;

  /**
   * The keys with a prefix, in text order.
   *
   * @param after only keys behind this text
   */
  list(prefix: string, after?: string): Promise<readonly string[]>;
}

/** The key has an object with other lines. */
export class ArchiveConflict extends Error {
  override readonly name = "ArchiveConflict";
  constructor(key: string) {
    super(
      `The archive has ${key} already, with other lines. Nothing was overwritten. The next run reads the archive again and continues.`,
    );
  }
}

/** The most characters of a line of the archive: above that of a record of DynamoDB's 400 KB, all escaped. */
export const LONGEST_LINE = 4 * 1_024 * 1_024;

/** An object has no lines that archive can have written. A fault of the network is another error. */
export class ArchiveUnreadable extends Error {
  override readonly name = "ArchiveUnreadable";
  constructor(key: string, cause?: unknown) {
    super(`The archive's object ${key} is not as archive writes it. It is not read.`, {
      cause,
    });
  }
}
