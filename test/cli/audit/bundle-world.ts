/** One grant from its request to its end, its evidence, and the archive that sealed it. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Call } from "../../../cli/api/call.ts";
import { type SealedDay, sealOf, sealText } from "../../../shared/domain/evidence/archive/seal.ts";
import { nextEvidence, nextFinding } from "../../../shared/domain/evidence/evidence-chain.ts";
import type {
  EvidenceDraft,
  EvidenceRecord,
} from "../../../shared/domain/evidence/evidence-record.ts";
import type {
  FindingDraft,
  FindingRecord,
} from "../../../shared/domain/evidence/findings/finding-record.ts";
import { type AuditEvent, callsIn } from "../../../shared/domain/requests/audit-event.ts";
import type { EndProof } from "../../../shared/domain/requests/end-proof.ts";
import type { CallRecord } from "../../../shared/domain/requests/evidence.ts";
import {
  type Occurrence,
  type Step,
  transition,
} from "../../../shared/domain/requests/lifecycle.ts";
import { sha256 } from "../../../shared/domain/values/canonical-json.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { fakeApi } from "../fake-terminal.ts";
import { ALICE, answerTo, asked, CLUSTER_ARN, idOf, POLICY_TEXT } from "../sample-requests.ts";

export const ID = idOf(1);
const at = (minute: number) => `2026-11-24T10:${String(minute).padStart(2, "0")}:00.000Z`;
export const POLICY = { hash: sha256(POLICY_TEXT), text: POLICY_TEXT };

const then = (
  { request }: Step,
  type: Occurrence["type"],
  minute: number,
  more: Partial<Occurrence>,
): Step =>
  transition(request, {
    actor: "timelatch",
    details: {},
    ...more,
    type,
    at: at(minute),
    policyHash: POLICY.hash,
  } as Occurrence);

export const call = (operation: string, requestId: string, minute: number) => ({
  operation,
  requestId,
  sessionName: "timelatch-g-1",
  at: at(minute),
  result: "ok",
});

export interface Life {
  readonly request: RequestAnswer;
  readonly events: readonly AuditEvent[];
}

/** Alice's hour, approved by bob and returned early. @param changes of the request */
export function wholeLife(
  changes: Parameters<typeof asked>[0] = {},
  note = "go ahead",
  endProof?: EndProof,
): Life {
  const first = asked(changes);
  const approval = { person: "bob", surface: "api", at: at(1), note, proof: {} } as const;
  const times = { revokeAt: at(58), expiresAt: at(59) };
  const second = then(first, "approve", 1, {
    actor: "bob",
    to: "approved",
    details: { ...approval, digest: first.request.digest, ...times },
    changes: { approvals: [approval], ...times },
  } as Partial<Occurrence>);
  const third = then(second, "activate", 2, {
    details: {
      calls: [call("CreateAccessEntry", "eks-1", 2), call("AssociateAccessPolicy", "eks-2", 2)],
      authenticationMode: "API",
    },
  } as Partial<Occurrence>);
  const fourth = then(third, "return", 30, {
    actor: "alice",
    details: { proof: {} },
    changes: { outcome: { code: "returned", detail: "alice returned it." } },
  } as Partial<Occurrence>);
  const last = then(fourth, "settle", 31, {
    details: {
      calls: [call("DisassociateAccessPolicy", "eks-3", 31)],
      ...(endProof ? { proof: endProof } : {}),
    },
    changes: endProof ? { endProof } : {},
  } as Partial<Occurrence>);
  const steps = [first, second, third, fourth, last];
  return { request: answerTo(last), events: steps.map(({ event }) => event) };
}

/** A chain of evidence, recorded a minute apart. */
export function evidenceOf(
  requestId: string,
  drafts: readonly Omit<EvidenceDraft, "requestId" | "at">[],
): readonly EvidenceRecord[] {
  const records: EvidenceRecord[] = [];
  for (const [index, draft] of drafts.entries())
    records.push(
      nextEvidence(records.at(-1), { ...draft, requestId, at: at(40 + index) } as EvidenceDraft),
    );
  return records;
}

export const confirmed = (eksRequestId: string): Omit<EvidenceDraft, "requestId" | "at"> =>
  ({
    type: "confirmed",
    details: {
      eksRequestId,
      eventId: `event-${eksRequestId}`,
      eventTime: at(2),
      sha256: sha256(eksRequestId),
    },
  }) as const;

const FIND_CHAIN = `${CLUSTER_ARN}#2026-11`;

/** A finding about the request, with what was recorded after it. */
export function findingsOf(...later: readonly Pick<FindingDraft, "type" | "details">[]) {
  const finding = {
    type: "finding",
    details: {
      code: "missing-event",
      eksRequestId: "eks-3",
      principalArn: ALICE,
      calledAt: at(31),
      findingId: "f".repeat(32),
      requestIds: [ID],
    },
  };
  const records: FindingRecord[] = [];
  for (const [index, draft] of [finding, ...later].entries())
    records.push(
      nextFinding(records.at(-1), {
        ...draft,
        chain: FIND_CHAIN,
        at: at(50 + index),
      } as FindingDraft),
    );
  return records;
}

export const acknowledged = (note: string) =>
  ({
    type: "acknowledgement",
    details: { findingId: "f".repeat(32), actor: "dave", note, proof: {} },
  }) as const;

/** The records of the API. */
export interface Stored extends Life {
  readonly evidence: readonly EvidenceRecord[];
  readonly findings?: readonly FindingRecord[];
  readonly laterCalls?: readonly CallRecord[];
}

/** An API for auditors that has one request. */
export const apiOf = ({ request, events, evidence, findings = [], laterCalls = [] }: Stored) =>
  fakeApi(({ path: asks }: Call) => {
    if (asks === `/v1/requests/${request.id}`) return request;
    if (asks.endsWith("/events")) return { events };
    if (asks.endsWith("/evidence"))
      return {
        calls: [...events.flatMap(callsIn), ...laterCalls],
        records: evidence,
        findings: findings.filter(({ type }) => type === "finding"),
      };
    if (asks === "/v1/audit/records")
      return {
        records: findings.map((record) => ({ chain: `FIND#${record.chain}`, record })),
        to: at(59),
      };
    throw new Error(`The sample API does not know ${asks}.`);
  });

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const PUBLIC_PEM = publicKey.export({ type: "spki", format: "pem" }).toString();
const FINGERPRINT = createHash("sha256")
  .update(publicKey.export({ type: "spki", format: "der" }))
  .digest("hex");

/** The seal of a day over the request's chains, as far as they have records, and three others. */
export function sealedDay(
  { events, evidence }: Pick<Stored, "events" | "evidence">,
  day = "2026-11-24",
  before?: SealedDay,
): SealedDay {
  const tips = [
    ...events.slice(-1).map(({ seq, hash }) => ({ chain: `AUDIT#${ID}`, seq, hash })),
    ...evidence.slice(-1).map(({ seq, hash }) => ({ chain: `EVID#${ID}`, seq, hash })),
    ...["AUDIT#a", "AUDIT#b", "EVID#z"].map((chain) => ({ chain, seq: 1, hash: sha256(chain) })),
  ];
  const content = { key: FINGERPRINT, policyHashes: [POLICY.hash], counts: {}, late: [] };
  const sealed = sealOf({ ...content, day, tips, before: before?.seal });
  const signature = sign("sha256", Buffer.from(sealText(sealed.seal)), privateKey);
  return { ...sealed, signature: signature.toString("base64") };
}

/** Writes an archive's folder that has these seals, and the public key beside it. */
export function writeArchive(folder: string, seals: readonly SealedDay[]): string {
  const archive = path.join(folder, "archive");
  mkdirSync(path.join(archive, "seals"), { recursive: true });
  mkdirSync(path.join(archive, "policies"), { recursive: true });
  writeFileSync(path.join(archive, "policies", `${POLICY.hash}.json`), `${POLICY.text}\n`);
  for (const sealed of seals)
    writeFileSync(path.join(archive, "seals", `${sealed.seal.day}.json`), JSON.stringify(sealed));
  writeFileSync(path.join(folder, "public.pem"), PUBLIC_PEM);
  return archive;
}
