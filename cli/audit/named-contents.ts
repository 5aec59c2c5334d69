/** The lists of standing access that records of readings name. */
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import { dayOf } from "../../shared/domain/evidence/archive/seal.ts";
import { isReadingDetails } from "../../shared/domain/standing/reading.ts";

/** A record that names a content. */
export interface NamedContent {
  readonly chain: string;
  readonly seq: number;
  readonly isSealed: boolean;
}

/** The hash of what a reading found; undefined for another record, and for a reading that says of none. */
function contentNamedBy({ chain, record }: ArchivedRecord): string | undefined {
  const { details } = record as { readonly details?: unknown };
  const isReading = chain.startsWith("STANDING#") && isReadingDetails(details);
  return isReading ? (details.content ?? undefined) : undefined;
}

/** Collects what records name. @param until the last sealed day: a record of it that no seal covers is a fault by itself */
export function namedContents(until: string) {
  const named = new Map<string, NamedContent>();
  return {
    named,
    add(one: ArchivedRecord) {
      const content = contentNamedBy(one);
      const { chain, record } = one;
      const isSealed = dayOf(record.at) <= until;
      if (content !== undefined && (isSealed || !named.has(content)))
        named.set(content, { chain, seq: record.seq, isSealed });
    },
  };
}
