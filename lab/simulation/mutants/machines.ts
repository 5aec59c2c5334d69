/** Mutants: a machine decides, or its owner agrees with themselves. */
import { BELIEVES_HISTORIES, type Mutant } from "./mutant.ts";

const APPROVAL = "shared/domain/policy/approval.ts";
const MACHINES = "shared/domain/policy/machines.ts";
const OBJECTIONS = "shared/domain/policy/objections.ts";
const POLICY = "shared/domain/policy/policy.ts";
const STEP = "shared/usecases/requests/decision-step.ts";
const VOICES = "shared/domain/policy/voices.ts";

export const OF_MACHINES: readonly Mutant[] = [
  {
    name: "lets a machine approve",
    edits: [
      { file: APPROVAL, from: "  !isMachine(member) &&\n", to: "" },
      { file: STEP, from: "  checkNotMachine(it.approver.member);\n", to: "" },
    ],
    seed: 50,
    breaks: "machines-only-ask",
  },
  {
    name: "counts an approval by a machine",
    edits: [
      { file: VOICES, from: "!approver || isMachine(approver) ||", to: "!approver ||" },
      BELIEVES_HISTORIES,
    ],
    seed: 35,
    breaks: "machines-only-ask",
  },
  {
    name: "lets a machine administer",
    edits: [{ file: POLICY, from: "!isMachine(member) && shares", to: "shares" }],
    seed: 35,
    breaks: "machines-only-ask",
  },
  {
    name: "lets a machine break glass",
    edits: [{ file: OBJECTIONS, from: "rule.breakGlass && isMachine(member)", to: "false" }],
    seed: 81,
    breaks: "machines-only-ask",
  },
  {
    name: "lets owners approve for their machine",
    edits: [
      { file: MACHINES, from: "?.ownersApprove === false &&", to: "?.ownersApprove === true &&" },
    ],
    seed: 35,
    breaks: "machines-only-ask",
  },
];
