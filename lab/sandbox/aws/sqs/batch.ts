import { AwsError } from "../service.ts";
import { sqsError } from "./errors.ts";
import { type Input, structures, text } from "./input.ts";

/** The answer of a batch operation: entries succeed and fail one by one. */
export interface BatchResult {
  readonly Successful: readonly Readonly<Record<string, unknown>>[];
  readonly Failed: readonly {
    readonly Id: string;
    readonly SenderFault: boolean;
    readonly Code: string;
    readonly Message: string;
  }[];
}

const MAXIMUM_ENTRIES = 10;

/**
 * The checked entries of a batch.
 *
 * @param entryName the entry's shape, as the text of an empty batch names it.
 * @throws EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId,
 * BatchEntryIdsNotDistinct
 */
export function batchEntries(input: Input, entryName: string): readonly Input[] {
  const entries = structures(input, "Entries");
  if (entries.length === 0)
    throw sqsError(
      "EmptyBatchRequest",
      `There should be at least one ${entryName} in the request.`,
    );
  if (entries.length > MAXIMUM_ENTRIES)
    throw sqsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${MAXIMUM_ENTRIES}. You have sent ${entries.length}.`,
    );
  const seen = new Set<string>();
  for (const entry of entries) {
    const id = text(entry, "Id");
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(id))
      throw sqsError(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      );
    if (seen.has(id)) throw sqsError("BatchEntryIdsNotDistinct", `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries;
}

/** Runs each entry on its own; an error fails only its own entry. */
export function runBatch(
  entries: readonly Input[],
  run: (entry: Input) => Readonly<Record<string, unknown>>,
): BatchResult {
  const successful: Readonly<Record<string, unknown>>[] = [];
  const failed: BatchResult["Failed"][number][] = [];
  for (const entry of entries) {
    const id = text(entry, "Id");
    try {
      successful.push({ Id: id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful: successful, Failed: failed };
}
