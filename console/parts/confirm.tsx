/** A change that shows its terms again before it is made. Its button says what it does. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { type ReactNode, useState } from "react";
import { useChange } from "../api/use-change.ts";
import { ChangeProgress } from "./problem-alert.tsx";

export interface ConfirmProps {
  readonly title: string;
  /** The words of the button: `Approve edit in payments-api for alice, 1h`. */
  readonly button: string;
  /** The words of the button that does nothing. */
  readonly dismiss?: string;
  readonly children: ReactNode;
  /** The label of a text that goes with it; undefined for none. */
  readonly note?: { readonly label: string; readonly required: boolean };
  readonly send: (note: string | undefined) => Promise<unknown>;
  /** @param done whether it was made */
  readonly close: (done: boolean) => void;
}

export function Confirm(props: ConfirmProps) {
  const { title, button, dismiss = "Cancel", children, note, send, close } = props;
  const { busy, slow, problem, run } = useChange();
  const [text, setText] = useState("");
  const lacksNote = note?.required === true && text.trim() === "";
  const press = async () => {
    if (await run(() => send(text.trim() === "" ? undefined : text.trim()))) close(true);
  };
  return (
    <Modal
      visible
      header={title}
      onDismiss={() => close(false)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => close(false)}>
              {dismiss}
            </Button>
            <Button
              variant="primary"
              loading={busy}
              disabled={lacksNote}
              onClick={() => void press()}
            >
              {button}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {children}
        {note && <Note {...note} text={text} change={setText} />}
        <ChangeProgress slow={slow} problem={problem} />
      </SpaceBetween>
    </Modal>
  );
}

interface NoteProps {
  readonly label: string;
  readonly required: boolean;
  readonly text: string;
  readonly change: (text: string) => void;
}

const Note = ({ label, required, text, change }: NoteProps) => (
  <FormField
    label={label}
    description={required ? undefined : "You may leave it out."}
    constraintText="One line. It is kept in the history."
  >
    <Textarea
      rows={2}
      value={text}
      onChange={({ detail }) => change(detail.value.replace(/\n/g, " "))}
    />
  </FormField>
);
