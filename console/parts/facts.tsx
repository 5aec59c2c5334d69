/** Names and values, as the command prints them. The values are visible text already. */
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import type { Fact } from "../../cli/terminal/facts.ts";

interface FactsProps {
  readonly facts: readonly Fact[];
  readonly columns?: number;
}

export const Facts = ({ facts, columns = 2 }: FactsProps) => (
  <KeyValuePairs
    columns={columns}
    minColumnWidth={240}
    items={facts.map(([label, value]) => ({ label, value }))}
  />
);
