/** Lets somebody else approve in my place for a while. */
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { change } from "../../api/client.ts";
import { apiNow } from "../../api/clock.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { Away } from "../../parts/instant.tsx";

const DAY = 86_400;
const TIMES = [
  { value: String(DAY / 2), label: "12 hours" },
  { value: String(DAY), label: "1 day" },
  { value: String(3 * DAY), label: "3 days" },
  { value: String(7 * DAY), label: "1 week" },
  { value: String(14 * DAY), label: "2 weeks" },
  { value: String(21 * DAY), label: "3 weeks" },
];

export function Delegate({ close }: { readonly close: (done: boolean) => void }) {
  const [to, setTo] = useState("");
  const [seconds, setSeconds] = useState(TIMES[1]?.value ?? "");
  const until = plusSeconds(apiNow(), Number(seconds));
  return (
    <Confirm
      title="Delegate"
      button={to === "" ? "Delegate my approvals" : `Let ${to} decide for me`}
      send={() => change("/v1/delegations", { to, until: until.replace(/\.\d+Z$/, "Z") })}
      close={close}
    >
      <p>They see what waits for you and may approve it. The terminal asks before it is sent.</p>
      <FormField label="To whom" constraintText="A name of access.yaml.">
        <Input value={to} onChange={({ detail }) => setTo(detail.value.trim())} />
      </FormField>
      <FormField label="For how long">
        <Select
          options={TIMES}
          selectedOption={TIMES.find(({ value }) => value === seconds) ?? null}
          onChange={({ detail }) => setSeconds(detail.selectedOption.value ?? seconds)}
        />
      </FormField>
      <p>
        Until <Away at={until} />
      </p>
    </Confirm>
  );
}
