/** A command line to copy. It is built from names of a fixed form. */
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";

/** Nothing that a shell would read as more than words. */
const PLAIN = /^[A-Za-z0-9 _.:/@=,+-]+$/;

export function CommandLine({ text }: { readonly text: string }) {
  if (!PLAIN.test(text)) return null;
  return (
    <div className="command">
      <CopyToClipboard
        variant="icon"
        textToCopy={text}
        copyButtonAriaLabel={`Copy ${text}`}
        copySuccessText="Copied"
        copyErrorText="Not copied"
      />
      <code>{text}</code>
    </div>
  );
}
