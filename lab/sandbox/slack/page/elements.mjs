/** Interactive elements of Block Kit, drawn with the browser's own controls. */
import { confirmed } from "./confirm.mjs";
import { el } from "./dom.mjs";
import { plainText } from "./mrkdwn.mjs";

const optionsOf = (element) =>
  element.option_groups ? element.option_groups.flatMap((each) => each.options) : element.options;

const optionNodes = (options) =>
  options.map((each) => el("option", { value: each.value }, plainText(each.text)));

/**
 * How an element is drawn. `use.given` is what was typed or chosen before, `use.set(value)` keeps
 * it, and `use.send(value)` lets the person act.
 */
const DRAW = {
  button(element, use) {
    const node = el(
      "button",
      {
        type: "button",
        class: `button ${element.style ?? ""}`,
        "aria-label": element.accessibility_label,
      },
      plainText(element.text),
    );
    node.addEventListener("click", async () => {
      if (!(await confirmed(element.confirm))) return;
      if (element.url) window.open(element.url, "_blank", "noreferrer");
      node.disabled = true;
      node.classList.add("busy");
      await use.send();
      node.classList.remove("busy");
      node.disabled = false;
    });
    return node;
  },

  static_select(element, use) {
    const chosen = use.given ?? element.initial_option?.value ?? "";
    const groups = element.option_groups?.map((group) =>
      el("optgroup", { label: plainText(group.label) }, ...optionNodes(group.options)),
    );
    const select = el(
      "select",
      { "aria-label": use.label },
      el("option", { value: "" }, plainText(element.placeholder) || "Choose an option"),
      ...(groups ?? optionNodes(element.options)),
    );
    select.value = chosen;
    select.addEventListener("change", () => use.send(select.value || null));
    return select;
  },

  multi_static_select: (element, use) => manyOf(element, use, "initial_options"),
  checkboxes: (element, use) => manyOf(element, use, "initial_options"),

  radio_buttons(element, use) {
    const chosen = use.given ?? element.initial_option?.value;
    const name = `${use.id}`;
    return el(
      "div",
      { class: "choices", role: "radiogroup", "aria-label": use.label },
      ...element.options.map((each) => {
        const input = el("input", {
          ...{ type: "radio", name, value: each.value, checked: each.value === chosen },
          onchange: () => use.send(each.value),
        });
        return el("label", {}, input, plainText(each.text));
      }),
    );
  },

  external_select: (element, use) => suggested(element, use),

  overflow(element, use) {
    const items = element.options.map((each) =>
      el(
        "button",
        {
          type: "button",
          class: "item",
          onclick: async (event) => {
            event.target.closest("details").open = false;
            if (await confirmed(element.confirm)) use.send(each.value);
          },
        },
        plainText(each.text),
      ),
    );
    return el(
      "details",
      { class: "overflow" },
      el("summary", { "aria-label": "More actions" }, "⋯"),
      el("div", { class: "menu" }, ...items),
    );
  },

  datepicker: (element, use) => typed(element, use, "date", element.initial_date),
  timepicker: (element, use) => typed(element, use, "time", element.initial_time),

  plain_text_input(element, use) {
    const members = {
      "aria-label": use.label,
      placeholder: plainText(element.placeholder) || undefined,
      maxlength: element.max_length,
      value: use.given ?? element.initial_value ?? "",
    };
    const node = element.multiline
      ? el("textarea", { ...members, rows: "4" })
      : el("input", { ...members, type: "text" });
    node.addEventListener("input", () => use.set(node.value));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !element.multiline) use.send(node.value);
    });
    return node;
  },
};

function typed(_element, use, type, initial) {
  const node = el("input", { type, "aria-label": use.label, value: use.given ?? initial ?? "" });
  node.addEventListener("change", () => use.send(node.value || null));
  return node;
}

function manyOf(element, use, initial) {
  const chosen = new Set(use.given ?? (element[initial] ?? []).map((each) => each.value));
  return el(
    "div",
    { class: "choices", role: "group", "aria-label": use.label },
    ...optionsOf(element).map((each) => {
      const input = el("input", {
        type: "checkbox",
        checked: chosen.has(each.value),
        onchange: () => {
          if (input.checked) chosen.add(each.value);
          else chosen.delete(each.value);
          use.send([...chosen]);
        },
      });
      return el("label", {}, input, plainText(each.text));
    }),
  );
}

const TYPING_PAUSE_MS = 250;

/** An external select: what is typed goes to the app, which answers the options. */
function suggested(element, use) {
  const chosen = use.given ?? element.initial_option;
  const list = el("div", { class: "menu", hidden: true });
  const input = el("input", {
    ...{ type: "text", "aria-label": use.label, role: "combobox", autocomplete: "off" },
    placeholder: plainText(element.placeholder) || "Type to search",
    value: chosen ? plainText(chosen.text) : "",
  });
  let timer;
  const ask = async () => {
    if (input.value.length < (element.min_query_length ?? 3)) return;
    const options = await use.suggest(input.value);
    list.hidden = false;
    list.replaceChildren(
      ...options.map((each) =>
        el(
          "button",
          {
            ...{ type: "button", class: "item" },
            onclick: () => {
              list.hidden = true;
              input.value = plainText(each.text);
              use.send(each);
            },
          },
          plainText(each.text),
        ),
      ),
      ...(options.length === 0 ? [el("div", { class: "item" }, "No results")] : []),
    );
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, TYPING_PAUSE_MS);
  };
  input.addEventListener("input", later);
  input.addEventListener("focus", later);
  return el("div", { class: "suggested" }, input, list);
}

/** A choice that the element no longer offers is dropped. */
function stillOffered(element, given) {
  if (!["static_select", "radio_buttons"].includes(element.type)) return given;
  return optionsOf(element).some((each) => each.value === given) ? given : undefined;
}

export function drawElement(element, use) {
  const draw = DRAW[element.type];
  if (!draw) return el("em", {}, `${element.type} is not drawn here`);
  return draw(element, { ...use, given: stillOffered(element, use.given) });
}
