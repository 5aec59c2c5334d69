/** The texts for people besides errors: where they are, and who gets them. */

export type MessageKind = "refusal" | "part" | "note" | "log";

interface Surface {
  readonly name: string;
  readonly kind: MessageKind;
  readonly files: readonly string[];
  /** For parts: the file of the refusal that carries them. */
  readonly carriedBy?: string;
}

/** Texts other than errors, by file. Every `detail:` in these files is one. */
export const SURFACES: readonly Surface[] = [
  {
    name: "Objections to a request",
    kind: "part",
    files: [
      "shared/domain/policy/objections.ts",
      "shared/domain/policy/time-objections.ts",
      "shared/domain/policy/eligibility.ts",
      "shared/domain/policy/extension.ts",
      "shared/domain/policy/judge-extension.ts",
    ],
    carriedBy: "shared/domain/policy/refused-ask.ts",
  },
  {
    name: "Objections to a start",
    kind: "part",
    files: ["shared/domain/policy/admission.ts"],
    carriedBy: "shared/domain/policy/admission.ts",
  },
  {
    name: "Faults of a body",
    kind: "part",
    files: [
      "shared/http/contract/request-body.ts",
      "shared/http/contract/body-faults.ts",
      "shared/domain/values/strict-json.ts",
      "shared/http/server/parse-body.ts",
    ],
    carriedBy: "shared/http/server/parse-body.ts",
  },
  {
    name: "Faults of access.yaml",
    kind: "part",
    files: [
      "shared/policy-file/access-policy-file.ts",
      "shared/policy-file/faults/cross-check.ts",
      "shared/policy-file/people/included-people.ts",
      "shared/policy-file/faults/people-faults.ts",
      "shared/policy-file/faults/machine-faults.ts",
      "shared/policy-file/faults/notice-faults.ts",
      "shared/policy-file/faults/compared-names.ts",
      "shared/policy-file/faults/partition-faults.ts",
      "shared/policy-file/faults/account-faults.ts",
      "shared/policy-file/faults/rule-faults.ts",
      "shared/policy-file/faults/on-call-faults.ts",
      "shared/policy-file/faults/ticket-faults.ts",
      "shared/policy-file/rules/rule-file.ts",
      "shared/policy-file/rules/at-most-file.ts",
      "shared/policy-file/rules/hours-file.ts",
      "shared/policy-file/rules/times-file.ts",
      "shared/policy-file/file-values.ts",
      "shared/policy-file/yaml/located-yaml.ts",
    ],
    carriedBy: "infra/synth/access-file.ts",
  },
  {
    name: "Faults of timelatch.config.yaml",
    kind: "part",
    files: ["shared/policy-file/deployment-file.ts"],
    carriedBy: "infra/synth/read-deployment.ts",
  },
  {
    name: "What policy check finds",
    kind: "part",
    files: [
      "shared/policy-tools/approval-findings.ts",
      "shared/policy-tools/delegation-findings.ts",
      "shared/policy-tools/glass-findings.ts",
      "shared/policy-tools/limit-findings.ts",
      "shared/policy-tools/on-call-findings.ts",
      "shared/policy-tools/openness-findings.ts",
      "shared/policy-tools/people-findings.ts",
      "shared/policy-tools/prompt-findings.ts",
      "shared/policy-tools/review-findings.ts",
      "shared/policy-tools/rule-text-findings.ts",
      "shared/policy-tools/shadowed-rules.ts",
      "shared/policy-tools/ticket-findings.ts",
      "shared/policy-tools/time-findings.ts",
      "shared/policy-tools/unusable-rules.ts",
    ],
    carriedBy: "test/cli/failures/failure-texts.txt",
  },
  {
    name: "Names that a claim has and the policy lacks",
    kind: "note",
    files: ["shared/policy-tools/prove/compile-claim.ts"],
  },
  {
    name: "For whom somebody may not decide",
    kind: "note",
    files: ["shared/http/contract/who-am-i.ts"],
  },
  {
    name: "Where an export does not hold",
    kind: "part",
    files: [
      "shared/domain/values/hash-chain.ts",
      "shared/domain/requests/event-order.ts",
      "shared/domain/standing/reading-record.ts",
      "shared/domain/evidence/archive/seal-verify.ts",
      "shared/domain/evidence/archive/seal-records.ts",
      "shared/domain/evidence/report/bundle-seal.ts",
      "shared/domain/stops/stops.ts",
    ],
    carriedBy: "test/cli/failures/failure-texts.txt",
  },
  {
    name: "What a preview warns of",
    kind: "note",
    files: [
      "shared/domain/policy/warnings.ts",
      "shared/domain/policy/permits.ts",
      "shared/usecases/requests/already-there.ts",
      "shared/usecases/requests/ticket-view.ts",
      "shared/usecases/requests/needed-before.ts",
    ],
  },
  {
    name: "How access ended that was meant to",
    kind: "note",
    files: [
      "shared/usecases/requests/decision-step.ts",
      "shared/usecases/requests/end-grant.ts",
      "shared/usecases/converge/store-expiries.ts",
      "shared/domain/stops/stopped-grant.ts",
      "shared/usecases/converge/end-early.ts",
    ],
  },
  {
    name: "Why a request is refused or fails",
    kind: "refusal",
    files: [
      "shared/domain/policy/judge-ask.ts",
      "shared/domain/entries/extension-chain.ts",
      "shared/domain/entries/unknown-ledger.ts",
      "shared/usecases/converge/admit-grants.ts",
      "shared/usecases/converge/ledger-room.ts",
      "shared/domain/policy/refused-ask.ts",
      "shared/domain/policy/open-glass.ts",
      "shared/domain/requests/closable-review.ts",
      "shared/usecases/requests/overdue-reviews.ts",
      "shared/domain/clusters/cluster-facts.ts",
      "shared/usecases/requests/change-request.ts",
      "shared/usecases/requests/settle-ticket.ts",
      "shared/usecases/converge/admit-grants.ts",
      "shared/usecases/converge/obstacle.ts",
      "shared/usecases/converge/refuse-grants.ts",
      "shared/http/server/problem-details.ts",
    ],
  },
  {
    name: "Synthesis",
    kind: "refusal",
    files: ["infra/synth/access-file.ts", "infra/synth/read-deployment.ts"],
  },
];
