/** The dialog of a suspension, of a drain, and of what lifts them. */
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import { change as send } from "../../api/client.ts";
import { Confirm } from "../../parts/confirm.tsx";

export type StopChange =
  | { readonly kind: "suspend" | "drain" | "lift-drain" }
  | { readonly kind: "lift"; readonly person: string };

interface ChangeStopProps {
  readonly change: StopChange;
  readonly close: (done: boolean) => void;
}

export function ChangeStop({ change, close }: ChangeStopProps) {
  const [name, setName] = useState("");
  const way = wayOf(change, name);
  return (
    <Confirm
      title={way.title}
      button={way.button}
      {...(way.takesReason ? { note: { label: "Why", required: true } } : {})}
      send={(reason) =>
        way.takesReason ? send(way.path, { reason }) : send(way.path, undefined, "DELETE")
      }
      close={close}
    >
      {change.kind === "suspend" && (
        <FormField label="Whom" constraintText="A name of access.yaml.">
          <Input value={name} onChange={({ detail }) => setName(detail.value.trim())} />
        </FormField>
      )}
      <p>{way.meaning}</p>
    </Confirm>
  );
}

interface Way {
  readonly title: string;
  readonly button: string;
  readonly meaning: string;
  readonly path: string;
  readonly takesReason: boolean;
}

const suspension = (name: string) => `/v1/people/${encodeURIComponent(name)}/suspend`;

function wayOf(change: StopChange, name: string): Way {
  if (change.kind === "lift")
    return {
      title: "Lift the suspension",
      button: `Lift the suspension of ${visible(change.person)}`,
      meaning: "They may ask again. Access that ended stays ended. The terminal asks first.",
      path: suspension(change.person),
      takesReason: false,
    };
  return change.kind === "suspend" ? suspending(name) : WAYS[change.kind];
}

const suspending = (name: string): Way => ({
  title: "Suspend somebody",
  button: `Suspend ${visible(name)}`.trimEnd(),
  meaning:
    "The removal of what they were lent begins at once, and they can ask for nothing until another admin lifts it.",
  path: suspension(name),
  takesReason: true,
});

const WAYS: Readonly<Record<"drain" | "lift-drain", Way>> = {
  drain: {
    title: "Drain the broker",
    button: "Drain the broker: end everybody's access",
    meaning:
      "The removal of everything that is lent begins at once, and nothing is lent until another admin lifts it.",
    path: "/v1/drain",
    takesReason: true,
  },
  "lift-drain": {
    title: "Lift the drain",
    button: "Lift the drain",
    meaning: "The broker may lend again. Access that ended stays ended. The terminal asks first.",
    path: "/v1/drain",
    takesReason: false,
  },
};
