/** Claims about records, and about files that hold them. */
import { callColumns } from "../../cli/text/evidence-text.ts";
import { agreesText } from "../../cli/text/report-text.ts";
import { answerMeans } from "../../shared/domain/evidence/trail/trail-event.ts";
import type { EndProof } from "../../shared/domain/requests/end-proof.ts";
import { confirmed, evidenceOf } from "../cli/audit/bundle-world.ts";
import { linesOf } from "../cli/audit/histories.ts";
import { run } from "../cli/run-timelatch.ts";
import { aLife, idOf } from "../cli/sample-requests.ts";
import type { Claim } from "./claim.ts";
import {
  bundlePageOf,
  exported,
  reachedByArchive,
  reported,
  sealedBundle,
  verifiedArchive,
  verifiedBundle,
  verifiedByOtherKey,
  wholeBundle,
} from "./worlds/evidence.ts";

/** `timelatch audit verify` of an export with these events. */
const verified = (events: readonly unknown[]) =>
  run(["audit", "verify", "-"], {
    stdin: linesOf(events)
      .map((line) => `${line}\n`)
      .join(""),
  });

const ARCHIVE = "cli/commands/audit-verify-archive.ts";
const REPORT = "cli/text/report-text.ts";

const GONE: EndProof = {
  hadBegun: true,
  readAt: "2026-11-24T10:30:50.000Z",
  stayed: [],
  stayedBy: [],
};
const SHARED: EndProof = { ...GONE, stayed: ["ns/payments-api"], stayedBy: [idOf(2)] };

/** The list of chains of a seal, without its first; the same where there is no chain. */
const withoutATip = (text: string): string => {
  const sealed = JSON.parse(text) as { readonly tips: readonly object[] };
  return sealed.tips.length === 0
    ? text
    : JSON.stringify({ ...sealed, tips: sealed.tips.slice(1) });
};

/** The list of calls, in its column about CloudTrail. */
function callColumn(state: "confirmed" | "missing"): string {
  const records = state === "confirmed" ? evidenceOf(idOf(1), [confirmed("eks-1")]) : [];
  const [, , , column] = callColumns("2026-11-26T10:00:00.000Z", records);
  const made = { at: "2026-11-24T10:02:00.000Z", sessionName: "s", result: "ok", event: null };
  return column?.text({ ...made, operation: "CreateAccessEntry", requestId: "eks-1", state }) ?? "";
}

export const EVIDENCE_CLAIMS: readonly Claim[] = [
  {
    file: "cli/commands/audit-verify.ts",
    text: "every hash fits",
    falseWhere: "an event of the file was edited",
    instead: "Verification FAILED",
    seen: async () => {
      const [first, second, ...rest] = aLife(idOf(1)).events;
      const edited = second && { ...second, actor: "mallory" };
      return {
        holds: (await verified([first, second, ...rest])).out,
        fails: (await verified([first, edited, ...rest])).err,
      };
    },
  },
  {
    file: ARCHIVE,
    text: "is sealed by the key that you named",
    falseWhere: "a seal is missing or was edited, or another key made it",
    instead: "Another key sealed",
    seen: async () => ({
      holds: await verifiedArchive(),
      fails: [
        await verifiedArchive({
          of: "seals/",
          text: (text) => text.replace(/"size":\d+/, '"size":9'),
        }),
        await verifiedArchive({ of: "seals/", text: () => undefined }),
        await verifiedByOtherKey(),
      ].join(""),
    }),
  },
  {
    file: ARCHIVE,
    text: "nothing was edited, left out, doubled or cut off since it was sealed",
    falseWhere: "a record was edited, doubled or taken away",
    instead: "edited",
    seen: async () => {
      const changed = (text: (text: string) => string) => verifiedArchive({ of: "records/", text });
      return {
        holds: await verifiedArchive(),
        fails: [
          await changed((text) => text.replace('"type":"approve"', '"type":"deny"')),
          await changed((text) => `${text}${text.split("\n")[0]}\n`),
          await changed((text) => text.split("\n").slice(1).join("\n")),
        ].join(""),
      };
    },
  },
  {
    file: "cli/commands/reach-archive.ts",
    text: "are by the key that you named",
    falseWhere: "a seal or a record was edited",
    instead: "The archive does not hold",
    seen: async () => {
      const edited = (of: string, from: RegExp, to: string) =>
        reachedByArchive({ of, text: (text) => text.replace(from, to) });
      return {
        holds: await reachedByArchive(),
        fails: [
          await edited("seals/", /"size":\d+/, '"size":9'),
          await edited("records/", /"type":"approve"/, '"type":"deny"'),
        ].join(""),
      };
    },
  },
  {
    file: ARCHIVE,
    text: "The last sealed day is",
    falseWhere: "the archive must reach a later day, and later seals were taken away",
    instead: "The seal of 2026-11-26 is missing.",
    seen: async () => ({
      holds: await verifiedArchive(undefined, { until: "2026-11-25" }),
      fails: await verifiedArchive(undefined, { until: "2026-11-26" }),
    }),
  },
  {
    file: "cli/commands/audit-verify-bundle.ts",
    text: "Every hash fits, and the files agree with each other.",
    falseWhere: "a file of the bundle was edited",
    instead: "does not hold",
    seen: async () => ({
      holds: await verifiedBundle(),
      fails: [
        await verifiedBundle(["events.ndjson", '"actor":"bob"', '"actor":"eve"']),
        await verifiedBundle(["bundle.json", '"prod"', '"test"']),
      ].join(""),
    }),
  },
  {
    file: "cli/text/bundle-text.ts",
    text: "No event and no evidence is left out that was sealed up to",
    printed: "No event and no evidence is left out that was sealed up to 2026-11-26.",
    falseWhere: "the seal of a day between was taken away, or those of the last days",
    instead: "The seals from 2026-11-25 to the day before it are missing.",
    seen: async () => ({
      holds: await sealedBundle(1, 2, 3),
      fails: [await sealedBundle(1, 3), await sealedBundle(1)].join(""),
    }),
  },
  {
    file: "cli/commands/audit-export.ts",
    text: "complete from",
    falseWhere: "an earlier event of a request is not listed",
    instead: "The export was not completed",
    seen: async () => ({ holds: await exported(false), fails: await exported(true) }),
  },
  {
    file: "cli/commands/audit-export.ts",
    text: "complete from",
    printed: "complete from 2026-10-05T10:01:30.000Z to 2026-11-20T00:00:00.000Z.",
    falseWhere: "only the requests of one person were exported",
    instead: "to 2026-11-20T00:00:00.000Z for requests of alice on prod only.",
    seen: async () => ({
      holds: await exported(false),
      fails: await exported(false, { person: "alice", cluster: "prod" }),
    }),
  },
  {
    file: "cli/audit/report-page.ts",
    text: "CloudTrail confirms",
    printed: "Of 2 calls to EKS, CloudTrail confirms 2;",
    falseWhere: "CloudTrail does not show a call",
    instead: "Of 2 calls to EKS, CloudTrail confirms 0; 0 are unconfirmed, 2 missing.",
    seen: async () => ({
      holds: await reported({}, "html"),
      fails: await reported({ seen: "missing" }, "html"),
    }),
  },
  {
    file: "cli/audit/bundle-page.ts",
    text: "Gone, as read from EKS",
    falseWhere: "another grant, or standing access, gave the same when the grant ended",
    instead: "was also given by",
    seen: async () => ({ holds: await bundlePageOf(GONE), fails: await bundlePageOf(SHARED) }),
  },
  {
    file: "cli/audit/bundle-page.ts",
    text: "Nothing is missing: every call is confirmed, every finding acknowledged, every record sealed.",
    falseWhere: "CloudTrail has not shown a call yet",
    instead: "This is not in the bundle, or not yet:",
    seen: async () => ({
      holds: (await wholeBundle(true)).page,
      fails: (await wholeBundle(false)).page,
    }),
  },
  {
    file: "cli/text/bundle-text.ts",
    text: "Nothing is missing in it.",
    falseWhere: "CloudTrail has not shown a call yet",
    instead: "Not in it, or not yet:",
    seen: async () => ({
      holds: (await wholeBundle(true)).said,
      fails: (await wholeBundle(false)).said,
    }),
  },
  {
    file: "cli/text/evidence-text.ts",
    text: "confirmed ${",
    printed: "confirmed 11-24 10:02 UTC",
    falseWhere: "CloudTrail did not show the call in time",
    instead: "missing",
    seen: () => ({ holds: callColumn("confirmed"), fails: callColumn("missing") }),
  },
  {
    file: REPORT,
    text: "} after its end",
    printed: "gone 1m30s after its end",
    falseWhere: "another grant gave the same when the grant ended late",
    instead: "was also given by",
    seen: async () => ({
      holds: await reported({ late: 90, proof: GONE }),
      fails: await reported({ late: 90, proof: SHARED }),
    }),
  },
  {
    file: REPORT,
    text: 'trail === "files" ? "yes"',
    printed: "yes",
    falseWhere: "nobody compared the records with CloudTrail's own files, or they differ",
    instead: "not compared with CloudTrail's own files",
    seen: () => ({
      holds: agreesText("files", true, 0),
      fails: `${agreesText("received", true, 0)}${agreesText("files", false, 0)}`,
    }),
  },
  {
    file: REPORT,
    text: "Nothing: no exception in this period.",
    falseWhere: "access outlived its bound, and nobody has seen it gone",
    instead: "and its end is not yet confirmed",
    seen: async () => ({ holds: await reported({}), fails: await reported({ open: true }) }),
  },
  {
    file: "shared/domain/evidence/trail/trail-event.ts",
    text: ", so nothing was changed",
    falseWhere: "EKS carried out the call and answered with an error of its own",
    instead: "which does not say whether anything was changed",
    seen: () => ({ holds: answerMeans("AccessDenied"), fails: answerMeans("ServerException") }),
  },
  {
    file: "shared/domain/evidence/archive/seal-verify.ts",
    text: "is not the one that was sealed",
    falseWhere: "the list of chains is the sealed one",
    instead: "All records hold",
    seen: async () => ({
      holds: await verifiedArchive({ of: "seals/", text: withoutATip }),
      fails: await verifiedArchive(),
    }),
  },
];
