/** A person's access now, in words that say no more than the tables know. */
import type { AccessState } from "../../shared/domain/entries/effective-access.ts";
import type { EndVerb } from "../../shared/domain/requests/audit-event.ts";
import { STANDING_ACCESS } from "../../shared/domain/requests/end-text.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type {
  EffectiveAccessAnswer,
  PersonAccessAnswer,
} from "../../shared/http/contract/person-access-answer.ts";
import type { Column } from "../terminal/table.ts";
import { awayText, leftText, shortTime } from "./time-text.ts";

/** `AmazonEKSEditPolicy in payments-api`, `AmazonEKSViewPolicy on the whole cluster` */
export function whatText({
  policy,
  elements,
}: Pick<EffectiveAccessAnswer, "policy" | "elements">): string {
  const names = (prefix: string) =>
    elements.flatMap((each) => (each.startsWith(prefix) ? each.slice(prefix.length) : []));
  if (policy === null) return visible(`Kubernetes groups ${names("group/").join(", ")}`);
  const where = elements.includes("cluster")
    ? "on the whole cluster"
    : `in ${names("ns/").join(", ")}`;
  return visible(`${policy} ${where}`);
}

/** `AmazonEKSEditPolicy in payments-api on prod`, `AmazonEKSViewPolicy on all of prod` */
export function whatOnText(
  access: Pick<EffectiveAccessAnswer, "policy" | "elements">,
  cluster: string,
): string {
  const { policy, elements } = access;
  return policy !== null && elements.includes("cluster")
    ? visible(`${policy} on all of ${cluster}`)
    : `${whatText(access)} on ${visible(cluster)}`;
}

const STATE_WORDS: Readonly<Record<AccessState, string>> = {
  there: "active",
  ending: "being removed",
  "may-be-there": "being added",
  coming: "approved for later",
};

/** Its last instant has passed, and no read has proven that it is gone. */
const OVERDUE = "overdue, not read back as gone";

/** Until when it is there, by when it is to be gone, or when it begins; empty where nobody knows. */
export function whenText({ state, from, until, asOf }: EffectiveAccessAnswer, now: string): string {
  const at = (instant: string) => `${shortTime(instant, now)}, ${awayText(instant, now)}`;
  if (state === "coming" && from !== null) return `from ${at(from)}`;
  if (state === "ending") return until === null ? OVERDUE : `to be gone by ${at(until)}`;
  if (until !== null) return `until ${leftText(shortTime(until, now), until, now)}`;
  return asOf === null ? "" : `no end; read ${shortTime(asOf, now)}`;
}

const byText = ({ by }: EffectiveAccessAnswer): string =>
  by === null
    ? "a grant that you may not see"
    : by === STANDING_ACCESS
      ? by
      : `grant ${visible(by)}`;

/** The columns of a person's access. */
export const accessColumns = (now: string): readonly Column<EffectiveAccessAnswer>[] => [
  { title: "CLUSTER", text: ({ cluster }) => visible(cluster), least: 7 },
  { title: "STATE", text: ({ state }) => STATE_WORDS[state] },
  { title: "WHEN", text: (each) => whenText(each, now), least: 12 },
  { title: "ACCESS", text: whatText, least: 30, folds: 2 },
  { title: "BY", text: byText, folds: 1 },
];

/** The unknown facts beside the table, a sentence each. */
export function unknownLines(answer: PersonAccessAnswer, now: string): readonly string[] {
  const { cluster, standingAsOf, unread } = answer;
  const standing =
    cluster === null
      ? "Grants alone. To see standing access too, name a cluster: --cluster NAME."
      : standingAsOf === null
        ? `Standing access on ${visible(cluster)} is not known here.`
        : `Standing access on ${visible(cluster)} as of ${shortTime(standingAsOf, now)}, without what grants covered then.`;
  return [
    standing,
    ...unread.map(
      ({ principalArn, why, since }) =>
        `Not known of ${visible(principalArn)}: ${UNREAD_WORDS[why]}${since === null ? "" : `, last read ${shortTime(since, now)}`}.`,
    ),
    "aws-auth, RBAC and circuits are not read.",
  ];
}

const UNREAD_WORDS: Readonly<Record<PersonAccessAnswer["unread"][number]["why"], string>> = {
  "never-read": "nobody has read its access entry",
  old: "its access entry was read long ago",
  cut: "its access entry holds more than is stored",
};

/** Whether an end of the request leaves something to say: one that never began leaves everything as it was. */
export const mayHaveLent = ({ state }: Pick<RequestAnswer, "state">): boolean =>
  state === "ending" || state === "ended";

/**
 * The access that remains to the requester of an ended grant on its cluster, by other grants or by
 * standing access.
 *
 * @param remaining undefined where it could not be read
 * @param verb how whoever reads this can end another grant
 */
export const remainingText = (
  { id, requester, cluster }: RequestAnswer,
  remaining: PersonAccessAnswer | undefined,
  seen: { readonly verb: EndVerb; readonly now: string },
): string =>
  accessLeftText(
    { person: requester, cluster, grant: "No other grant" },
    remaining && { ...remaining, access: remaining.access.filter(({ by }) => by !== id) },
    seen,
  );

/**
 * A person's access on a cluster, after ends.
 *
 * @param remaining undefined where it could not be read
 * @param verb how whoever reads this can end another grant
 */
export function accessLeftText(
  subject: { readonly person: string; readonly cluster: string; readonly grant: string },
  remaining: PersonAccessAnswer | undefined,
  { verb, now }: { readonly verb: EndVerb; readonly now: string },
): string {
  const [who, place] = [visible(subject.person), visible(subject.cluster)];
  const next = `  timelatch status ${who} --cluster ${place}`;
  if (!remaining) return `Not read: what else ${who} can do on ${place}. See it:\n${next}`;
  const lines = remaining.access.map((each) => stillLine(who, each, { verb, now }));
  const known =
    remaining.standingAsOf === null
      ? `${subject.grant} gives ${who} access on ${place}, as far as you may see. Standing access is not known here.`
      : `${subject.grant} gives ${who} access on ${place}. Nothing stood there as of ${shortTime(remaining.standingAsOf, now)} without what grants covered then. Not read: aws-auth and RBAC.`;
  if (lines.length === 0) return remaining.unread.length === 0 ? known : `${known}\n${next}`;
  const isKnown = remaining.standingAsOf !== null && remaining.unread.length === 0;
  return [
    ...lines,
    ...(isKnown ? [] : [`Standing access on ${place} is not all known here.`]),
  ].join("\n");
}

/** `alice STILL has AmazonEKSEditPolicy in payments-api on prod by grant 0193…, until 10:42 (9m left).` */
export function stillLine(
  who: string,
  each: EffectiveAccessAnswer,
  { verb, now }: { readonly verb: EndVerb; readonly now: string },
): string {
  const has = STILL[each.state];
  const when = whenText(each, now);
  const isEndable = each.by !== null && each.by !== STANDING_ACCESS && each.state !== "ending";
  return [
    `${who} ${has} ${whatOnText(each, each.cluster)} by ${byText(each)}${when && `, ${when}`}.`,
    ...(isEndable ? [`  timelatch ${ENDING[verb]} ${visible(each.by ?? "")}`] : []),
  ].join("\n");
}

/** The requester cancels or returns. */
const ENDING: Readonly<Record<EndVerb, string>> = {
  cancel: "return",
  return: "return",
  revoke: "revoke",
};

const STILL: Readonly<Record<AccessState, string>> = {
  there: "STILL has",
  ending: "may still have",
  "may-be-there": "may have by now",
  coming: "will have",
};
