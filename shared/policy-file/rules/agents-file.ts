/** The structure of a rule's `agents` in `access.yaml`. */
import * as z from "zod/mini";
import { some } from "../file-values.ts";
import { type KeyNotes, keyWith } from "../noted.ts";
import { RequirementFile, requirementNotes } from "./requirement-file.ts";

export const AGENTS_NOTES = {
  "rules.*.agents": {
    description:
      "With approval: none. Who approves, in place of nobody, what a machine asks for, or somebody through an agent.",
    default: null,
    examples: [{ approve: [{ groups: ["payments-leads"], count: 1 }] }],
  },
  "rules.*.agents.approve": {
    description: "Requirements, as in approval.",
    examples: [[{ groups: ["payments-leads"], count: 1 }]],
  },
  ...requirementNotes("rules.*.agents.approve.*"),
} as const satisfies KeyNotes;

const key = keyWith(AGENTS_NOTES);

export const AgentsFile = z.strictObject({
  approve: key("rules.*.agents.approve", some(RequirementFile)),
});
