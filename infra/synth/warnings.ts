import type { CloudAssembly } from "aws-cdk-lib/cx-api";

/** What constructs warn of, which the CDK's own command prints and synthesis alone does not. */
export const warningsOf = ({ stacks }: CloudAssembly): readonly string[] =>
  stacks.flatMap(({ messages }) =>
    messages.filter(({ level }) => level === "warning").map(({ entry }) => String(entry.data)),
  );
