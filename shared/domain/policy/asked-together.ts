/** Several things that are asked for at once. Each is judged, approved and ended by its own rule. */
import type { AccessRequest, LessenedTerms } from "../requests/request.ts";
import { POWERS, powerOfPolicy } from "../standing/power.ts";
import type { Need } from "./needs.ts";

/** How many one ask may have. */
export const MOST_PARTS = 5;

/**
 * How many groups of approvers the parts of an ask may wait for, counted for each part. Each is an item of one
 * transaction, which takes 100; the other items of five parts are at most 45.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const MOST_ASKED_GROUPS = 50;

/** A clause that says how many were asked for at once; nothing for one. */
export const andAsks = (more: number): string =>
  more === 1 ? "" : `, and this asks for ${more} more at once`;

/** The members of a request of an ask, in a record as in an answer. */
type Asked = Pick<AccessRequest, "id" | "requester" | "askedWith">;

/**
 * Whether two requests belong to one ask: each names the other, and both are of one person. Functions that face
 * people can write a record, so what only one of them says counts for nothing.
 */
export const areTogether = (one: Asked, other: Asked): boolean =>
  one.requester === other.requester &&
  one.askedWith?.includes(other.id) === true &&
  other.askedWith?.includes(one.id) === true;

/** A request as its answer has it, with those whose approval is missing. */
interface Waiting extends Pick<AccessRequest, "requester" | "state"> {
  readonly needs: readonly Need[];
}

/**
 * Whether a request waits for a person, or for somebody for whom they decide: the API judges it again.
 *
 * @param voices the person, and their delegators
 */
export const waitsFor = (
  { requester, state, needs }: Waiting,
  person: string,
  voices: readonly string[],
): boolean =>
  state === "pending" &&
  requester !== person &&
  needs.some((need) =>
    [...need.people, ...(need.escalate?.people ?? [])].some((name) => voices.includes(name)),
  );

/** Terms that somebody decides on at once, the most powerful first: by access, by scope, by time. */
export const mostPowerfulFirst = <T extends LessenedTerms>(terms: readonly T[]): readonly T[] =>
  terms.toSorted((a, b) => {
    const [first, second] = [rankOf(a), rankOf(b)];
    const at = first.findIndex((rank, place) => rank !== second[place]);
    return at < 0 ? 0 : (first[at] ?? 0) - (second[at] ?? 0);
  });

const rankOf = ({ access, durationSeconds }: LessenedTerms): readonly number[] =>
  "groups" in access
    ? [POWERS.indexOf("unknown"), 0, -durationSeconds]
    : [
        POWERS.indexOf(powerOfPolicy(access.policy)),
        access.scope.type === "cluster" ? 0 : 1,
        -durationSeconds,
      ];
