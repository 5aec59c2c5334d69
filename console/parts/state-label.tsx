/** The state of a request, by word and colour. */
import StatusIndicator, {
  type StatusIndicatorProps,
} from "@cloudscape-design/components/status-indicator";
import { visible } from "../../shared/domain/values/visible-text.ts";

const TYPES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  pending: "pending",
  approved: "in-progress",
  active: "success",
  ending: "in-progress",
  ended: "stopped",
  denied: "error",
  cancelled: "stopped",
  lapsed: "stopped",
  failed: "error",
};

export const StateLabel = ({ state }: { readonly state: string }) => (
  <StatusIndicator type={TYPES[state] ?? "info"} wrapText={false}>
    {visible(state)}
  </StatusIndicator>
);
