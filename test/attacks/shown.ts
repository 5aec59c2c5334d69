/**
 * Everything that people rest on, at the end. A report and a bundle show the archive, an export the table's lists, a history
 * each chain by its key. Hashes are left out, since they follow from the rest. So is a repetition, and what only its
 * writer knows, as docs/threat-model.md says.
 */
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import type { SealedDay } from "../../shared/domain/evidence/archive/seal.ts";
import { canonicalJson } from "../../shared/domain/values/canonical-json.ts";
import { type Days, isInItsPlace } from "./archive-days.ts";
import { archivedIn } from "./finders.ts";
import type { Body } from "./forgeries.ts";
import { DAY_AS_IT_WAS } from "./recorded-day.ts";

/** The bus has the hash of a step. */
const HASHES: readonly string[] = ["hash", "previousHash"];
/**
 * Members of records that nobody publishes: nothing but their writer knows them before their hour is archived. Among them is
 * when and in which order they were written, and of whose chain.
 */
const OF_NO_STEP: readonly string[] = [
  ...HASHES,
  ...["schema", "policyHash", "at", "seq", "chain", "requestId"],
];

const without = (body: Body, names: readonly string[]): Body =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

const inside = (body: Body, name: string): Body => {
  const found = body[name];
  return typeof found === "object" && found !== null ? (found as Body) : {};
};

/** A step of a person, of a request, a delegation or a suspension. */
const stepOf = (body: Body): Body => without(body, HASHES);

/** That an event of CloudTrail is one of our calls. A lost call is explained by its intent or by the end, which says the same. */
const confirmedBy = ({ eksRequestId, eventId, eventTime, sha256 }: Body) => ({
  confirmed: [eksRequestId, eventId, eventTime, sha256],
});

/** Nobody counts who took access away: only calls that gave some have to be confirmed. */
const isRemoval = ({ eventId }: Body) => REMOVALS.has(eventId);

const REMOVALS = new Set(
  (DAY_AS_IT_WAS.trail as readonly Body[]).flatMap(({ eventID, eventName }) =>
    String(eventName).startsWith("Delete") ? [eventID] : [],
  ),
);

function evidenceOf(body: Body): unknown {
  const details = inside(body, "details");
  const isLost = details["why"] === "intent" || details["why"] === "removal";
  const confirmed = isLost ? inside(details, "event") : details;
  if (isLost || body["type"] === "confirmed")
    return isRemoval(confirmed) ? undefined : confirmedBy(confirmed);
  return EVIDENCE.has(body["type"]) ? without(body, OF_NO_STEP) : undefined;
}

const EVIDENCE = new Set<unknown>(["missing", "explained", "activity"]);
/** The bus has a hash of all of them. */
const PUBLISHED = new Set<unknown>(["finding", "acknowledgement"]);
const FINDINGS = new Set<unknown>(["finding", "acknowledgement", "expected"]);
/** Correlate found these out about an event by its own reads. */
const FOUND_OUT = ["code", "before", "after", "differs", "requestIds", "taken"];
/** CloudTrail's files have these, and the report compares the hash of the whole event. */
const NOT_COMPARED = ["sourceIp", "userAgent", "addendum"];

function findingOf(body: Body): unknown {
  if (PUBLISHED.has(body["type"])) return without(body, HASHES);
  if (!FINDINGS.has(body["type"])) return undefined;
  const details = without(inside(body, "details"), FOUND_OUT);
  const proof = without(inside(details, "proof"), ["callerId"]);
  const event = without(inside(details, "event"), NOT_COMPARED);
  const caller = without(inside(event, "caller"), ["accountId", "accessKeyId"]);
  return {
    ...without(body, OF_NO_STEP),
    details: { ...details, proof, event: { ...event, caller } },
  };
}

function readingOf(body: Body): unknown {
  const { content, cluster } = inside(body, "details");
  return { content, cluster };
}

const STATEMENTS: Readonly<Record<string, (body: Body) => unknown>> = {
  EVID: evidenceOf,
  FIND: findingOf,
  STANDING: readingOf,
};

/** The statement of a record. Undefined for a record that nothing reads. */
function statementOf({ chain, record }: ArchivedRecord): string | undefined {
  const [kind = ""] = chain.split("#");
  const of = STATEMENTS[kind];
  const body = record as unknown as Body;
  const said = of ? of(body) : { chain, ...stepOf(body) };
  return said === undefined ? undefined : `${kind} ${canonicalJson(said as never)}`;
}

/** The statements of records, each once. */
export const statementsOf = (records: readonly ArchivedRecord[]): string =>
  [...new Set(records.filter(isInItsPlace).flatMap((one) => statementOf(one) ?? []))]
    .toSorted()
    .join("\n");

/** The days of seals, by their keys. */
function sealsIn({ store }: Days): string {
  const seals = [...store.objects].filter(([key]) => key.startsWith("seals/"));
  return seals
    .map(([key, lines]) => {
      const { seal } = JSON.parse(lines[0] ?? "{}") as SealedDay;
      return `${key} ${seal.day}`;
    })
    .toSorted()
    .join("\n");
}

/** By what somebody reads, all that it shows. */
export const shownOf = (days: Days) => ({
  archive: statementsOf(archivedIn(days)),
  list: statementsOf(days.table),
  chains: statementsOf([...days.table, ...days.hidden]),
  seals: sealsIn(days),
});

/** The views that say something else than of days that nobody forged. */
export const changedFor = (
  before: ReturnType<typeof shownOf>,
  after: ReturnType<typeof shownOf>,
): readonly string[] =>
  Object.entries(before).flatMap(([what, text]) =>
    after[what as keyof typeof after] === text ? [] : [what],
  );
