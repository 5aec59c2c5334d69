/** Finds people whom the media of the file cannot reach. */
import type * as z from "zod/mini";
import { isMailAddress } from "../../domain/values/mail-address.ts";
import type { AccessPolicyFile } from "../access-policy-file.ts";
import type { FilePerson } from "../people/compile-people.ts";
import type { Fault } from "../yaml/located-yaml.ts";

type File = z.output<typeof AccessPolicyFile>;

/** All faults of media, in the order of the file. Pure. */
export const noticeFaults = (file: File): readonly Fault[] =>
  Object.entries(file.people).flatMap(([name, person]) =>
    person.kind === "machine"
      ? machineFaults(name, person)
      : [...addressFaults(name, person, file), ...mediaFaults(name, person, file)],
  );

const machineFaults = (name: string, { notify }: FilePerson): readonly Fault[] =>
  notify === undefined
    ? []
    : [
        {
          path: ["people", name, "notify"],
          detail: "The owners of a machine get its messages. Leave the key out.",
        },
      ];

/** With e-mail, everyone may be written to: alarms use all that a person has. */
const addressFaults = (name: string, { email }: FilePerson, { notices }: File): readonly Fault[] =>
  notices?.email === undefined || isMailAddress(email)
    ? []
    : [
        {
          path: ["people", name, "email"],
          detail:
            "SES writes to no such address. Write a plain one of ASCII characters, with a domain in Punycode where it has other letters.",
        },
      ];

function mediaFaults(
  name: string,
  { notify = [], identities }: FilePerson,
  { notices, slack }: File,
): readonly Fault[] {
  const users = (identities.slack ?? []).map((identity) => identity.split("/")[0] ?? "");
  const isInSlack = users.some((team) => slack?.teams.includes(team));
  return notify.flatMap((medium, at) => {
    const detail =
      medium === "email"
        ? notices?.email === undefined
          ? "Nothing writes e-mail. Write notices.email as well."
          : undefined
        : isInSlack
          ? undefined
          : `${name} has no user in a workspace of slack.teams. Write one in identities.slack, or leave slack out here.`;
    return detail === undefined ? [] : [{ path: ["people", name, "notify", at], detail }];
  });
}
