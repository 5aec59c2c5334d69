/** Reads that prove a change of a delegation, a stop or a finding. */
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { FindingAnswer } from "../../shared/http/contract/answers.ts";
import type { DelegationAnswer } from "../../shared/http/contract/delegation-answer.ts";
import type { StopsAnswer } from "../../shared/http/contract/stops-answer.ts";
import { openDelegations } from "../api/delegations.ts";
import { findingsBetween } from "../api/findings.ts";
import type { Look, Sent } from "./change.ts";
import { isSince } from "./request-traces.ts";

/**
 * The caller's delegation to the same person and for the same times, made since. Its end may have come earlier by a
 * change of access.yaml.
 */
export async function delegationAsSent(
  { api, who, since }: Look,
  { call }: Sent,
): Promise<DelegationAnswer | undefined> {
  const { to, from, until } = call.body as Pick<DelegationAnswer, "to" | "until"> &
    Partial<Pick<DelegationAnswer, "from">>;
  return (await openDelegations(api)).find(
    (one) =>
      one.by === who.person &&
      one.to === to &&
      one.until <= until &&
      one.from === (from ?? one.createdAt) &&
      isSince(one.createdAt, since),
  );
}

const stopsOf = ({ api }: Look) =>
  api.send<StopsAnswer>({ method: "GET", path: "/v1/suspensions" });

/** The list of stops, where it shows that this person made the stop. */
export async function stopAsSent(look: Look, { subject }: Sent): Promise<StopsAnswer | undefined> {
  const stops = await stopsOf(look);
  const stop =
    subject === "" ? stops.drain : stops.suspended.find(({ person }) => person === subject);
  return stop && stop.by === look.who.person ? stops : undefined;
}

/** The people who are stopped, once this person or everyone no longer is. */
export async function liftAsSent(look: Look, { subject }: Sent): Promise<StopsAnswer | undefined> {
  const stops = await stopsOf(look);
  const isStopped =
    subject === ""
      ? stops.drain !== null
      : stops.suspended.some(({ person }) => person === subject);
  return isStopped ? undefined : stops;
}

/** The delegation, once the list of those that are not over lacks it. */
export async function endAsSent(
  { api }: Look,
  { subject, before }: Sent<"endDelegation">,
): Promise<DelegationAnswer | undefined> {
  const isOpen = (await openDelegations(api)).some(({ id }) => id === subject);
  return isOpen ? undefined : before;
}

/** The finding, once it has this person's note. */
export async function noteAsSent(
  { api, who, since }: Look,
  { subject, before, call }: Sent<"acknowledgeFinding">,
): Promise<FindingAnswer | undefined> {
  if (!before) return undefined;
  const { note } = call.body as { readonly note: string };
  const to = plusSeconds(before.recordedAt, 1);
  const { findings } = await findingsBetween(api, { from: before.recordedAt, to });
  return findings.find(
    ({ findingId, acknowledgements }) =>
      findingId === subject &&
      acknowledgements.some(
        (each) => each.actor === who.person && each.note === note && isSince(each.at, since),
      ),
  );
}
