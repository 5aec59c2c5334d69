import { parseDocument } from "yaml";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { editedOutside, type OutsideEdit } from "../../shared/policy-file/people/edited-outside.ts";
import type { ReadIncluded } from "../../shared/policy-file/people/included-people.ts";
import type { Proposal } from "../../shared/policy-tools/people-match/match-people.ts";

/** A file as it is and as it would be. */
export interface EditedFile {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/**
 * The policy, and the file of people that it includes, with proposals in them. The result is read as strictly as any
 * policy, before anybody is shown it.
 *
 * @param text the policy's, which was read without faults
 * @throws FileFaults where the result would not be sound
 */
export function editedFiles(
  file: string,
  text: string,
  included: ReadIncluded,
  proposals: readonly Proposal[],
): readonly EditedFile[] {
  const edits = editsOf(proposals);
  const own = editedOutside(text, edits);
  const policy = { file, before: text, after: own.text };
  const include: unknown = parseDocument(text).getIn(["people", "include"]);
  if (typeof include !== "string") {
    parseAccessPolicy(own.text);
    return [policy];
  }
  const other = included(include);
  const rest = edits.filter(({ person }) => own.elsewhere.includes(person));
  const after = editedOutside(other.text, rest).text;
  parseAccessPolicy(own.text, () => ({ ...other, text: after }));
  return [policy, { file: other.file, before: other.text, after }];
}

const editsOf = (proposals: readonly Proposal[]): readonly OutsideEdit[] =>
  [...new Set(proposals.map(({ person }) => person))].map((person) => ({
    person,
    ids: Object.fromEntries(
      proposals.filter((each) => each.person === person).map(({ service, id }) => [service, id]),
    ),
  }));
