/** Instants in local time, with UTC on hover. */

import { awayText, exactShortTime, shortTime, utcTime } from "../../cli/text/time-text.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { apiNow, useNow } from "../api/clock.ts";

interface InstantProps {
  readonly at: string;
  /** Whether seconds stand there even where they are zero: in a list of times. */
  readonly isExact?: boolean;
}

/** `10:42 PST`; with its day where that is another. */
export function Instant({ at, isExact = false }: InstantProps) {
  if (Number.isNaN(Date.parse(at))) return <>{visible(at)}</>;
  return (
    <time dateTime={at} title={utcTime(at)}>
      {isExact ? exactShortTime(at, apiNow()) : shortTime(at, apiNow())}
    </time>
  );
}

/** `10:42 PST, in 42m`, counted down. */
export function Away({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <>
      <Instant at={at} />, {awayText(at, now)}
    </>
  );
}
