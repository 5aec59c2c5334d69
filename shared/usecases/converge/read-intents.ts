/** Reads the intents of an entry as far back as grants may have begun that its ledger does not know. */
import type { CallIntent } from "../../domain/evidence/calls/call-intent.ts";
import { createdBetween, isUuid } from "../../domain/requests/id-prefix.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";

/** The most intents that are read at once: each run that adds something stores two at most, and grants are capped. */
const PAGE = 500;

/** The most intents that are read. One entry has fewer in 90 days, unless 28 grants a day begin on it. */
export const MOST_INTENTS = 5_000;

/** Sorts after every instant. Another run's clock may be ahead of this one's. */
const END_OF_TIME = "9999";

/** Intents, newest first. */
export interface IntentsRead {
  readonly intents: readonly CallIntent[];
  /** Whether there may be older ones that matter. */
  readonly isCut: boolean;
}

/**
 * @param strangers grants that the ledger does not have as begun
 * @throws if the table does not answer
 */
export async function readIntents(
  { evidence, settings }: Pick<ConvergePorts, "evidence" | "settings">,
  binding: string,
  strangers: readonly AccessRequest[],
): Promise<IntentsRead> {
  const from = oldestBegin(strangers, settings);
  const found: CallIntent[] = [];
  let before = END_OF_TIME;
  while (found.length < MOST_INTENTS) {
    const page = await evidence.intents(binding, before, PAGE);
    found.push(...page);
    const oldest = page.at(-1);
    if (!oldest || page.length < PAGE) return { intents: found, isCut: false };
    if (oldest.from < from && areExplained(strangers, found))
      return { intents: found, isCut: false };
    // Others of the same instant may come next. An intent that is read twice says the same.
    before = plusSeconds(oldest.from, 0.001);
  }
  return { intents: found, isCut: true };
}

/** Before it, none of the grants was served. An id says when it was made, and none of a time to come begins. */
function oldestBegin(
  strangers: readonly AccessRequest[],
  { clockDifferenceSeconds }: ConvergePorts["settings"],
): string {
  const made = strangers.map(({ id }) =>
    isUuid(id) ? plusSeconds(createdBetween(id).from, -clockDifferenceSeconds) : "",
  );
  return made.toSorted()[0] ?? END_OF_TIME;
}

/** Whether a call served each grant that was active. Another grant's earlier calls may have given it its access. */
function areExplained(
  strangers: readonly AccessRequest[],
  intents: readonly CallIntent[],
): boolean {
  const served = new Set(
    intents.flatMap(({ calls }) => calls.flatMap(({ requestIds }) => requestIds)),
  );
  return strangers.every(({ id, effectiveAt }) => effectiveAt === null || served.has(id));
}
