/** The messages that should exist for one record of the chain of stops. Pure. */
import { type AccessPolicy, memberOf } from "../policy/policy.ts";
import { liftersOf } from "../stops/lifters.ts";
import { lifts, type StopRecord } from "../stops/stops.ts";
import { plusSeconds } from "../values/instant.ts";
import { asMailed } from "./mailed.ts";
import type { NoticePlan, StopNotice } from "./notice.ts";
import { noticeKey } from "./notice-key.ts";
import { NEWS_SECONDS } from "./notice-times.ts";
import { alarmReaders, each, readersOf } from "./readers.ts";
import { stopSubject } from "./subject.ts";

/**
 * One message in the alarm channel, and one to the person whom it is about. They are sent within a day,
 * and say what was done then: a lift has messages of its own.
 *
 * @param now ISO 8601 UTC
 */
export function stopNotices(
  policy: AccessPolicy,
  record: StopRecord,
  now: string,
): NoticePlan<StopNotice> {
  const { seq, type, actor, at, details } = record;
  const { person, reason, after } = details;
  if (now > plusSeconds(at, NEWS_SECONDS)) return { notices: [], changesAt: null };
  const facts = {
    seq,
    type,
    actor,
    person,
    reason,
    at,
    liftedBy: lifts(type) ? [] : liftersOf(policy, after, actor),
  };
  const readers = person !== null && memberOf(policy, person) ? readersOf(policy, person) : [];
  const notices = each([...alarmReaders(policy, ["admins"]), ...readers]).map(
    (audience): StopNotice => ({
      subject: stopSubject(seq),
      key: noticeKey("stop", audience),
      kind: "stop",
      audience,
      facts,
      actions: [],
      send: true,
      precedence: "first",
      notBefore: null,
    }),
  );
  return { notices: notices.flatMap(asMailed), changesAt: null };
}
