/** Mutants that only rare faults show. */
import type { Mutant } from "./mutant.ts";

const ADMIT = "shared/usecases/converge/admit-grants.ts";
const ARM = "shared/usecases/converge/arm-timers.ts";
const BINDING_GRANTS = "shared/usecases/converge/binding-grants.ts";
const OBJECTIONS = "shared/domain/policy/objections.ts";
const REFUSE = "shared/usecases/converge/refuse-grants.ts";

export const OF_HARDSHIPS: readonly Mutant[] = [
  {
    name: "takes AWS's denial of an addition for final",
    edits: [
      {
        file: REFUSE,
        from: "mayPass(error.code) &&",
        to: 'mayPass(error.code) && error.code !== "AccessDeniedException" &&',
      },
    ],
    seed: 218,
    breaks: "refusal-passes",
  },
  {
    name: "judges 22 grants of a binding and drops the rest",
    edits: [
      {
        file: BINDING_GRANTS,
        from: "view.grants.map((grant) =>",
        to: "view.grants.slice(0, 22).map((grant) =>",
      },
    ],
    seed: 1272,
    breaks: "starts-in-time",
  },
  {
    name: "stores only two of many ends",
    edits: [
      {
        file: BINDING_GRANTS,
        from: "await this.#storeAll(steps.slice(at, at + STEPS_AT_ONCE));",
        to: "await this.#storeAll(steps.slice(at, at + 2));",
      },
    ],
    seed: 280,
    breaks: "evidence-whole",
  },
  {
    name: "adds what an earlier policy lent while the new one is on its way",
    edits: [
      {
        file: ADMIT,
        from: 'mayPass ? "wait" : refusal',
        to: 'mayPass ? "admit" : refusal',
      },
    ],
    seed: 236,
    breaks: "lent-by-policy",
  },
  {
    name: "goes on lending on a retired cluster",
    edits: [
      {
        file: OBJECTIONS,
        from: "cluster?.retired === true,",
        to: "cluster?.retired === undefined,",
      },
    ],
    seed: 22,
    breaks: "lent-by-policy",
  },
  {
    name: "lends nothing where Scheduler takes no fuses",
    edits: [{ file: ARM, from: "      without.add(order.target);\n", to: "" }],
    seed: 300,
    breaks: "starts-in-time",
  },
];
