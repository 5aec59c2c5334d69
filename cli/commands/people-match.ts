import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { visible, visibleLines } from "../../shared/domain/values/visible-text.ts";
import type { ServiceUser } from "../../shared/outside/users/service-users.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { includedBeside } from "../../shared/policy-file/yaml/included-file.ts";
import {
  type Matches,
  matchPeople,
  type OutsideKey,
} from "../../shared/policy-tools/people-match/match-people.ts";
import { answer, type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { matchLines } from "../people/match-text.ts";
import { type EditedFile, editedFiles } from "../people/matched-files.ts";
import { writePeopleFile } from "../people/people-file.ts";
import { type ReadSetting, type UserPlace, userPlaces, usersOf } from "../people/service-lists.ts";
import { readStrictly } from "../policy/read-policy.ts";
import { patchOf } from "../policy/suggestion-text.ts";
import { wrapLines } from "../terminal/text-layout.ts";

export interface PeopleMatchOptions {
  /** Without it, nothing is written. */
  readonly write?: true;
}

/**
 * `timelatch people match`: proposes the ids that people have at services outside, by their e-mail addresses, as a
 * patch. An address is its owner's to change, so somebody reads the patch.
 *
 * @param read replaces `fetch`
 * @throws Failure `usage` without a service or a token; `refused` for a list that is not whole; `faulty` for a policy
 *   that is not sound; `unwritten`
 */
export async function peopleMatch(
  context: Context,
  file: string,
  { write }: PeopleMatchOptions,
  read: typeof fetch = fetch,
): Promise<void> {
  const { env, now } = context;
  const { policy, text } = await readStrictly(file, (source, included) => ({
    policy: parseAccessPolicy(source, included),
    text: source,
  }));
  const places = userPlaces(policy);
  const known = places.filter(({ variable }) => env[variable]);
  const unread = places.filter(({ variable }) => !env[variable]);
  if (known.length === 0) throw nothingToRead(unread);
  const matches = await matchesOf(policy, known, { env, now, fetch: read });
  const files = editedFiles(file, text, includedBeside(file), matches.proposals);
  const patch = files.map((each) => patchOf(each.file, each.before, each.after)).join("");
  const written = write === true && patch !== "";
  if (written) for (const { file: to, after } of changed(files)) await writePeopleFile(to, after);
  const missing = unread.map(({ name, variable }) => ({ name, variable }));
  answer(context, { ...matches, unread: missing, patch, written }, () => visibleLines(patch));
  report(context, matches, unread, written);
}

const changed = (files: readonly EditedFile[]): readonly EditedFile[] =>
  files.filter(({ before, after }) => before !== after);

async function matchesOf(
  policy: AccessPolicy,
  places: readonly UserPlace[],
  setting: ReadSetting,
): Promise<Matches> {
  const users = new Map<OutsideKey, readonly ServiceUser[]>();
  for (const place of places)
    users.set(place.key, [...(users.get(place.key) ?? []), ...(await usersOf(place, setting))]);
  return matchPeople(policy, users);
}

/** The people who get no id stand beside the patch, so that it can be saved as it is. */
function report(
  context: Context,
  matches: Matches,
  unread: readonly UserPlace[],
  written: boolean,
): void {
  const count = matches.proposals.length;
  const end = written
    ? "Written; review the change, and deploy."
    : "Nothing was written. Read the patch, and apply it with git apply, or run it again with --write.";
  const lines = [
    ...matchLines(matches),
    ...unread.map(({ name, variable }) => `${name} was not read: ${variable} has no token.`),
    `${count} ${count === 1 ? "id is" : "ids are"} proposed by e-mail address. ${count === 0 ? "Nothing was written." : end}`,
  ];
  remark(context, wrapLines(`${lines.map(visible).join("\n")}\n`, context.screen.err.columns));
}

const nothingToRead = (unread: readonly UserPlace[]) =>
  new Failure("usage", "usage", {
    what:
      unread.length === 0
        ? "access.yaml names no service whose people have e-mail addresses."
        : `No token is there for ${unread.map(({ name }) => name).join(", ")}.`,
    notDone: "Nothing was read, and nothing was written.",
    next: [
      unread.length === 0
        ? "Next: name a schedule or a tracker in access.yaml: timelatch docs on-call."
        : `Next: put a token that may read its people into ${unread.map(({ variable }) => variable).join(" or ")}.`,
    ],
  });
