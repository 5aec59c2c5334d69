/** The instant of the list: now, or one of the past as people write it. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { pastInstant } from "../../../cli/text/past-instant.ts";
import { fullTime, utcTime } from "../../../cli/text/time-text.ts";
import { apiNow } from "../../api/clock.ts";
import { clusterHref } from "../../frame/route.ts";
import { goTo } from "../../frame/use-route.ts";

interface AtProps {
  /** The cluster's in `access.yaml`. */
  readonly name: string;
  /** ISO 8601 UTC; now, where it is absent. */
  readonly at: string | undefined;
}

export function At({ name, at }: AtProps) {
  const [text, setText] = useState(at ?? "");
  const [wrong, setWrong] = useState("");
  const look = () => {
    try {
      const spoken = text.trim();
      goTo(clusterHref(name, spoken === "" ? undefined : instantOf(spoken)));
      setWrong("");
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <SpaceBetween size="xs">
      <FormField
        label="Instant"
        constraintText="15:33 or yesterday 15:33 by this machine's clock, 90m ago as 90m, or one with its zone. Empty: now."
        errorText={wrong}
        secondaryControl={<Button onClick={look}>Look</Button>}
      >
        <Input
          value={text}
          placeholder="now"
          onChange={({ detail }) => setText(detail.value)}
          onKeyDown={({ detail }) => {
            if (detail.key === "Enter") look();
          }}
        />
      </FormField>
      {at !== undefined && (
        <Box>
          At {fullTime(at)}
          {fullTime(at).endsWith(" UTC") ? "" : `, which is ${utcTime(at)}`}.
        </Box>
      )}
    </SpaceBetween>
  );
}

const instantOf = (text: string): string =>
  pastInstant("The instant", text, apiNow(), (what) => new Error(what));
