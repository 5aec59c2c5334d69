/** The sender of a payload, only by ids. Names and e-mail addresses are anybody's to choose. */
import { personBySlackUser } from "../domain/policy/identity.ts";
import type { AccessPolicy, Member } from "../domain/policy/policy.ts";

export interface SlackSender {
  readonly user: string;
  /** Where the user is at home: their own workspace, and its organisation if there is one. */
  readonly homes: readonly string[];
  /** The organisation of the workspace where they acted, if the payload does not show that it is theirs. */
  readonly organisation?: string;
}

interface SentFrom {
  readonly team?:
    | { readonly id: string; readonly enterprise_id?: string | null | undefined }
    | null
    | undefined;
  readonly enterprise?: { readonly id: string } | null | undefined;
  readonly user: { readonly id: string; readonly team_id?: string | null | undefined };
}

/**
 * In a channel that is shared with another organisation, `team` is where the click was. The user's own
 * `team_id` is who they are, so the organisation counts only where both agree.
 * https://docs.slack.dev/apis/slack-connect/
 */
export function senderOf({ team, enterprise, user }: SentFrom): SlackSender {
  const organisation = enterprise?.id ?? team?.enterprise_id ?? undefined;
  const home = user.team_id ?? team?.id ?? organisation;
  const isOfOrganisation = home === team?.id || home === organisation;
  const homes = [home, isOfOrganisation ? organisation : undefined];
  return {
    user: user.id,
    homes: [...new Set(homes.filter((place) => place !== undefined))],
    ...(organisation === undefined || isOfOrganisation ? {} : { organisation }),
  };
}

/** The sender's person, or why the sender is nobody of the policy. */
export type Known =
  | { readonly member: Member; readonly team: string }
  | { readonly nobody: "foreign" | "unknown" };

/** The person whom access.yaml names for the sender, if their workspace or organisation is allowed. */
export function personOf(policy: AccessPolicy, { user, homes }: SlackSender): Known {
  const allowed = homes.filter((home) => policy.slack?.teams.includes(home));
  const [team] = allowed;
  if (team === undefined) return { nobody: "foreign" };
  const member = personBySlackUser(
    policy,
    allowed.map((home) => `${home}/${user}`),
  );
  return member ? { member, team } : { nobody: "unknown" };
}
