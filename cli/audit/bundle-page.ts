/** The page of a bundle, for people to read. It is made of the records, and is no evidence. */

import { WHY_TEXTS } from "../../shared/domain/evidence/evidence-record.ts";
import type { BundleCall } from "../../shared/domain/evidence/report/bundle.ts";
import type { BundleSeal } from "../../shared/domain/evidence/report/bundle-seal.ts";
import type { ExplainedCall } from "../../shared/domain/evidence/report/explained-calls.ts";
import { describeAccess, describeTerms } from "../../shared/domain/requests/access-text.ts";
import { askerText } from "../../shared/domain/requests/asker-text.ts";
import {
  type AuditEvent,
  endProofIn,
  escalationIn,
  lessIn,
} from "../../shared/domain/requests/audit-event.ts";
import type { EndProof } from "../../shared/domain/requests/end-proof.ts";
import { endText, stayedText } from "../../shared/domain/requests/end-text.ts";
import type { Markup } from "../html/markup.ts";
import { markup } from "../html/markup.ts";
import { badge, code, facts, list, page, paragraph, section, table, time } from "../html/page.ts";
import { activitySection } from "./activity-section.ts";
import { BUNDLE_FILE, type BundleContent, type BundleDocument } from "./bundle-files.ts";

/** @param document the `bundle.json` of the content */
export function bundlePage(content: BundleContent, document: BundleDocument): string {
  const { request } = document;
  return page(
    `Access of ${askerText(request)} to ${request.cluster}`,
    markup`${[
      paragraph(markup`Request ${code(request.id)}, as of ${time(document.madeAt)}.`),
      notEvidence(),
      openPart(document),
      section("terms", "What was asked for", terms(document)),
      section("decisions", "Who decided", decisions(content.events)),
      section("access", "When access began and ended", access(content.events, document)),
      section("calls", "Calls to EKS, and what CloudTrail shows", calls(document)),
      section("findings", "Changes around it that nothing explains", findings(content, document)),
      section("activity", "What was done with the access", activitySection(document.activity)),
      section("history", "The whole history", history(content.events)),
      section("seals", "Seals", seals(content.seals)),
      section("files", "Files", files(document)),
    ]}`,
  );
}

const notEvidence = () =>
  markup`<div class="note">${paragraph("This page is for reading. The evidence is in the files beside it. Verify them without a network:")}${paragraph(code("timelatch audit verify . --key public.pem"))}</div>
`;

const openPart = ({ open }: BundleDocument): Markup =>
  open.length === 0
    ? markup`<div class="note good">${paragraph("Nothing is missing: every call is confirmed, every finding acknowledged, every record sealed.")}</div>
`
    : markup`<div class="note open">${paragraph("This is not in the bundle, or not yet:")}${list(open.map(({ detail }) => detail))}</div>
`;

const terms = ({ request }: BundleDocument): Markup =>
  facts([
    ["Who", askerText(request)],
    ["IAM principal", code(request.principalArn)],
    ["Cluster", markup`${request.cluster} (${code(request.clusterArn)})`],
    ["Access", describeAccess(request.access)],
    ["For", request.duration],
    ...(request.earlierTerms ?? []).map(
      (earlier, at) => [at === 0 ? "Asked for" : "Then", describeTerms(earlier)] as const,
    ),
    ...(request.startsAt === null ? [] : ([["From", time(request.startsAt)]] as const)),
    ["Reason", request.reason],
    ["Rule", `${request.rule}${request.breakGlass ? " (break glass)" : ""}`],
    ["Asked", time(request.createdAt)],
    ["SHA-256 of the terms", code(request.digest)],
  ]);

const DECISIONS: ReadonlySet<string> = new Set(["approve", "deny", "escalate", "attempt"]);

function decisions(events: readonly AuditEvent[]): Markup {
  const rows = events
    .filter(({ type }) => DECISIONS.has(type))
    .map(({ seq, type, at, actor, details, policyHash }) => [
      seq,
      time(at),
      "tried" in details
        ? `tried to ${details.tried}: ${details.why}`
        : decisionText(type, details),
      "onBehalfOf" in details && details.onBehalfOf
        ? `${actor} on behalf of ${details.onBehalfOf.person}`
        : actor,
      "surface" in details ? details.surface : "",
      ("note" in details && details.note) || "",
      code(policyHash),
    ]);
  const titles = ["Event", "When", "Decision", "By", "Where", "Note", "SHA-256 of the policy"];
  return rows.length === 0
    ? paragraph("Nobody decided.")
    : table("Decisions, and attempts by people who may not decide", titles, rows);
}

function decisionText(type: AuditEvent["type"], details: AuditEvent["details"]): string {
  const glass = escalationIn({ details });
  if (glass) return `${type} from ${glass.insteadOf.rule} to ${glass.rule} (break glass)`;
  const less = lessIn({ details });
  return less
    ? `${type} for less: ${describeTerms(less)}, in place of ${describeTerms(less.insteadOf)}`
    : type;
}

function access(events: readonly AuditEvent[], { request }: BundleDocument): Markup {
  const { effectiveAt, revokeAt, expiresAt, endedAt } = request;
  const proof = events.map(endProofIn).findLast((each) => each !== undefined);
  const end = events.find(({ to }) => to === "ending");
  const none = "—";
  const at = (instant: string | null) => (instant === null ? none : time(instant));
  return facts([
    ["Active since", at(effectiveAt)],
    ["To be removed from", at(revokeAt)],
    ["To be gone by", at(expiresAt)],
    ["Ended by", end === undefined ? none : markup`${end.type} of ${end.actor}, ${time(end.at)}`],
    ["End proven", at(endedAt)],
    ...(endedAt === null ? [] : ([["The end", endOf(proof)]] as const)),
    ...(proof ? goneFacts(proof) : []),
    ["In time", timeliness(expiresAt, endedAt, proof)],
    ["Outcome", request.outcome === null ? none : request.outcome.detail],
  ]);
}

/** Something else may have given its access, and gives it no more when this is read. */
const endOf = (proof: EndProof | undefined): string => stayedText(proof) || endText(proof);

const goneFacts = ({ readAt, stayed }: EndProof): readonly (readonly [string, Markup])[] =>
  readAt === null || stayed.length > 0 ? [] : [["Gone, as read from EKS", time(readAt)]];

function timeliness(
  expiresAt: string | null,
  endedAt: string | null,
  proof: EndProof | undefined,
): Markup | string {
  if (expiresAt === null) return "No access was lent.";
  if (proof?.hadBegun === false) return "Nothing was lent.";
  if (endedAt === null) return badge("open", "not ended");
  return endedAt <= expiresAt ? badge("good", "in time") : badge("bad", "late");
}

const STATES = {
  confirmed: badge("good", "confirmed"),
  unconfirmed: badge("open", "unconfirmed"),
  missing: badge("bad", "missing"),
} as const;

const calls = ({ calls: all, explained = [] }: BundleDocument): Markup =>
  markup`${[callTable(all), ...(explained.length === 0 ? [] : [explainedTable(explained)])]}`;

const explainedTable = (explained: readonly ExplainedCall[]): Markup =>
  table(
    "Without a call on record: CloudTrail shows these in a session of ours.",
    ["Call", "When", "Explained by", "Session", "CloudTrail's event"],
    explained.map(({ operation, eventTime, why, sessionName, eventId, sha256 }) => [
      operation,
      time(eventTime),
      WHY_TEXTS[why],
      sessionName ?? "",
      markup`${code(eventId)}<br>SHA-256 ${code(sha256)}`,
    ]),
  );

const callTable = (all: readonly BundleCall[]): Markup =>
  all.length === 0
    ? paragraph("No call to EKS is on record.")
    : table(
        "Each call by EKS's request id. CloudTrail's event is named by its id and hash.",
        ["Call", "When", "EKS's request id", "Result", "CloudTrail", "CloudTrail's event"],
        all.map(({ event, operation, at, requestId, result, state, confirmation }) => [
          event === null ? `${operation} (in no event: after the end)` : operation,
          time(at),
          requestId === null ? "no answer" : code(requestId),
          result,
          state === null ? "nothing to confirm" : STATES[state],
          confirmation === null
            ? ""
            : markup`${code(confirmation.eventId)} ${time(confirmation.eventTime)}<br>SHA-256 ${code(confirmation.sha256)}`,
        ]),
      );

function findings({ findings: records }: BundleContent, document: BundleDocument): Markup {
  if (document.findings.length === 0) return paragraph("The API lists none.");
  const detailsOf = (id: string) =>
    records.find(({ type, details }) => type === "finding" && details.findingId === id)?.details;
  const rows = document.findings.map(({ findingId, code: what, recordedAt, acknowledgements }) => [
    code(findingId),
    what,
    time(recordedAt),
    acknowledgements.length === 0
      ? badge("open", "open")
      : list(acknowledgements.map(({ actor, note, at }) => markup`${actor}, ${time(at)}: ${note}`)),
    details(detailsOf(findingId)),
  ]);
  return table("Findings", ["Finding", "What", "Recorded", "Acknowledged", "Details"], rows);
}

const details = (value: unknown): Markup =>
  markup`<details open><summary>Details</summary><pre>${pretty(value)}</pre></details>`;

/** JSON whose line breaks stay. */
const pretty = (value: unknown): readonly Markup[] =>
  JSON.stringify(value ?? null, null, 2)
    .split("\n")
    .map((line) => markup`${line}\n`);

const history = (events: readonly AuditEvent[]): Markup =>
  table(
    "Every event has the SHA-256 of its content and of the event before it.",
    ["Event", "When", "What", "By", "State", "Details", "SHA-256"],
    events.map((event) => [
      event.seq,
      time(event.at),
      event.type,
      event.actor,
      event.from === null || event.from === event.to ? event.to : `${event.from} → ${event.to}`,
      details(event.details),
      code(event.hash),
    ]),
  );

function seals(all: readonly BundleSeal[]): Markup {
  if (all.length === 0)
    return paragraph("None: the bundle was made without a sealed archive, or before its seal.");
  const rows = all.flatMap(({ seal, proofs }) =>
    proofs.map(({ tip, index, proof }) => [
      seal.day,
      markup`${code(tip.chain)} up to record ${tip.seq}`,
      `leaf ${index} of ${seal.size}, ${proof.length} hashes`,
      code(seal.root),
      code(seal.key),
    ]),
  );
  const titles = ["Day", "What is sealed", "Inclusion proof", "Merkle root", "SHA-256 of the key"];
  const caption = `The days on which the records changed, of the ${all.length} whose seals are in the bundle`;
  return table(caption, titles, rows);
}

const files = ({ files: all, hash }: BundleDocument): Markup =>
  table(
    `${BUNDLE_FILE} names the others by their SHA-256; its own hash is ${hash}.`,
    ["File", "Bytes", "SHA-256"],
    Object.entries(all).map(([name, { bytes, sha256 }]) => [name, bytes, code(sha256)]),
  );
