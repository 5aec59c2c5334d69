/** Says what the time line may lack. */
import Alert from "@cloudscape-design/components/alert";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { unreadText } from "../../../cli/text/standing-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import { apiNow } from "../../api/clock.ts";
import { Instant } from "../../parts/instant.tsx";
import type { Interval } from "./scale.ts";
import { cutOf } from "./unknown.ts";
import type { Looked } from "./use-seen.ts";

interface GapsProps {
  readonly seen: Looked;
  readonly interval: Interval;
}

export function Gaps({ seen: { all, lent, leftOut, cut }, interval: { from, to } }: GapsProps) {
  if (!all) return null;
  const { cluster } = all;
  const since = lent[0]?.since;
  const end = cutOf(lent);
  return (
    <SpaceBetween size="xs">
      {since === null && (
        <Alert type="info">
          No grant is in the list of this cluster yet. Grants that an earlier release approved are
          not in it.
        </Alert>
      )}
      {typeof since === "string" && since > from && (
        <Alert type="info">
          The list of grants begins at <Instant at={since} />. Grants that an earlier release
          approved are not in it.
        </Alert>
      )}
      {end !== undefined && end < to && (
        <Alert type="warning">
          There are more grants than are shown: those that began after <Instant at={end} /> are
          missing. Show less time.
        </Alert>
      )}
      {leftOut > 0 && (
        <Alert type="warning">
          {leftOut === 1 ? "One entry has" : `${leftOut} entries have`} no sound record, and{" "}
          {leftOut === 1 ? "is" : "are"} not shown. timelatch audit report has the events.
        </Alert>
      )}
      {cut.length > 0 && (
        <Alert type="info">
          Not all was read, of {cut.join(" and ")}. Show less time, or use the command.
        </Alert>
      )}
      {cluster.standing && cluster.standing.startedAt > from && (
        <Alert type="info">
          Standing access is drawn from its last reading on, at{" "}
          <Instant at={cluster.standing.startedAt} />. "Who can reach what" says what is known of an
          earlier instant.
        </Alert>
      )}
      {!cluster.standing && (
        <Alert type="info" header="Standing access is not known">
          {visible(cluster.name)}: {unreadText(cluster, apiNow())}
        </Alert>
      )}
    </SpaceBetween>
  );
}
