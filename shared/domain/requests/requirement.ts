import { plusSeconds } from "../values/instant.ts";
import type { AccessRequest, Requirement } from "./request.ts";

/** How many approvals one requirement may ask for. An answer that shows a request has a place for each. */
export const MOST_APPROVALS = 10;

/** All groups whose members may approve: those asked at once, and those asked later. */
export const approverGroups = ({ groups, escalate }: Requirement): readonly string[] => [
  ...new Set([...groups, ...(escalate?.groups ?? [])]),
];

/** The groups whose members are asked by `now`. @param createdAt when the request was made */
export const askedGroups = (
  need: Requirement,
  createdAt: string,
  now: string,
): readonly string[] =>
  need.escalate && askedFrom(need.escalate, createdAt) <= now ? approverGroups(need) : need.groups;

/** Those on call of a requirement, as a request stored them. Empty where all are asked at once. */
export const namedFirst = (
  { onCall, escalate }: Requirement,
  { askedFirst = {} }: Pick<AccessRequest, "askedFirst">,
): readonly string[] =>
  onCall !== undefined && escalate && Object.hasOwn(askedFirst, onCall)
    ? (askedFirst[onCall] ?? [])
    : [];

/** The time from which the second circle is asked about a request. ISO 8601 UTC. */
export const askedFrom = (
  { afterSeconds }: NonNullable<Requirement["escalate"]>,
  createdAt: string,
): string => plusSeconds(createdAt, afterSeconds);
