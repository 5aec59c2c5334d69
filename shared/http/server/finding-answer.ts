import type {
  AcknowledgementRecord,
  FoundRecord,
} from "../../domain/evidence/findings/finding-record.ts";
import { noFinding } from "../../domain/values/errors.ts";
import type { FindingAnswer } from "../contract/answers.ts";

/** A finding as clients read it. @param acknowledgements of this finding, oldest first */
export const findingAnswer = ({
  record: { chain, at, details },
  acknowledgements,
}: {
  readonly record: FoundRecord;
  readonly acknowledgements: readonly AcknowledgementRecord[];
}): FindingAnswer => ({
  ...details,
  chain,
  recordedAt: at,
  state: acknowledgements.length > 0 ? "acknowledged" : "open",
  acknowledgements: acknowledgements.map((one) => ({
    actor: one.details.actor,
    note: one.details.note,
    at: one.at,
  })),
});

/**
 * The finding's id in the path. Any text that is no id is refused before it reaches the table.
 *
 * @throws BrokerError `finding-not-found`
 */
export function findingIdOf({
  pathParameters,
}: {
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
}): string {
  const id = pathParameters?.["findingId"] ?? "";
  if (/^[0-9a-f]{32}$/.test(id)) return id;
  throw noFinding(id);
}
