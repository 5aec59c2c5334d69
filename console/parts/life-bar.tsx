/** The time that is left of a grant: a bar that shrinks to `revokeAt`, by the API's clock. */

import { clockText } from "../../cli/text/time-text.ts";
import { secondsBetween } from "../../shared/domain/values/instant.ts";
import { useNow } from "../api/clock.ts";
import { Instant } from "./instant.tsx";

interface LifeBarProps {
  /** When the access began. */
  readonly from: string;
  readonly to: string;
  /** A name of the bar, for screen readers. */
  readonly label: string;
}

/** A tenth of its time is left. */
const SOON = 0.1;

export function LifeBar({ from, to, label }: LifeBarProps) {
  const now = useNow();
  const left = Math.max(0, secondsBetween(now, to));
  const whole = Math.max(1, secondsBetween(from, to));
  const share = Math.min(1, left / whole);
  return (
    <div>
      <div
        className={share <= SOON ? "life soon" : "life"}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={`${clockText(left)} left`}
      >
        <div style={{ inlineSize: `${share * 100}%` }} />
      </div>
      <span data-left="">
        {left > 0 ? `${clockText(left)} left` : "Its time is over"}, until <Instant at={to} />
      </span>
    </div>
  );
}
