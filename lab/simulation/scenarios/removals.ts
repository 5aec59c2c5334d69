import type { SimulationResult } from "../simulate.ts";

const REMOVALS: ReadonlySet<string> = new Set([
  "DisassociateAccessPolicy",
  "DeleteAccessEntry",
  "UpdateAccessEntry",
  "AssociateAccessPolicy",
]);

/** Each change of an entry that may remove access, with its instant. An Associate may narrow a scope. */
export const removalsIn = ({ changes }: SimulationResult): readonly string[] =>
  changes
    .filter(({ operation }) => REMOVALS.has(operation))
    .map(({ operation, at, sessionName }) => `${at} ${operation} ${sessionName}`);
