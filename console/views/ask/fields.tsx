/** The fields of the form. Each offers what my rules lend. */
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ticketWanted } from "../../../cli/text/ticket-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { AccessAnswer } from "../../../shared/http/contract/access-answer.ts";
import { defaultText } from "../../parts/default-duration.ts";
import { type AskTerms, type Offer, rulesFor } from "./terms.ts";

interface FieldsProps {
  readonly access: AccessAnswer;
  /** Access on the chosen cluster. */
  readonly offers: readonly Offer[];
  /** The rules that ask a tracker about the ticket. */
  readonly tickets: AccessAnswer["rules"];
  readonly terms: AskTerms;
  readonly change: (terms: AskTerms) => void;
}

export function Fields({ access, offers, tickets, terms, change }: FieldsProps) {
  const offer = offers.find(({ key }) => key === terms.offer);
  return (
    <SpaceBetween size="m">
      <Choice
        label="Cluster"
        options={access.clusters.map(({ name }) => ({ value: name, label: visible(name) }))}
        value={terms.cluster}
        choose={(cluster) => change({ ...terms, cluster, offer: "", namespaces: "" })}
      />
      {terms.cluster !== "" && (
        <Choice
          label="Access"
          options={offers.map(({ key, label }) => ({ value: key, label: visible(label) }))}
          value={terms.offer}
          choose={(key) => change({ ...terms, offer: key })}
        />
      )}
      {offer?.namespaces && (
        <FormField
          label="Namespaces"
          description={`Your rules lend it in ${offer.namespaces.includes("*") ? "any namespace" : offer.namespaces.map(visible).join(", ")}.`}
          constraintText="Names, with commas between them."
        >
          <Input
            value={terms.namespaces}
            onChange={({ detail }) => change({ ...terms, namespaces: detail.value })}
          />
        </FormField>
      )}
      <TimeAndReason access={access} terms={terms} change={change} />
      {tickets.length > 0 && <Ticket tickets={tickets} terms={terms} change={change} />}
      <RuleChoice access={access} terms={terms} change={change} />
      {access.principals.length > 1 && (
        <Choice
          label="As"
          options={access.principals.map((arn) => ({ value: arn, label: visible(arn) }))}
          value={terms.principal}
          choose={(principal) => change({ ...terms, principal })}
        />
      )}
    </SpaceBetween>
  );
}

const TimeAndReason = ({
  access,
  terms,
  change,
}: Pick<FieldsProps, "access" | "terms" | "change">) => (
  <SpaceBetween size="m">
    <FormField
      label="For how long"
      description={defaultText(rulesFor(access, terms))}
      constraintText="Such as 30m or 1h30m."
    >
      <Input
        value={terms.duration}
        onChange={({ detail }) => change({ ...terms, duration: detail.value.trim() })}
      />
    </FormField>
    <FormField label="Why" constraintText="Your approvers read it. Some rules need a ticket in it.">
      <Input
        value={terms.reason}
        onChange={({ detail }) => change({ ...terms, reason: detail.value })}
      />
    </FormField>
  </SpaceBetween>
);

const Ticket = ({ tickets, terms, change }: Pick<FieldsProps, "tickets" | "terms" | "change">) => (
  <FormField
    label="Ticket"
    description={tickets.map((rule) => `${visible(rule.rule)}: ${ticketWanted(rule)}.`).join(" ")}
    constraintText="Empty: the only ticket that the reason names."
  >
    <Input
      value={terms.ticket}
      onChange={({ detail }) => change({ ...terms, ticket: detail.value })}
    />
  </FormField>
);

const RuleChoice = ({
  access,
  terms,
  change,
}: Pick<FieldsProps, "access" | "terms" | "change">) => (
  <Choice
    label="Rule"
    options={[
      { value: "", label: "Any of my rules that allows it" },
      ...access.rules
        .filter(({ clusters }) => terms.cluster === "" || clusters.includes(terms.cluster))
        .map(({ rule, breakGlass }) => ({
          value: rule,
          label: `${visible(rule)}${breakGlass ? " (break-glass)" : ""}`,
        })),
    ]}
    value={terms.rule}
    choose={(rule) => change({ ...terms, rule })}
  />
);

interface ChoiceProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string;
  readonly choose: (value: string) => void;
}

const Choice = ({ label, options, value, choose }: ChoiceProps) => (
  <FormField label={label}>
    <Select
      placeholder="Choose"
      options={options}
      selectedOption={options.find((option) => option.value === value) ?? null}
      onChange={({ detail }) => choose(detail.selectedOption.value ?? "")}
      {...(options.length > 8 ? { filteringType: "auto" as const } : {})}
    />
  </FormField>
);
