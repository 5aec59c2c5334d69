import type {
  ClaimChange,
  ClaimComparison,
} from "../../shared/policy-tools/compare/compare-claims.ts";
import type { Mark } from "./words.ts";

/** The changes of the claims, those first that leave less claimed. */
export const claimSentences = (
  { gone, excepted, changed, assumed }: ClaimComparison,
  mark: Mark,
): readonly string[] => [
  ...gone.map((name) => `The claim ${mark(name)} is gone.`),
  ...excepted.map(
    ({ name, exception }) => `The claim ${mark(name)} has a new exception: ${mark(exception)}.`,
  ),
  ...assumed.map(
    ({ group, policy }) =>
      `Claims now assume that the Kubernetes group ${mark(group)} has at most the rights of ${mark(policy)}.`,
  ),
  ...changed.map((change) => changeText(change, mark)),
];

function changeText({ name, key, before, after }: ClaimChange, mark: Mark): string {
  if (after === null)
    return `The claim ${mark(name)} has no ${key} any more: it was ${mark(before ?? "")}.`;
  const instead = before === null ? "" : `, and had ${mark(before)}`;
  return `The claim ${mark(name)} has ${key} ${mark(after)} now${instead}.`;
}
