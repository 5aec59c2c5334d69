/** Mutants: how access lasts longer. */
import type { Mutant } from "./mutant.ts";

const ADMISSION = "shared/domain/policy/admission.ts";
const ENTITLEMENT = "shared/domain/entries/entitlement.ts";

export const EXTENSIONS: readonly Mutant[] = [
  {
    name: "ends an extension with the grant that it extends",
    edits: [
      {
        file: ENTITLEMENT,
        from: "    begun?.over === true ||\n",
        to: '    begun?.over === true ||\n    ledger.begun[grant.extends ?? ""]?.over === true ||\n',
      },
    ],
    seed: 48,
    breaks: "extension-continues",
  },
  {
    name: "counts the duration of an extension from its approval",
    edits: [
      {
        file: ADMISSION,
        from: "predecessor !== undefined && until !== undefined ? until : ",
        to: 'predecessor !== undefined && until === "" ? until : ',
      },
    ],
    seed: 26,
    breaks: "extension-lengthens",
  },
];
