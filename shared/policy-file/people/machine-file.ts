/** The keys of a person of `access.yaml` that make a machine of it. */
import * as z from "zod/mini";
import type { MachineTerms } from "../../domain/policy/policy.ts";
import { Name, some } from "../file-values.ts";
import { type KeyNotes, keyWith } from "../noted.ts";

export const MACHINE_NOTES = {
  "people.*.kind": {
    description:
      "machine: a pipeline, an agent or a bot. It asks, extends and gives back, and never decides, reviews or administers.",
    default: null,
    examples: ["machine"],
  },
  "people.*.owners": {
    description:
      "With kind: machine. Groups of people who get its messages, and who may end its access.",
    default: null,
    examples: [["payments-leads"]],
  },
  "people.*.ownersApprove": {
    description:
      "With kind: machine. Counts approvals by its owners, who then agree with themselves.",
    default: false,
    examples: [true],
  },
} as const satisfies KeyNotes;

const key = keyWith(MACHINE_NOTES);

/** Each key, as `PersonFile` has it. */
export const MACHINE_KEYS = {
  kind: key(
    "people.*.kind",
    z.exactOptional(z.literal("machine", "Write machine, or leave the key out for a person.")),
  ),
  owners: key("people.*.owners", z.exactOptional(some(Name))),
  ownersApprove: key("people.*.ownersApprove", z.exactOptional(z.boolean())),
};

interface MachineFile {
  readonly kind?: "machine";
  readonly owners?: readonly string[];
  readonly ownersApprove?: boolean;
}

/** Undefined for a person. */
export const compileMachine = ({
  kind,
  owners = [],
  ownersApprove = false,
}: MachineFile): MachineTerms | undefined =>
  kind === undefined ? undefined : { owners, ownersApprove };
