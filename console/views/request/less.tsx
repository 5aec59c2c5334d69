/** The terms that an approver leaves of those asked for, with the part that is lost. */
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Slider from "@cloudscape-design/components/slider";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { formatDuration } from "../../../shared/domain/values/duration.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import { type Asked, type LessTerms, namespacesOf, stepOf } from "./less-terms.ts";

interface LessProps {
  readonly request: Asked;
  readonly terms: LessTerms;
  readonly change: (terms: LessTerms) => void;
}

/** The API takes break-glass and extensions as they were asked for. */
export function Less({ request, terms, change }: LessProps) {
  const names = namespacesOf(request.access);
  if (request.breakGlass || request.extends !== undefined)
    return <p>It can be approved or denied, but not for less.</p>;
  const step = stepOf(request.durationSeconds);
  const lost = request.durationSeconds - terms.seconds;
  return (
    <SpaceBetween size="s">
      {request.durationSeconds > step && (
        <FormField
          label={`For ${formatDuration(terms.seconds)}`}
          description={
            lost === 0
              ? "All that was asked for."
              : `${formatDuration(lost)} less than was asked for.`
          }
        >
          <Slider
            min={step}
            max={request.durationSeconds}
            step={step}
            value={terms.seconds}
            valueFormatter={formatDuration}
            ariaDescription="How long the access lasts"
            onChange={({ detail }) => change({ ...terms, seconds: detail.value })}
          />
        </FormField>
      )}
      {names.length > 1 && <Namespaces names={names} terms={terms} change={change} />}
    </SpaceBetween>
  );
}

interface NamespacesProps extends Pick<LessProps, "terms" | "change"> {
  readonly names: readonly string[];
}

function Namespaces({ names, terms, change }: NamespacesProps) {
  const kept = namespacesOf(terms.access);
  const keep = (name: string, isKept: boolean) => {
    const namespaces = names.filter((each) => (each === name ? isKept : kept.includes(each)));
    if (namespaces.length > 0 && "policy" in terms.access)
      change({ ...terms, access: { ...terms.access, scope: { type: "namespace", namespaces } } });
  };
  return (
    <FormField label="Namespaces that remain">
      {names.map((name) => (
        <Checkbox
          key={name}
          checked={kept.includes(name)}
          onChange={({ detail }) => keep(name, detail.checked)}
        >
          <span className={kept.includes(name) ? "" : "lost"}>{visible(name)}</span>
        </Checkbox>
      ))}
    </FormField>
  );
}
