/** In which media a person of the policy reads, and the audiences of several people. Pure. */
import { ownersOf } from "../policy/machines.ts";
import {
  type AccessPolicy,
  isMachine,
  MEDIA,
  type Medium,
  memberOf,
  type PolicyRole,
} from "../policy/policy.ts";
import { decidersInGroups } from "../policy/policy-index.ts";
import { MOST_DIRECT } from "./delegates-asked.ts";
import type { Audience } from "./notice.ts";

/** Whether anybody is sent anything. */
export const hasNotices = ({ slack, notices }: AccessPolicy): boolean =>
  slack !== undefined || notices?.email !== undefined;

/** Alarms and break-glass reach a person by everything that they have. */
type Urgency = "ordinary" | "alarm";

/** The media by which a person reads: Slack for whoever has it, and otherwise e-mail, unless they chose. */
function mediaOf(policy: AccessPolicy, person: string, urgency: Urgency): readonly Medium[] {
  // Without another medium, Slack says that it knows nobody by the name.
  if (!policy.notices?.email) return policy.slack ? ["slack"] : [];
  const member = memberOf(policy, person);
  if (!member) return [];
  const has = MEDIA.filter((medium) => medium === "email" || isInSlack(policy, person));
  if (urgency === "alarm") return has;
  return has.filter((medium) => member.notify?.includes(medium) ?? medium === has[0]);
}

/** Whether the policy names a user of the person in one of Slack's workspaces. */
const isInSlack = (policy: AccessPolicy, person: string): boolean =>
  (memberOf(policy, person)?.identities.slack ?? []).some((identity) =>
    policy.slack?.teams.includes(identity.split("/")[0] ?? ""),
  );

/** Messages of their own in Slack; nobody where they are many. */
export const inSlack = (
  policy: AccessPolicy,
  names: readonly string[],
  urgency: Urgency = "ordinary",
): readonly Audience[] =>
  names.length > MOST_DIRECT
    ? []
    : names
        .filter((person) => mediaOf(policy, person, urgency).includes("slack"))
        .map((person) => ({ kind: "person", person }));

/** Messages by e-mail, which has no channel: the first ten hear of it where they are many. */
export const byEmail = (
  policy: AccessPolicy,
  names: readonly string[],
  urgency: Urgency = "ordinary",
): readonly Audience[] =>
  names
    .filter((person) => mediaOf(policy, person, urgency).includes("email"))
    .slice(0, MOST_DIRECT)
    .map((person) => ({ kind: "mailbox", person }));

/** Each of some people, in their media. */
export const people = (
  policy: AccessPolicy,
  names: readonly string[],
  urgency: Urgency = "ordinary",
): readonly Audience[] => [...inSlack(policy, names, urgency), ...byEmail(policy, names, urgency)];

/** The readers of what concerns a name of the policy: the person, or the owners of the machine. */
export function readersOf(policy: AccessPolicy, name: string): readonly Audience[] {
  const member = memberOf(policy, name);
  return people(policy, member && isMachine(member) ? ownersOf(policy, name) : [name]);
}

/** The readers of alarms: Slack's channel, and by e-mail those with some role. */
export const alarmReaders = (
  policy: AccessPolicy,
  roles: readonly PolicyRole[],
): readonly Audience[] => [
  ...alarmChannel(policy),
  ...byEmail(
    policy,
    decidersInGroups(
      policy,
      roles.flatMap((role) => policy.roles[role]),
    ),
    "alarm",
  ),
];

/** Slack's channel for alarms, where there is one. */
export const alarmChannel = ({ slack }: AccessPolicy): readonly Audience[] =>
  slack ? [{ kind: "channel", channel: slack.alarms }] : [];

/** Each audience once: an admin may also be somebody else whom an alarm is about. */
export const each = (audiences: readonly Audience[]): readonly Audience[] => [
  ...new Map(audiences.map((audience) => [JSON.stringify(audience), audience])).values(),
];
