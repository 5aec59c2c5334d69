/** Mutants: who decides for whom, and what becomes break-glass. */
import { BELIEVES_HISTORIES, type Mutant } from "./mutant.ts";

const DELEGATED = "shared/domain/policy/delegated.ts";
const VOICES = "shared/domain/policy/voices.ts";
const ESCALATED = "shared/domain/requests/escalated-terms.ts";

export const DELEGATIONS: readonly Mutant[] = [
  {
    name: "counts a decision under a delegation that was over",
    edits: [
      {
        file: DELEGATED,
        from: '    delegationState(policy, delegation, at) === "in-force"',
        to: '    delegationState(policy, delegation, at) !== "coming"',
      },
      BELIEVES_HISTORIES,
    ],
    seed: 140,
    breaks: "delegated-in-right",
  },
  {
    name: "counts a decision for whoever asked",
    edits: [
      {
        file: DELEGATED,
        from: '  if (name === request.requester) return "delegator-asked";\n',
        to: "",
      },
      { file: DELEGATED, from: "  name === requester ||\n", to: "" },
    ],
    scenario: "a delegate decides for whoever asked",
  },
  {
    name: "counts a decision under a delegation that nobody made",
    edits: [
      {
        file: VOICES,
        from: "approval.onBehalfOf === undefined || isCovered(approval)",
        to: "approval.onBehalfOf === undefined || isCovered(approval) !== undefined",
      },
      BELIEVES_HISTORIES,
    ],
    seed: 51,
    breaks: "delegated-in-right",
  },
  {
    name: "counts delegator and delegate as two",
    edits: [
      {
        file: VOICES,
        from: "  const same = voices.filter(({ names }) => names.some((name) => voice.names.includes(name)));\n",
        to: "  const same = voices.filter(({ name }) => name === voice.name);\n",
      },
    ],
    scenario: "delegator and delegate both approve",
    breaks: "one-place",
  },
  {
    name: "makes a break-glass last as long as its rule lends",
    edits: [
      {
        file: ESCALATED,
        from: "Math.min(request.durationSeconds, longestSeconds)",
        to: "longestSeconds",
      },
      {
        file: ESCALATED,
        from: "    durationSeconds <= escalatedFrom.durationSeconds &&\n",
        to: "",
      },
    ],
    seed: 30,
    breaks: "escalation-same",
  },
];
