/** Marks what lends without an approver. */
import Badge from "@cloudscape-design/components/badge";

export const BreakGlass = ({ is }: { readonly is: boolean }) =>
  is ? <Badge color="red">Break-glass</Badge> : null;
