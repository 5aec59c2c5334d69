/** A field that narrows a list, by its button or by Enter. */
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";

export interface LookFieldProps {
  readonly label: string;
  readonly constraintText: string;
  readonly errorText?: string;
  readonly placeholder: string;
  /** Its words. */
  readonly button: string;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly look: () => void;
}

export function LookField({ placeholder, button, text, setText, look, ...field }: LookFieldProps) {
  return (
    <FormField {...field} secondaryControl={<Button onClick={look}>{button}</Button>}>
      <Input
        value={text}
        placeholder={placeholder}
        onChange={({ detail }) => setText(detail.value)}
        onKeyDown={({ detail }) => {
          if (detail.key === "Enter") look();
        }}
      />
    </FormField>
  );
}
