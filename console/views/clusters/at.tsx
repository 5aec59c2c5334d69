/** The instant of the list: now, or one of the past as people write it. */
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { spokenInstant } from "../../../cli/text/past-instant.ts";
import { fullTime, utcTime } from "../../../cli/text/time-text.ts";
import { apiNow } from "../../api/clock.ts";
import { clusterHref } from "../../frame/route.ts";
import { goTo } from "../../frame/use-route.ts";
import { LookField } from "../../parts/look-field.tsx";

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface AtProps {
  /** The cluster's in `access.yaml`. */
  readonly name: string;
  /** ISO 8601 UTC; now, where it is absent. */
  readonly at: string | undefined;
  /** Whether what was entered is no instant. */
  readonly onRefused: (isRefused: boolean) => void;
}

export function At({ name, at, onRefused }: AtProps) {
  const [text, setText] = useState(at === undefined ? "" : utcTime(at));
  const [wrong, setWrong] = useState("");
  const say = (what: string) => {
    setWrong(what);
    onRefused(what !== "");
  };
  const look = () => {
    try {
      const spoken = text.trim();
      goTo(clusterHref(name, spoken === "" ? undefined : instantOf(spoken, at)));
      say("");
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <SpaceBetween size="xs">
      <LookField
        label="Instant"
        constraintText={`15:33, yesterday 15:33 or 2026-10-01 15:33:20 in your time zone (${ZONE}), the same with UTC behind it, or 90m ago. Empty: now.`}
        errorText={wrong}
        placeholder="now"
        button="Look"
        {...{ text, setText, look }}
      />
      {at !== undefined && wrong === "" && (
        <Box>
          At {fullTime(at)}
          {fullTime(at).endsWith(" UTC") ? "" : `, which is ${utcTime(at)}`}
          {dayText(at, apiNow())}.
        </Box>
      )}
    </SpaceBetween>
  );
}

/** Text that nobody changed is the same instant, though it shows no milliseconds. @throws Error for what is no instant of the past */
function instantOf(text: string, before: string | undefined): string {
  if (before !== undefined && text === utcTime(before)) return before;
  const now = apiNow();
  const instant = spokenInstant(text, now);
  if (instant === undefined) throw new Error(`"${text}" has none of the forms below.`);
  if (instant > now) throw new Error(`"${text}" is to come: ${fullTime(instant)}.`);
  return instant;
}

/** A time without a day is the last one, and may be of the day before. */
function dayText(at: string, now: string): string {
  const day = (instant: string | Date) => new Date(instant).toDateString();
  const before = new Date(now);
  before.setDate(before.getDate() - 1);
  if (day(at) === day(now)) return " (today)";
  return day(at) === day(before) ? " (yesterday)" : "";
}
